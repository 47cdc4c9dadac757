#include "config/password_rules.h"

#include <algorithm>

#include "config/csv_table.h"
#include "core/utf8.h"

namespace archive {
namespace {

std::string in_small_letters(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return small;
}

/// Small letters, capitals, digits, and all others: signs, blanks, hanzi.
int kinds_in(std::string_view text) {
  const auto has = [&text](auto is) { return std::ranges::any_of(text, is); };
  const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return int{has(small)} + int{has(capital)} + int{has(digit)} +
         int{has([&](char c) { return !small(c) && !capital(c) && !digit(c); })};
}

}  // namespace

PasswordRules PasswordRules::load(const TablePath& config_folder,
                                  const SecuritySettings& settings) {
  const CsvTable table = CsvTable::read(config_folder / "duties" / "weak_passwords.csv");
  PasswordRules rules;
  rules.length_min_ = static_cast<std::size_t>(settings.password_length_min);
  rules.kinds_min_ = settings.password_kinds_min;
  for (const CsvTable::Row& row : table.rows()) {
    const std::string& word = table.cell(row, "password");
    if (word.empty()) table.refuse(row, "an empty password");
    rules.weak_.insert(in_small_letters(word));
  }
  return rules;
}

PasswordRules::Fault PasswordRules::fault(std::string_view password, std::string_view name) const {
  if (code_points(password).size() < length_min_) {
    const std::string least = std::to_string(length_min_);
    return {"密码至少 " + least + " 个字符", "a password has at least " + least + " characters"};
  }
  if (kinds_in(password) < kinds_min_) {
    const std::string least = std::to_string(kinds_min_);
    return {"密码须含小写字母、大写字母、数字、其他字符中的至少 " + least + " 类",
            "a password has characters of at least " + least +
                " of four kinds: small letters, capitals, digits, others"};
  }
  const std::string small = in_small_letters(password);
  if (weak_.contains(small)) {
    return {"这个密码人人会先试，请另选", "this password is one that is tried first: take another"};
  }
  if (name.size() > 2 && small.find(in_small_letters(name)) != std::string::npos) {
    return {"密码不得含有用户名", "a password does not have the user's name in it"};
  }
  return {};
}

}  // namespace archive
