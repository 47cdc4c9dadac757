
#include "core/calendar.h"
#include "core/timestamp.h"
#include "viewer/api/service_impl.h"

// Who stands at the counter: why somebody looks, for whom, by which channel, and what that channel
// may be told (R31, R37, R54).

namespace archive {
namespace {

constexpr std::size_t kNumberMost = 100;
constexpr std::size_t kDay = 10;  // characters of an ISO 8601 date
constexpr std::size_t kIdLength = 18;

const char* word_of(Sight sight) {
  switch (sight) {
    case Sight::show:
      return "show";
    case Sight::mask:
      return "mask";
    case Sight::hide:
      break;
  }
  return "hide";
}

/// Number and date of a power of attorney that was shown and not filed; "" when there is none.
std::string shown_authority(const Json& body) {
  const auto found = body.find("authority");
  if (found == body.end() || !found->is_object()) return {};
  const std::string number = text_in(*found, "number", kNumberMost);
  const std::string date = text_in(*found, "date", kDay);
  if (number.empty()) return {};
  const auto day = Date::parse(date);
  if (!day || day->text() != date || date > timestamp_now().substr(0, kDay)) {
    throw Refusal{400, "authority", "委托书日期不正确",
                  "the date of the power of attorney is wrong", 0};
  }
  return number + " " + date;
}

std::string field_label(const FormCatalogue& forms, const std::string& field) {
  for (const auto& [code, form] : forms.forms()) {
    for (const FieldDescription& one : form.fields) {
      if (one.domain == field || one.id == field) return one.label_zh;
    }
  }
  return field;
}

}  // namespace

Json purpose_json(const std::optional<AccessPurpose>& purpose) {
  if (!purpose) return nullptr;
  return {{"channel", purpose->channel},
          {"purpose", purpose->purpose},
          {"applicant", purpose->applicant},
          {"id_number", ProtectedFields::masked_numbers(purpose->id_number)},
          {"agent", purpose->agent},
          {"authority", purpose->authority},
          {"known", !purpose->known.dossiers.empty()},
          {"ambiguous", purpose->known.ambiguous}};
}

HttpResponse Service::Impl::set_purpose(const Asked& asked) {
  const Json body = body_json(asked.request);
  AccessPurpose purpose;
  purpose.channel = text_in(body, "channel");
  purpose.purpose = text_in(body, "purpose");
  purpose.applicant = text_in(body, "applicant");
  purpose.agent = text_in(body, "agent");
  purpose.id_number = text_in(body, "id_number");
  if (parts.channels.named(purpose.channel) == nullptr) {
    throw Refusal{400, "channel", "查询渠道不在清单内", "the channel is not one of the list", 0};
  }
  const Purpose* known = parts.purposes.named(purpose.purpose);
  if (known == nullptr || !known->goes_with("query")) {
    throw Refusal{400, "purpose", "查询用途须从清单中选择", "the purpose is not one of the list",
                  0};
  }
  if (purpose.applicant.empty()) {
    throw Refusal{400, "applicant", "须填写查询人", "say who asks", 0};
  }
  if (!purpose.id_number.empty() && purpose.id_number.size() != kIdLength) {
    throw Refusal{400, "id_number", "证件号码须为18位", "the number of the document has 18 places",
                  0};
  }
  Session changed = asked.session;
  auto desk = rooms.lend();
  purpose.known = find_applicant(desk->records, purpose.applicant, purpose.id_number);
  if (!purpose.agent.empty()) {
    purpose.authority = shown_authority(body);
    if (purpose.authority.empty()) {
      const PageNumber page = power_of_attorney(desk->records, purpose.known, purpose.agent);
      if (page != 0) purpose.authority = "DT43 page " + std::to_string(page);
    }
    if (purpose.authority.empty()) {
      changed.purpose = purpose;
      log(changed, asked.request, "refused", "", "no power of attorney");
      throw Refusal{403, "authority",
                    "档案中没有该代办人的授权委托书：请登记所出示委托书的编号和日期",
                    "no power of attorney for this agent is in the archive: record number and date "
                    "of the one that was shown",
                    0};
    }
  }
  changed.purpose = purpose;
  log(changed, asked.request, "purpose_given", "", purpose.authority);
  sessions.change(asked.session.id, [&purpose](Session& session) {
    session.purpose = purpose;
    // What was revealed was so for the one before.
    session.revealed.clear();
    session.opened.clear();
    session.refused.clear();
  });
  return answer_of(Json{{"purpose", purpose_json(purpose)}});
}

HttpResponse Service::Impl::end_purpose(const Asked& asked) {
  log(asked.session, asked.request, "purpose_ended", "");
  sessions.change(asked.session.id, [](Session& session) {
    session.purpose.reset();
    session.revealed.clear();
    session.opened.clear();
    session.refused.clear();
  });
  return no_content();
}

HttpResponse Service::Impl::purposes(const Asked&) {
  Json list = Json::array();
  for (const Purpose& purpose : parts.purposes.all()) {
    list.push_back({{"id", purpose.id},
                    {"zh", purpose.name_zh},
                    {"en", purpose.name_en},
                    {"kinds", purpose.kinds}});
  }
  return answer_of(Json{{"purposes", std::move(list)}});
}

// The office's own tables among them: no screen can have been built with those.
HttpResponse Service::Impl::names(const Asked&) {
  Json types = Json::object();
  for (const DocumentType& type : parts.tables.forms.types()) {
    types[type.code] = {{"zh", type.name_zh}, {"en", type.name_en}};
  }
  Json fields = Json::object();
  for (const auto& [doc_type, form] : parts.tables.forms.forms()) {
    if (doc_type == FormCatalogue::kSeparator) continue;
    Json& of_form = fields[doc_type] = Json::object();
    for (const FieldDescription& field : form.fields) {
      of_form[field.id] = {{"zh", field.label_zh}, {"en", field.name_en}};
    }
  }
  return answer_of(Json{{"types", std::move(types)}, {"fields", std::move(fields)}});
}

HttpResponse Service::Impl::channels(const Asked&) {
  Json channels = Json::array();
  for (const Channel& channel : parts.channels.all()) {
    channels.push_back({{"id", channel.id},
                        {"zh", channel.zh},
                        {"en", channel.en},
                        {"scope", channel.own_only ? "own" : "any"},
                        {"text", channel.text ? "show" : "hide"},
                        {"pictures", channel.pictures ? "show" : "hide"}});
  }
  Json groups = Json::array();
  for (const FieldGroup& group : parts.channels.groups()) {
    Json fields = Json::array();
    for (const std::string& field : group.fields) {
      fields.push_back({{"field", field}, {"zh", field_label(parts.tables.forms, field)}});
    }
    Json told = Json::object();
    for (std::size_t i = 0; i < group.by_channel.size(); ++i) {
      told[parts.channels.all()[i].id] = word_of(group.by_channel[i]);
    }
    groups.push_back({{"id", group.id},
                      {"zh", group.zh},
                      {"en", group.en},
                      {"fields", std::move(fields)},
                      {"channels", std::move(told)}});
  }
  return answer_of(Json{{"channels", std::move(channels)}, {"groups", std::move(groups)}});
}

}  // namespace archive
