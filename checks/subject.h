#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/dossier_view.h"
#include "checks/doubt.h"
#include "config/check_tables.h"
#include "core/citizen_id.h"

namespace archive {

/// Whom a page is about, beside the person whom the dossier is about.
enum class PageOwner {
  subject,  ///< that person, or nothing speaks against it
  named,    ///< somebody whom the dossier names: a survivor, an agent
  other,    ///< somebody else, by number and name
  nobody,   ///< a list, an employer
};

/// A dossier and the person whom it is about: the number and the name that most kinds of its
/// personal papers carry. What rules are asked with; view and tables must live longer.
class Subject {
 public:
  Subject(const DossierView& view, const CheckTables& tables);

  const DossierView& view() const { return view_; }
  const CheckTables& tables() const { return tables_; }

  const std::optional<CitizenId>& id() const { return id_; }  ///< nothing: not certain
  const std::string& name() const { return name_; }           ///< as printed; empty: not certain
  const std::string& folded_name() const { return folded_name_; }
  std::optional<Date> birth() const;
  std::optional<Sex> sex() const;
  /// A kind of employment that has parameters of its own; empty: none.
  const std::string& kind() const { return kind_; }
  /// For findings: the number, else the name, else nobody.
  std::vector<std::string> persons() const;

  PageOwner owner_of(const PageFact& page) const;
  /// Pages of a type that are not somebody else's.
  std::vector<const PageFact*> pages_of(std::string_view doc_type) const;

 private:
  struct Votes;
  void elect(const Votes& votes);
  PageOwner owner_by_content(const PageFact& page) const;

  const DossierView& view_;
  const CheckTables& tables_;
  std::optional<CitizenId> id_;
  std::string name_, folded_name_;
  std::string kind_;
  std::vector<std::string> named_;  // numbers and folded names of survivors and agents
  std::vector<PageOwner> owners_;   // one a page
};

/// The citizen number of a page or a row, when it is believed and its checks hold.
std::optional<CitizenId> number_of(const PageValues& values, std::string_view field, int row = -1);

}  // namespace archive
