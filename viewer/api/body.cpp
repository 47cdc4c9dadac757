#include "viewer/api/body.h"

#include <algorithm>

#include "core/timestamp.h"

namespace archive {

std::int64_t number_in(const Json& body, const char* key, bool may_lack) {
  const auto found = body.find(key);
  if (may_lack && (found == body.end() || found->is_null())) return 0;
  if (found == body.end() || !found->is_number_integer() || found->get<std::int64_t>() < 0) {
    throw Refusal{400, "json", "编号缺失或不正确", "a number is missing or is none", 0};
  }
  return found->get<std::int64_t>();
}

std::vector<std::int64_t> numbers_in(const Json& body, const char* key, std::size_t most) {
  const auto found = body.find(key);
  if (found == body.end() || !found->is_array() || found->size() > most ||
      !std::ranges::all_of(*found, [](const Json& one) { return one.is_number_integer(); })) {
    throw Refusal{400, "json", "须为编号列表", "a list of numbers is wanted", 0};
  }
  return found->get<std::vector<std::int64_t>>();
}

bool flag_in(const Json& body, const char* key) {
  const auto found = body.find(key);
  if (found == body.end() || found->is_null()) return false;
  if (!found->is_boolean()) {
    throw Refusal{400, "json", "须为是或否", "a member that should be true or false is neither", 0};
  }
  return found->get<bool>();
}

DossierNumber dossier_in(const Records& records, const Json& body) {
  const auto given = body.find("dossier");
  if (given != body.end() && given->is_number_integer()) return number_in(body, "dossier");
  const std::string text = text_in(body, "dossier");
  if (text.empty()) throw Refusal{400, "dossier", "须填写卷宗", "say which dossier", 0};
  const auto numbered = records.dossiers_numbered(text);
  if (numbered.size() > 1) {
    throw Refusal{409, "dossier", "有多个卷宗使用此档号，请填写库内编号",
                  "several dossiers have this number: give that in the archive", 0};
  }
  if (numbered.size() == 1) return numbered.front();
  const DossierNumber number = number_in_path(text.starts_with('#') ? text.substr(1) : text);
  if (!records.dossier(number)) refuse_not_found("没有这个卷宗", "there is no such dossier");
  return number;
}

std::string reason_in(const Json& body, const char* key) {
  std::string reason = text_in(body, key, kReasonMost);
  if (reason.find_first_not_of(' ') == std::string::npos) {
    throw Refusal{400, "reason", "须说明理由", "say why", 0};
  }
  return reason;
}

std::string today() { return timestamp_now().substr(0, 10); }

Date day_of(const std::string& text) {
  const auto day = Date::parse(text.empty() ? today() : text);
  if (!day) throw Refusal{400, "day", "日期应写作 YYYY-MM-DD", "write a day as YYYY-MM-DD", 0};
  return *day;
}

std::string day_in(const Json& body, const char* key) {
  const std::string text = text_in(body, key);
  if (text.empty()) {
    throw Refusal{400, "day", "须填写日期", "a day is missing: YYYY-MM-DD", 0};
  }
  return day_of(text).text();
}

}  // namespace archive
