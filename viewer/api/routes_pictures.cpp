#include <nlohmann/json.hpp>

#include "viewer/api/service_impl.h"
#include "viewer/iiif/image_request.h"

// Pictures: IIIF Image API 3 (level 2) and Presentation API 3.

namespace archive {
namespace {

constexpr const char* kLinkedData =
    "application/ld+json;profile=\"http://iiif.io/api/image/3/context.json\"";
constexpr int kPreviewSide = 240;  // no number on a page can be read at this size

std::string type_of(ImageRequest::Format format) {
  switch (format) {
    case ImageRequest::Format::png:
      return "image/png";
    case ImageRequest::Format::webp:
      return "image/webp";
    case ImageRequest::Format::jpg:
      break;
  }
  return "image/jpeg";
}

std::string picture_id(const Asked& asked) {
  return base_of(asked.request) + "/iiif/3/" + asked.at[0];
}

Json label_of(const std::string& text) { return {{"none", {text}}}; }

/// What the page is a picture of.
std::string object_of(const PageRecord& page) {
  return page.source_blob->text() + "#" + std::to_string(page.occurrence.page_in_file);
}

}  // namespace

std::string base_of(const HttpRequest& request) {
  return std::string(request.encrypted ? "https://" : "http://") + request.header("host");
}

std::string presentation_id(const HttpRequest& request, DossierNumber dossier) {
  return base_of(request) + "/iiif/presentation/3/dossiers/" + std::to_string(dossier);
}

PageRecord Service::Impl::pictured(const Asked& asked, Desk& desk) const {
  const auto number = asked.session.page_of(asked.at[0]);
  if (!number) refuse_not_found("没有这张图", "there is no such picture");
  PageRecord page = desk.room.page(*number);
  if (!page.source_blob || page.width <= 0 || page.height <= 0) {
    refuse_not_found("此页没有图像", "this page has no picture");
  }
  return page;
}

HttpResponse Service::Impl::image_base(const Asked& asked) {
  pictured(asked, *rooms.lend());
  HttpResponse response = HttpResponse::of("", 303);
  response.headers.emplace_back("Location", picture_id(asked) + "/info.json");
  return response;
}

HttpResponse Service::Impl::image_info(const Asked& asked) {
  const PageRecord page = pictured(asked, *rooms.lend());
  HttpResponse response =
      HttpResponse::of(archive::image_info(picture_id(asked), page.width, page.height));
  response.content_type = kLinkedData;
  return response;
}

std::shared_ptr<const PicturePyramid> Service::Impl::pyramid_of_page(const PageRecord& page) {
  const auto picture = pictures.get(object_of(page), [&] {
    auto decoded = parts.picture_of(page);
    if (!decoded) {
      throw Refusal{500, "picture", "原件无法解码", "the original cannot be decoded", 0};
    }
    auto made = std::make_shared<const PicturePyramid>(pyramid_of(std::move(decoded->pixels)));
    return std::pair(made, made->bytes());
  });
  const Pixels& whole = picture->levels.front();
  if (whole.width != page.width || whole.height != page.height) {
    throw Refusal{500, "picture", "图像与记录不符", "the picture is not as it was recorded", 0};
  }
  return picture;
}

HttpResponse Service::Impl::image(const Asked& asked) {
  auto desk = rooms.lend();
  const PageRecord page = pictured(asked, *desk);
  const auto& at = asked.at;
  const auto parsed =
      parse_image_request(at[1], at[2], at[3], at[4], page.width, page.height);
  if (!parsed.request) {
    throw Refusal{parsed.problem.status, "image", "图像请求不正确", parsed.problem.what, 0};
  }
  // A preview tells little; whatever shows more is the opening of the page.
  if (parsed.request->out_width > kPreviewSide || parsed.request->out_height > kPreviewSide ||
      parsed.request->width < page.width || parsed.request->height < page.height) {
    log_opening(asked, page.number);
  }
  const std::string object = object_of(page);
  const std::string rest = at[1] + "/" + at[2] + "/" + at[3] + "/" + at[4];
  const auto bytes = tiles.get({page.number, object, rest}, [&] {
    const auto picture = pyramid_of_page(page);
    auto made = std::make_shared<const std::string>(
        encoded(rendered(*picture, *parsed.request), parsed.request->format));
    return std::pair(made, made->size());
  });
  HttpResponse response;
  response.content_type = type_of(parsed.request->format);
  response.body = bytes;
  return response;
}

HttpResponse Service::Impl::manifest(const Asked& asked) {
  const DossierNumber number = asked.number();
  auto desk = rooms.lend();
  const auto dossier = desk->records.dossier(number);
  if (!dossier) refuse_not_found("没有这个卷宗", "there is no such dossier");
  log(asked.session, asked.request, "dossier_opened", "dossier " + std::to_string(number));
  const std::string base = base_of(asked.request);
  const std::string id = presentation_id(asked.request, number);
  Json canvases = Json::array();
  std::map<ItemNumber, Json> ranges;
  for (const PageRecord& page : desk->records.pages_of_dossier(number)) {
    if (page.state != PageState::filed || !page.source_blob) continue;
    const std::string canvas = id + "/canvas/" + std::to_string(page.number);
    const std::string service = base + "/iiif/3/" + asked.session.token_of(page.number);
    const Json body = {{"id", service + "/full/max/0/default.jpg"},
                       {"type", "Image"},
                       {"format", "image/jpeg"},
                       {"width", page.width},
                       {"height", page.height},
                       {"service",
                        {{{"id", service}, {"type", "ImageService3"}, {"profile", "level2"}}}}};
    const Json painting = {{"id", canvas + "/picture"},
                           {"type", "Annotation"},
                           {"motivation", "painting"},
                           {"body", body},
                           {"target", canvas}};
    canvases.push_back({{"id", canvas},
                        {"type", "Canvas"},
                        {"label", label_of(std::to_string(page.page_of_dossier))},
                        {"width", page.width},
                        {"height", page.height},
                        {"items", {{{"id", canvas + "/page"},
                                    {"type", "AnnotationPage"},
                                    {"items", {painting}}}}},
                        {"annotations",
                         {{{"id", id + "/pages/" + std::to_string(page.number) + "/text"},
                           {"type", "AnnotationPage"}}}}});
    if (page.item != 0) {
      ranges[page.item].push_back({{"id", canvas}, {"type", "Canvas"}});
    }
  }
  Json structures = Json::array();
  for (const ItemRecord& item : dossier->items) {
    const auto pages = ranges.find(item.number);
    if (pages == ranges.end()) continue;
    structures.push_back({{"id", id + "/range/" + std::to_string(item.sequence)},
                          {"type", "Range"},
                          {"label", label_of(ProtectedFields::masked_numbers(item.title))},
                          {"items", pages->second}});
  }
  const std::string title = dossier->dossier_no.empty() ? dossier->title : dossier->dossier_no;
  const Json json = {{"@context", "http://iiif.io/api/presentation/3/context.json"},
                     {"id", id + "/manifest"},
                     {"type", "Manifest"},
                     {"label", label_of(title.empty() ? dossier->key : title)},
                     {"service",
                      {{{"id", base + "/iiif/search/2/dossiers/" + std::to_string(number)},
                        {"type", "SearchService2"}}}},
                     {"items", std::move(canvases)},
                     {"structures", std::move(structures)}};
  HttpResponse response = answer_of(json);
  response.content_type =
      "application/ld+json;profile=\"http://iiif.io/api/presentation/3/context.json\"";
  return response;
}

}  // namespace archive
