#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/posts.h"
#include "core/user.h"
#include "store/records/records.h"

namespace archive {

/// A unit of the organisation (机构、科室; R31). Its family says which posts its people may hold at
/// all (config/duties/families.csv, R35).
struct Unit {
  UnitNumber number = 0;
  UnitNumber parent = 0;  ///< 0: at the top
  std::string name;
  std::string family;  ///< "agency", "information", "administration", "outside"
  std::string made_at, ended_at;
};

/// The organisation as a tree, where people belong in it, and what is noted about them besides
/// their posts. All changes take the right to administer.
class Organisation {
 public:
  /// Both live as long as this.
  Organisation(Records& records, const Posts& posts) : records_(records), posts_(posts) {}

  std::vector<Unit> units() const;  ///< also those that ended, by number

  /// Throw std::invalid_argument for a name that its parent has already, for a family that is none
  /// or is not that of its parent (but below an agency), for a parent that is not there, and for
  /// ending one in which somebody works or that has units below it.
  UnitNumber add_unit(const std::string& name, const std::string& family, UnitNumber parent);
  void rename_unit(UnitNumber unit, const std::string& name);
  void end_unit(UnitNumber unit);

  /// Where somebody belongs from now on; 0: nowhere. Throws std::invalid_argument when a post of
  /// theirs is none that people of that family may hold.
  void place(std::string_view user, UnitNumber unit);

  /// The day of somebody's last security training (R12). Throws std::invalid_argument for what is
  /// no day, and for one that is still to come.
  void note_training(std::string_view user, const std::string& day);
  /// Another number or last day of an outside helper's agreement (R51). Throws
  /// std::invalid_argument for somebody of the office, and for what is no day.
  void set_agreement(std::string_view user, const std::string& agreement,
                     const std::string& works_until);

 private:
  UserRecord somebody(std::string_view user) const;

  Records& records_;
  const Posts& posts_;
};

/// Whether somebody trained on that day may see personal data on `today` (YYYY-MM-DD); always when
/// `valid_days` is 0. REQUIRES: valid_days >= 0.
bool training_holds(const std::string& trained_on, const std::string& today, int valid_days);

}  // namespace archive
