#include "core/timestamp.h"
#include "store/objects/digest.h"
#include "viewer/api/picture_mask.h"
#include "viewer/api/service_impl.h"

// How much of a page a session sees.

namespace archive {

FieldSight Service::Impl::sight_of(const Session& session, bool revealed) const {
  const Channel* channel =
      session.purpose ? parts.channels.named(session.purpose->channel) : nullptr;
  return {parts.protected_fields, parts.channels, channel, revealed};
}

bool Service::Impl::shows_own_only(const Session& session) const {
  const Channel* channel =
      session.purpose ? parts.channels.named(session.purpose->channel) : nullptr;
  return channel != nullptr && channel->own_only;
}

bool Service::Impl::in_scope(Records& records, const Session& session,
                             const PageRecord& page) const {
  if (!shows_own_only(session)) return true;
  return page_is_of(records, page, session.purpose->known);
}

PageRecord Service::Impl::page_asked_for(const Asked& asked, Desk& desk, PageNumber number) {
  auto page = desk.records.page(number);
  require_in_scope(asked, page && in_scope(desk.records, asked.session, *page),
                   "page " + std::to_string(number));
  if (!page) refuse_not_found("没有这一页", "there is no such page");
  return *std::move(page);
}

DossierRecord Service::Impl::dossier_asked_for(const Asked& asked, Desk& desk,
                                               DossierNumber number) {
  const auto& purpose = asked.session.purpose;
  require_in_scope(asked, purpose && purpose->known.dossiers.contains(number),
                   "dossier " + std::to_string(number));
  auto dossier = desk.records.dossier(number);
  if (!dossier) refuse_not_found("没有这个卷宗", "there is no such dossier");
  return *std::move(dossier);
}

std::vector<PageRecord> Service::Impl::those_in_scope(Records& records, const Session& session,
                                                      std::vector<PageRecord> pages) const {
  std::erase_if(pages, [&](const PageRecord& page) { return !in_scope(records, session, page); });
  return pages;
}

std::optional<std::vector<PageNumber>> Service::Impl::searched_pages(
    Records& records, const Session& session) const {
  if (!shows_own_only(session)) return std::nullopt;
  std::vector<PageNumber> pages;
  for (const DossierNumber dossier : session.purpose->known.dossiers) {
    for (const PageRecord& page :
         those_in_scope(records, session, records.pages_of_dossier(dossier))) {
      pages.push_back(page.number);
    }
  }
  return pages;
}

void Service::Impl::require_in_scope(const Asked& asked, bool own, const std::string& object) {
  if (own || !shows_own_only(asked.session)) return;
  log(asked.session, asked.request, "refused", object, "of another person");
  throw Refusal{403, "scope", "此渠道只能查询本人的档案",
                "by this channel a person's own records alone can be asked for", 0};
}

PictureSight Service::Impl::picture_sight(Desk& desk, const Session& session,
                                          const PageRecord& page) {
  const bool revealed = session.revealed.contains(page.number);
  if (!sight_of(session, revealed).pictures()) return PictureSight::covered;
  if (revealed) return PictureSight::whole;
  const bool own =
      session.purpose && page_is_of(desk.records, page, session.purpose->known);
  return parts.pictures.sight(session.posts, session.outside(),
                              picture_kind(page, parts.pictures), own);
}

bool Service::Impl::bears_protected(const PageRecord& page) const {
  const DocumentType* type = parts.tables.forms.type(page.doc_type);
  return type == nullptr ? page.kind == PageKind::content : type->sensitivity == "P2";
}

std::string Service::Impl::mask_key(const PageRecord& page, const Session& session,
                                    PictureSight sight) const {
  if (sight == PictureSight::whole) return {};
  if (sight == PictureSight::covered) return "covered";
  // Everything that permitted_boxes() looks at.
  DigestCounter counter(DigestKind::sha256);
  const auto add = [&counter](const std::string& text) { counter.add(text + '\0'); };
  add(session.purpose ? session.purpose->channel : "");
  add(page.layout_blob ? page.layout_blob->text() : "");
  const auto add_quad = [&add](const Quad& quad) {
    for (const Point& corner : quad.corners) {
      add(std::to_string(corner.x) + "," + std::to_string(corner.y));
    }
  };
  for (const FieldRecord& field : page.fields) {
    add(field.field + (field.unsure ? "?" : "") +
        std::to_string(static_cast<int>(field.validity)));
    add(field.raw);
    add_quad(field.quad);
    if (field.machine) add_quad(field.machine->quad);
  }
  for (const TypedValue& typed : page.typed) {
    add(typed.field);
    add_quad(typed.box.quad());
  }
  for (const SealMark& seal : page.seals) add_quad(seal.quad);
  return hex_of(counter.finish());
}

Watermark Service::Impl::watermark_of(const Session& session, const PageRecord& page) const {
  const auto opened = session.opened.find(page.number);
  Watermark mark{session.name, page.rotation};
  if (opened != session.opened.end()) {
    // 2026-11-27T15:02:11+08:00 to the minute.
    std::string at = opened->second.at.substr(0, 16);
    if (const auto t = at.find('T'); t != std::string::npos) at[t] = ' ';
    mark.text += "  " + at + "  No. " + std::to_string(opened->second.entry);
  }
  return mark;
}

}  // namespace archive
