#include <algorithm>

#include "core/timestamp.h"
#include "store/lifecycle/copies.h"
#include "viewer/api/service_impl.h"
#include "viewer/copy_document.h"

// Copies that are given out: prints with a watermark, certified copies, and their register.

namespace archive {
namespace {

constexpr std::size_t kPagesMost = 60;  // of one copy: it is made in memory
constexpr std::size_t kCopiesStandard = 50;
constexpr std::size_t kCopiesMost = 200;
constexpr std::size_t kAgainMost = 500;
constexpr std::size_t kToMinute = 16;  // characters of an ISO 8601 time

Json copy_json(const CopyRecord& copy) {
  return {{"copy", copy.number},
          {"serial", copy.serial},
          {"kind", copy.certified ? "certified" : "print"},
          {"dossier", copy.dossier},
          {"pages", copy.pages},
          {"for_whom", copy.for_whom},
          {"agent", copy.agent},
          {"authority", copy.authority},
          {"purpose", copy.purpose},
          {"channel", copy.channel},
          {"made_by", copy.made_by},
          {"made_at", copy.made_at},
          {"prints", copy.prints}};
}

std::string minute_of(std::string at) {
  at.resize(std::min(at.size(), kToMinute));
  if (const auto t = at.find('T'); t != std::string::npos) at[t] = ' ';
  return at;
}

/// "3-5、8": numbers of pages in their dossier.
std::string ranges_of(std::vector<std::int64_t> numbers) {
  std::ranges::sort(numbers);
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    text += (text.empty() ? "" : "、") + std::to_string(numbers[i]);
    if (last > i) text += "-" + std::to_string(numbers[last]);
    i = last + 1;
  }
  return text;
}

CopyRecord wished_copy(const Json& body, const Session& session, const Purposes& purposes) {
  CopyRecord copy;
  const std::string kind = text_in(body, "kind");
  if (kind != "print" && kind != "certified") {
    throw Refusal{400, "kind", "复制件种类不正确", "a copy is a print or certified", 0};
  }
  copy.certified = kind == "certified";
  if (const auto found = body.find("dossier"); found != body.end() && found->is_number_integer()) {
    copy.dossier = found->get<DossierNumber>();
  }
  const auto pages = body.find("pages");
  if (pages == body.end() || !pages->is_array() || pages->empty() || pages->size() > kPagesMost ||
      !std::ranges::all_of(*pages, [](const Json& one) { return one.is_number_integer(); })) {
    throw Refusal{400, "pages", "须选择 1 至 60 页", "name one to sixty pages", 0};
  }
  copy.pages = pages->get<std::vector<PageNumber>>();
  if (session.purpose) {
    copy.for_whom = session.purpose->applicant;
    copy.agent = session.purpose->agent;
    copy.authority = session.purpose->authority;
    copy.purpose = session.purpose->purpose;
    copy.channel = session.purpose->channel;
    return copy;
  }
  copy.for_whom = text_in(body, "for_whom");
  copy.purpose = text_in(body, "purpose");
  const Purpose* known = purposes.named(copy.purpose);
  if (copy.for_whom.empty() || known == nullptr || !known->goes_with("query")) {
    throw Refusal{400, "purpose", "请先登记查询人和用途",
                  "record first who asks and what for, of the list", 0};
  }
  return copy;
}

}  // namespace

void Service::Impl::require_printable(const Asked& asked, Desk& desk, const CopyRecord& copy) {
  for (const PageNumber number : copy.pages) {
    const PageRecord page = page_asked_for(asked, desk, number);
    if (page.dossier != copy.dossier || page.state != PageState::filed || !page.source_blob) {
      throw Refusal{409, "pages", "所选的页不在本卷，或没有图像",
                    "a page is not of this dossier, or has no picture", 0};
    }
    const PictureSight sight = picture_sight(desk, asked.session, page);
    if (sight == PictureSight::covered || (copy.certified && sight != PictureSight::whole)) {
      log(asked.session, asked.request, "refused", "page " + std::to_string(number), "copy");
      throw Refusal{403, "covered",
                    "有页面仍被遮盖：请先在阅卷中逐页说明理由后再复制",
                    "a page is still covered: say why in the reader before it is copied", 0};
    }
  }
}

HttpResponse Service::Impl::issue_copy(const Asked& asked) {
  CopyRecord copy = wished_copy(body_json(asked.request), asked.session, parts.purposes);
  {
    auto desk = rooms.lend();
    require_printable(asked, *desk, copy);
  }
  write(asked, "serve copy", copy.purpose,
        [&](Records& records) { copy = Copies(records).issue(copy); });
  return answer_of(copy_json(copy), 201);
}

HttpResponse Service::Impl::copies(const Asked& asked) {
  const auto whole = [&asked](Right right) { return asked.session.powers.may(right); };
  const bool all = whole(Right::manage) || whole(Right::audit);
  const std::size_t before = count_in(asked.request.argument("before"), 0, SIZE_MAX >> 1);
  const std::size_t limit = count_in(asked.request.argument("limit"), kCopiesStandard, kCopiesMost);
  const auto dossier = static_cast<DossierNumber>(
      count_in(asked.request.argument("dossier"), 0, SIZE_MAX >> 1));
  std::optional<std::set<DossierNumber>> among;
  if (shows_own_only(asked.session)) among = asked.session.purpose->known.dossiers;
  if (dossier != 0) {
    const bool may = !among || among->contains(dossier);
    among = may ? std::set{dossier} : std::set<DossierNumber>{};
  }
  auto desk = rooms.lend();
  const std::vector<CopyRecord> found =
      Copies(desk->records)
          .list(static_cast<std::int64_t>(before), limit, all ? "" : asked.session.name,
                among);
  Json list = Json::array();
  const auto own = searched_pages(desk->records, asked.session);
  const auto is_own = [&own](PageNumber page) {
    return std::ranges::find(*own, page) != own->end();
  };
  for (const CopyRecord& copy : found) {
    if (own && !std::ranges::all_of(copy.pages, is_own)) continue;
    list.push_back(copy_json(copy));
    const auto known = desk->records.dossier(copy.dossier);
    list.back()["dossier_no"] = known ? known->dossier_no : "";
  }
  log(asked.session, asked.request, "copies_listed", "");
  const bool more = !found.empty() && found.size() == limit;
  return answer_of(Json{{"copies", std::move(list)},
                        {"next", more ? Json(found.back().number) : Json(nullptr)}});
}

std::string Service::Impl::copy_bytes(const Asked& asked, Desk& desk, const CopyRecord& copy,
                                      int print_no) {
  const auto dossier = desk.records.dossier(copy.dossier);
  std::vector<PageRecord> pages;
  std::vector<std::int64_t> places;
  for (const PageNumber number : copy.pages) {
    pages.push_back(desk.room.page(number));
    places.push_back(pages.back().page_of_dossier);
  }
  const Purpose* purpose = parts.purposes.named(copy.purpose);
  const CopySheet::Values values = {
      {"serial", copy.serial},
      {"made_at", minute_of(copy.made_at)},
      {"made_by", copy.made_by},
      {"for_whom", copy.for_whom},
      {"agent", copy.agent},
      {"authority", copy.authority},
      {"purpose", purpose == nullptr ? copy.purpose : purpose->name_zh},
      {"dossier_no", dossier ? dossier->dossier_no : ""},
      {"dossier_title", dossier ? ProtectedFields::masked_numbers(dossier->title) : ""},
      {"pages", ranges_of(places)},
      {"count", std::to_string(copy.pages.size())},
      {"office", parts.settings.packages.sender},
      {"again", print_no > 1 ? "第" + std::to_string(print_no) + "次" : ""}};
  const std::string mark = asked.session.name + "  " + minute_of(timestamp_now()) + "  " +
                           copy.serial + (print_no > 1 ? " /" + std::to_string(print_no) : "");
  const auto drawn = [&](std::size_t i) {
    const PageRecord& page = pages[i];
    const PictureSight sight = picture_sight(desk, asked.session, page);
    ImageRequest request;
    request.width = request.out_width = page.width;
    request.height = request.out_height = page.height;
    CopyPage made{rendered(*picture_of(desk, page, sight, asked.session), request), page.rotation,
                  page.dpi_x, page.dpi_y};
    write_over(made.pixels, request, page.width, page.height, {mark, page.rotation});
    return made;
  };
  return copy_document(parts.copy_sheet.filled(copy.certified ? "certified" : "print", values),
                       pages.size(), drawn, "Juanzong " + parts.version);
}

HttpResponse Service::Impl::print_copy(const Asked& asked) {
  const std::int64_t number = asked.number();
  const std::string reason = text_in(body_json(asked.request), "reason", kAgainMost);
  auto desk = rooms.lend();
  const auto copy = Copies(desk->records).copy(number);
  const bool all = asked.session.powers.may(Right::manage);
  const bool theirs = copy && (all || copy->made_by == asked.session.name);
  const auto& purpose = asked.session.purpose;
  require_in_scope(asked, theirs && purpose && purpose->known.dossiers.contains(copy->dossier),
                   "copy " + std::to_string(number));
  if (!theirs) refuse_not_found("没有这份复制件", "there is no such copy");
  require_printable(asked, *desk, *copy);
  if (copy->prints > 0 && reason.empty()) {
    throw Refusal{409, "printed", "此编号已打印过：再次打印须说明理由",
                  "this serial was printed before: say why again", 0};
  }
  int print_no = 0;
  write(asked, "serve print", reason,
        [&](Records& records) { print_no = Copies(records).print(number, reason); });
  log(asked.session, asked.request, copy->certified ? "copy_certified" : "printed",
      "copy " + copy->serial, reason);
  HttpResponse response = HttpResponse::of(copy_bytes(asked, *desk, *copy, print_no));
  response.content_type = "application/pdf";
  response.headers.emplace_back("Content-Disposition",
                                "inline; filename=\"" + copy->serial + ".pdf\"");
  response.headers.emplace_back("X-Print", std::to_string(print_no));
  return response;
}

}  // namespace archive
