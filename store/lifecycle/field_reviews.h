#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/records.h"
#include "store/records/records.h"

namespace archive {

/// A value that a person should look at: the machine is not sure of it, it is none of its kind, or
/// one person typed it and another has to agree.
struct DoubtfulField {
  PageNumber page = 0;
  BatchNumber batch = 0;
  DossierNumber dossier = 0;
  std::string doc_type;
  std::string field;
  int row = -1;
  std::string value;      ///< the machine's
  double confidence = 0;  ///< of that
  bool handwritten = false;
  std::int64_t typed = 0;            ///< statements of persons that stand
  std::int64_t keyed = 0;            ///< keyings without sight, 0 to 2 (DoubleKeying)
  bool keying_done = false;          ///< they agreed, or a third person decided
  std::vector<std::string> persons;  ///< who typed, keyed or could not read it
};

/// That a person could not read a value from the picture.
struct UnreadableValue {
  std::int64_t number = 0;
  std::string field;
  int row = -1;
  PixelBox box;
  std::string reason;
  std::string person;
  std::string said_at;  ///< ISO 8601 with zone
};

/// How the same field reads on other pages of a dossier.
struct ValueElsewhere {
  std::string value;
  std::int64_t pages = 0;
};

/// What persons say of single values at the review bench. Values are kept as
/// Records::put_typed_value() keeps them.
class FieldReviews {
 public:
  explicit FieldReviews(Records& records) : records_(records) {}

  /// All values in doubt on filed pages whose item is not approved, in page order: also those of
  /// less confidence than `below`. Not those that count by what persons typed, or that two persons
  /// could not read.
  std::vector<DoubtfulField> in_doubt(double below) const;
  /// One of them, of whatever confidence; nothing when no person is asked for it.
  std::optional<DoubtfulField> in_doubt(PageNumber page, const std::string& field, int row) const;

  /// Who said of values of a page that they cannot be read, as far as it stands.
  std::vector<UnreadableValue> unreadable(PageNumber page) const;
  std::vector<ValueElsewhere> elsewhere(DossierNumber dossier, PageNumber but,
                                        const std::string& field) const;

  /// As Records::put_typed_value(). Where two persons typed different values, a third one who
  /// agrees with one of them settles it: what the others said ends.
  TypedNumber say_value(PageNumber page, const TypedValue& typed);
  /// This writer cannot read it; what they typed before ends. Throws std::invalid_argument without
  /// a reason, and for a region that is not on the picture. Right: describe.
  void say_unreadable(PageNumber page, const UnreadableValue& said);
  /// Ends whatever this writer said of a field. False when there was nothing.
  bool take_back(PageNumber page, const std::string& field, int row);

 private:
  Records& records_;
};

}  // namespace archive
