#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/field_confidence.h"
#include "config/seal_owners.h"
#include "config/table_path.h"

namespace archive {

/// A document type 材料类型 (document_types.csv).
struct DocumentType {
  std::string code;  ///< DT01 .. DT99
  std::string name_zh;
  std::string name_en;
  std::vector<std::string> aliases;
  std::string title_regex;
  int priority = 100;       ///< lower wins
  std::string class_code;   ///< SB01.02 ...
  std::string sensitivity;  ///< P0, P1, P2
};

/// How a value is checked and normalised.
enum class ValueType {
  text,
  name,
  id18,
  credit_code,
  date,
  year_month,
  money,
  integer,
  rate,
  phone,
  bank_account,
  choice,
  address,
  page_range,
  page_stamp,
  mark,
  code,      ///< a number that some office gave: letters and digits
  capitals,  ///< an amount in capital numerals, 壹仟元整
};

std::optional<ValueType> value_type_named(std::string_view name);

/// Which value a field takes when several of its type stand beside its label, as in
/// 起止日期：2003.07.01—2021.03.10.
enum class Pick { best, first, last };

/// One field of a form. Labels and patterns are compared in folded text: no spaces,
/// ASCII instead of full-width signs, '-' for every dash.
struct FieldDescription {
  std::string id;      ///< unique on its form, such as "unit_address"
  std::string domain;  ///< id in fields.csv it stands for, such as "address"; may equal
                       ///< `id`; empty when the domain has no such field
  std::string label_zh;
  std::vector<std::string> labels;  ///< every label it may stand beside, label_zh among them;
                                    ///< one that ends in a colon is believed with it only
  std::string name_en;
  ValueType type = ValueType::text;
  bool row = false;  ///< repeats in the rows of a table
  bool required = false;
  std::string sensitivity;
  std::vector<std::string> choices;   ///< for ValueType::choice
  std::vector<std::string> patterns;  ///< regular expressions that find it in running text,
                                      ///< first group is the value; one that begins
                                      ///< with ^ is matched against single lines
  std::vector<std::string> sections;  ///< headings that govern it, such as 申领人, where one
                                      ///< label stands under several of them
  std::vector<std::string> blocks;    ///< labels of large cells it stands somewhere inside,
                                      ///< such as the date below an opinion
  Pick pick = Pick::best;
  bool closing = false;        ///< a date that may end a letter without any label
  std::size_t length_min = 1;  ///< characters: what has fewer is a scrap, not a value
  std::string total_of;        ///< the row field whose column it sums up; `labels` are the row's
};

/// A form type: what tells it from others and which fields it has.
struct FormDescription {
  std::string doc_type;
  std::vector<std::string> titles;      ///< further titles seen, beyond DocumentType's
  std::vector<std::string> marks;       ///< phrases that speak for this form, on any page of it
  std::vector<std::string> anti_marks;  ///< phrases that speak against it
  std::vector<FieldDescription> fields;
};

/// The configuration of forms and types as one versioned whole: CSV tables under
/// config/domain (from the domain reference) and one TOML file a form under
/// config/forms. Immutable after loading. The separator sheet is described as a form of
/// its own under kSeparator, although it is no document type.
class FormCatalogue {
 public:
  /// Throws ArchiveError{settings} with file and line when a table is wrong.
  static FormCatalogue load(const TablePath& config_folder);

  static constexpr std::string_view kSeparator = "SEPARATOR";
  static constexpr std::string_view kUnknown = "DT99";

  const std::vector<DocumentType>& types() const { return types_; }
  const DocumentType* type(std::string_view code) const;
  const FormDescription* form(std::string_view doc_type) const;
  const std::map<std::string, FormDescription>& forms() const { return forms_; }
  /// Labels that stand on forms beside blanks nobody asked for: where one begins, the
  /// value before it ends.
  const std::vector<std::string>& other_labels() const { return other_labels_; }
  /// Words that labels end in, such as 名称 or 日期: they make a cell look like a label.
  const std::vector<std::string>& label_endings() const { return label_endings_; }
  /// Values that resemble labels, such as 居民身份证.
  const std::vector<std::string>& known_values() const { return known_values_; }
  /// Whose seal it is.
  const SealOwners& seal_owners() const { return seal_owners_; }
  /// How likely a value is right.
  const FieldConfidence& field_confidence() const { return field_confidence_; }
  /// Retention code of a class: Y, D100 ... HOLD; HOLD for an unknown class.
  std::string retention_of(std::string_view class_code) const;
  /// Whether papers can be of this class 类别号 (domain/retention.csv).
  bool has_class(std::string_view class_code) const { return retention_.contains(class_code); }
  /// SHA-256 over all tables in name order: "config-<16 hex digits>".
  const std::string& version() const { return version_; }

 private:
  std::vector<DocumentType> types_;
  std::map<std::string, FormDescription> forms_;
  std::vector<std::string> other_labels_;
  std::vector<std::string> label_endings_;
  std::vector<std::string> known_values_;
  SealOwners seal_owners_;
  FieldConfidence field_confidence_;
  std::map<std::string, std::string, std::less<>> retention_;
  std::string version_;
};

}  // namespace archive
