#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

/// A document type 材料类型 (document_types.csv).
struct DocumentType {
  std::string code;     ///< DT01 .. DT99
  std::string name_zh;
  std::string name_en;
  std::vector<std::string> aliases;
  std::string title_regex;
  int priority = 100;   ///< lower wins
  std::string class_code;   ///< SB01.02 ...
  std::string sensitivity;  ///< P0, P1, P2
};

/// How a value is checked and normalised.
enum class ValueType {
  text, name, id18, credit_code, date, year_month, money, integer, rate, phone, bank_account,
  choice, address, page_range, page_stamp, mark
};

/// One field of a form.
struct FieldDescription {
  std::string id;      ///< unique on its form, such as "unit_address"
  std::string domain;  ///< id in fields.csv it stands for, such as "address"; may equal `id`
  std::string label_zh;
  std::vector<std::string> labels;  ///< every label it may stand beside, label_zh among them
  std::string name_en;
  ValueType type = ValueType::text;
  bool row = false;       ///< repeats in the rows of a table
  bool required = false;
  std::string sensitivity;
  std::vector<std::string> choices;   ///< for ValueType::choice
  std::vector<std::string> patterns;  ///< regular expressions that find it in running text,
                                      ///< first group is the value
};

/// A form type: what tells it from others and which fields it has.
struct FormDescription {
  std::string doc_type;
  std::vector<std::string> titles;      ///< further titles seen, beyond DocumentType's
  std::vector<std::string> marks;       ///< words that speak for this form
  std::vector<std::string> anti_marks;  ///< words that speak against it
  std::vector<FieldDescription> fields;
};

/// The configuration of forms and types as one versioned whole: CSV tables under
/// config/domain (from the domain reference) and one TOML file a form under
/// config/forms. Immutable after loading.
class FormCatalogue {
 public:
  /// Throws ArchiveError{settings} with file and line when a table is wrong.
  static FormCatalogue load(const std::filesystem::path& config_folder);

  const std::vector<DocumentType>& types() const { return types_; }
  const DocumentType* type(std::string_view code) const;
  const FormDescription* form(std::string_view doc_type) const;
  const std::map<std::string, FormDescription>& forms() const { return forms_; }
  /// Retention code of a class: Y, D100 ... HOLD; HOLD for an unknown class.
  std::string retention_of(std::string_view class_code) const;
  /// SHA-256 over all tables in name order: "config-<16 hex digits>".
  const std::string& version() const { return version_; }

 private:
  std::vector<DocumentType> types_;
  std::map<std::string, FormDescription> forms_;
  std::map<std::string, std::string> retention_;
  std::string version_;
};

}  // namespace archive
