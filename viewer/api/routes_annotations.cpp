#include <algorithm>
#include <cmath>

#include "viewer/api/masking.h"
#include "viewer/api/service_impl.h"

// What stands on the pages, for viewers of others: the text of a canvas as annotations (IIIF
// Presentation 3), and the hits of a question in a dossier (IIIF Content Search 2).

namespace archive {
namespace {

constexpr std::size_t kHitsInside = 200;
constexpr const char* kPresentation = "http://iiif.io/api/presentation/3/context.json";
constexpr const char* kSearch = "http://iiif.io/api/search/2/context.json";

/// The upright box around a place, as a part of a canvas.
std::string part_of(const std::string& canvas, const Quad& quad) {
  const Box box = quad.bounds();
  const auto whole = [](double value) {
    return std::to_string(static_cast<long>(std::max(0.0, std::floor(value))));
  };
  return canvas + "#xywh=" + whole(box.left) + "," + whole(box.top) + "," +
         whole(std::ceil(box.width())) + "," + whole(std::ceil(box.height()));
}

Json annotation(const std::string& id, const std::string& text, const std::string& target) {
  return {{"id", id},
          {"type", "Annotation"},
          {"motivation", "supplementing"},
          {"body",
           {{"type", "TextualBody"},
            {"value", text},
            {"format", "text/plain"},
            {"language", "zh"}}},
          {"target", target}};
}

HttpResponse annotations(const std::string& context, const std::string& id, Json items) {
  HttpResponse response = answer_of(Json{{"@context", context},
                                         {"id", id},
                                         {"type", "AnnotationPage"},
                                         {"items", std::move(items)}});
  response.content_type = "application/ld+json;profile=\"" + context + "\"";
  return response;
}

}  // namespace

HttpResponse Service::Impl::page_text(const Asked& asked) {
  const DossierNumber dossier = asked.number(0);
  const PageNumber number = asked.number(1);
  auto desk = rooms.lend();
  const PageRecord page = page_asked_for(asked, *desk, number);
  if (page.dossier != dossier) refuse_not_found("没有这一页", "there is no such page");
  const Json answer = page_answer(*desk, asked.session, number);
  log_opening(asked, number);
  const std::string id = presentation_id(asked.request, dossier);
  const std::string canvas = id + "/canvas/" + std::to_string(number);
  Json items = Json::array();
  for (const Json& line : answer["lines"]) {
    Quad quad;
    for (std::size_t i = 0; i < quad.corners.size(); ++i) {
      quad.corners[i] = {line["quad"][i][0], line["quad"][i][1]};
    }
    items.push_back(annotation(canvas + "/text/" + std::to_string(items.size() + 1),
                               line["text"].get<std::string>(), part_of(canvas, quad)));
  }
  return annotations(kPresentation, id + "/pages/" + std::to_string(number) + "/text",
                     std::move(items));
}

HttpResponse Service::Impl::search_inside(const Asked& asked) {
  const DossierNumber dossier = asked.number();
  require_training(asked, "page", "dossier " + std::to_string(dossier));
  SearchRequest wanted;
  wanted.text = asked.request.argument("q");
  wanted.filters.dossiers = std::vector<DossierNumber>{dossier};
  wanted.limit = kHitsInside;
  log(asked.session, asked.request, "searched", "dossier " + std::to_string(dossier));
  auto desk = rooms.lend();
  wanted.filters.pages = searched_pages(desk->records, asked.session);
  const SearchPage result = desk->room.search(wanted);
  const std::string id = presentation_id(asked.request, dossier);
  Json items = Json::array();
  const FieldSight sight = sight_of(asked.session);
  for (const FoundPage& found : result.found) {
    if (!sight.text()) continue;
    const std::string canvas = id + "/canvas/" + std::to_string(found.page.number);
    std::string text = told_snippet(found.hit.snippet, found.page, sight);
    for (const char* mark : {"«", "»"}) {
      for (std::size_t at = 0; (at = text.find(mark)) != std::string::npos;) text.erase(at, 2);
    }
    for (const Quad& box : found.hit.boxes) {
      items.push_back(annotation(canvas + "/hit/" + std::to_string(items.size() + 1), text,
                                 part_of(canvas, box)));
    }
  }
  return annotations(kSearch,
                     base_of(asked.request) + asked.request.path +
                         "?q=" + percent_encoded(wanted.text),
                     std::move(items));
}

}  // namespace archive
