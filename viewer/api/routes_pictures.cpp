#include <nlohmann/json.hpp>

#include "viewer/api/service_impl.h"
#include "viewer/iiif/covering.h"
#include "viewer/iiif/image_request.h"

// Pictures: IIIF Image API 3 (level 2) and Presentation API 3.

namespace archive {
namespace {

constexpr const char* kLinkedData =
    "application/ld+json;profile=\"http://iiif.io/api/image/3/context.json\"";

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

std::shared_ptr<const PicturePyramid> Service::Impl::pyramid_of_page(const PageRecord& page) {
  const auto picture = pictures.get(object_of(page), [&] {
    auto decoded = parts.picture_of(page);
    if (!decoded) {
      throw Refusal{500, "picture", "原件无法解码：请信息技术人员运行 juanzong scrub 查明并修复",
                    "the original cannot be decoded: a technician should run `juanzong scrub` "
                    "and repair it",
                    0};
    }
    auto made = std::make_shared<const PicturePyramid>(pyramid_of(std::move(decoded->pixels)));
    return std::pair(made, made->bytes());
  });
  const Pixels& whole = picture->levels.front();
  if (whole.width != page.width || whole.height != page.height) {
    throw Refusal{500, "picture", "图像与记录不符：此页可能正在重新识别，请重新打开",
                  "the picture is not as it was recorded: the page may just be read again; open "
                  "it anew",
                  0};
  }
  return picture;
}

std::shared_ptr<const PicturePyramid> Service::Impl::picture_of(Desk& desk, const PageRecord& page,
                                                                PictureSight sight,
                                                                const Session& session) {
  if (sight == PictureSight::whole) return pyramid_of_page(page);
  return pictures.get(object_of(page) + "#" + mask_key(page, session, sight), [&] {
    std::vector<Box> permitted;
    if (sight == PictureSight::boxes) {
      permitted = permitted_boxes(page, desk.room.layout(page), sight_of(session), form_words);
    }
    const auto whole = pyramid_of_page(page);
    auto made = std::make_shared<const PicturePyramid>(covered(*whole, permitted));
    return std::pair(made, made->bytes());
  });
}

PageRecord Service::Impl::pictured(const Asked& asked, Desk& desk) {
  const auto number = asked.session.page_of(asked.at[0]);
  if (!number) refuse_not_found("没有这张图", "there is no such picture");
  PageRecord page = page_asked_for(asked, desk, *number);
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

HttpResponse Service::Impl::image(const Asked& asked) {
  auto desk = rooms.lend();
  const PageRecord page = pictured(asked, *desk);
  const auto& at = asked.at;
  const auto parsed =
      parse_image_request(at[1], at[2], at[3], at[4], page.width, page.height);
  if (!parsed.request) {
    throw Refusal{parsed.problem.status, "image", "图像请求不正确", parsed.problem.what, 0};
  }
  return picture_answer(asked, *desk, page, *parsed.request);
}

HttpResponse Service::Impl::picture_answer(const Asked& asked, Desk& desk, const PageRecord& page,
                                           const ImageRequest& request) {
  const PictureSight sight = picture_sight(desk, asked.session, page);
  const bool covered = sight == PictureSight::covered;
  const bool preview = is_preview(request, page) || (covered && is_small(request, page));
  Session session = asked.session;
  // Whatever shows more is the opening of the page.
  if (!preview) {
    if (covered) refuse_covered(asked, page);
    if (!session.opened.contains(page.number)) {
      log_opening(asked, page.number);
      if (const auto now = sessions.find(session.id)) session.opened = now->opened;
    }
  }
  const bool marked = !preview && bears_protected(page);
  const Watermark mark = marked ? watermark_of(session, page) : Watermark{};
  const auto& at = asked.at;
  const std::string rest = mask_key(page, session, sight) + "/" + mark.text + "/" + at[1] + "/" +
                           at[2] + "/" + at[3] + "/" + at[4];
  const auto bytes = tiles.get({page.number, object_of(page), rest}, [&] {
    Pixels pixels = rendered(*picture_of(desk, page, sight, session), request);
    if (marked) write_over(pixels, request, page.width, page.height, mark);
    auto made = std::make_shared<std::string>(encoded(pixels, request.format));
    return std::pair(std::shared_ptr<const std::string>(made), made->size());
  });
  HttpResponse response;
  response.content_type = type_of(request.format);
  response.body = bytes;
  return response;
}

void Service::Impl::refuse_covered(const Asked& asked, const PageRecord& page) {
  // Once a page and purpose: a viewer asks for many tiles.
  if (!asked.session.refused.contains(page.number)) {
    log(asked.session, asked.request, "refused", "page " + std::to_string(page.number), "picture");
    sessions.change(asked.session.id,
                    [&page](Session& session) { session.refused.insert(page.number); });
  }
  if (!sight_of(asked.session).pictures()) {
    throw Refusal{403, "channel", "此渠道不提供档案图像", "this channel shows no pictures", 0};
  }
  throw Refusal{403, "covered", "此页须说明理由后方可查看", "say why before this page is shown", 0};
}

HttpResponse Service::Impl::manifest(const Asked& asked) {
  const DossierNumber number = asked.number();
  auto desk = rooms.lend();
  const DossierRecord dossier = dossier_asked_for(asked, *desk, number);
  log(asked.session, asked.request, "dossier_opened", "dossier " + std::to_string(number));
  const std::string base = base_of(asked.request);
  const std::string id = presentation_id(asked.request, number);
  Json canvases = Json::array();
  std::map<ItemNumber, Json> ranges;
  for (const PageRecord& page : those_in_scope(desk->records, asked.session,
                                               desk->records.pages_of_dossier(number))) {
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
  for (const ItemRecord& item : dossier.items) {
    const auto pages = ranges.find(item.number);
    if (pages == ranges.end()) continue;
    structures.push_back({{"id", id + "/range/" + std::to_string(item.sequence)},
                          {"type", "Range"},
                          {"label", label_of(ProtectedFields::masked_numbers(item.title))},
                          {"items", pages->second}});
  }
  std::string title = dossier.dossier_no.empty() ? dossier.title : dossier.dossier_no;
  if (title.empty()) title = dossier.key;
  const Json json = {{"@context", "http://iiif.io/api/presentation/3/context.json"},
                     {"id", id + "/manifest"},
                     {"type", "Manifest"},
                     {"label", label_of(ProtectedFields::masked_numbers(title))},
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
