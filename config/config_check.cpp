#include "config/config_check.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>

#include "config/alarm_rules.h"
#include "config/channels.h"
#include "config/check_tables.h"
#include "config/copy_sheet.h"
#include "config/list_columns.h"
#include "config/look_alikes.h"
#include "config/messages.h"
#include "config/office_tables.h"
#include "config/password_rules.h"
#include "config/picture_rules.h"
#include "config/posts.h"
#include "config/protected_fields.h"
#include "config/purposes.h"
#include "config/quality_rules.h"
#include "config/review_bench.h"
#include "config/review_steps.h"
#include "config/sampling_plan.h"

namespace archive {
namespace {

constexpr std::size_t kProblemsMost = 500;

struct Place {
  std::string file;
  int line = 0;
};

Place place_of(const std::string& where) {
  const std::size_t colon = where.rfind(':');
  if (colon == std::string::npos || colon + 1 == where.size() ||
      where.find_first_not_of("0123456789", colon + 1) != std::string::npos) {
    return {where, 0};
  }
  return {where.substr(0, colon), std::stoi(where.substr(colon + 1))};
}

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool has_word(const std::string& text, const std::string& word) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !letter(text[at - 1])) && (end == text.size() || !letter(text[end]))) {
      return true;
    }
  }
  return false;
}

class Looking {
 public:
  explicit Looking(const TablePath& root)
      : notes_(std::make_shared<TablePath::Notes>()), root_(root.noting(notes_)) {}

  ConfigLook look() {
    std::vector<TableFacts> known;
    with([&](const TablePath& root) { known = tables_of(root.root()); });
    with([&](const TablePath& root) { look_.of_office = office_files(root); });
    for (const std::string& file : look_.of_office) {
      with([&](const TablePath& root) { facts_of_office_table(root / file); });
    }
    look_at_each();
    for (const TableFacts& facts : known) {
      if (facts.name == "tables.csv") continue;
      const bool read = std::ranges::any_of(
          notes_->read, [&](const std::string& name) { return facts.is(name); });
      (read ? look_.read : look_.not_read).push_back(facts.name);
    }
    return std::move(look_);
  }

 private:
  /// Again and again, without what was wrong, until it can be read; false: it cannot.
  bool with(const std::function<void(const TablePath&)>& read) {
    while (look_.problems.size() < kProblemsMost) {
      try {
        read(root_);
        return true;
      } catch (const ArchiveError& error) {
        if (!note(error)) return false;
      }
    }
    return false;
  }

  template <class Table, class... More>
  std::optional<Table> table(const More&... more) {
    std::optional<Table> made;
    with([&](const TablePath& root) { made.emplace(Table::load(root, more...)); });
    return made;
  }

  void look_at_each() {
    const auto rules = table<CheckRules>();
    const auto forms = table<FormCatalogue>();
    table<Parameters>();
    table<WordLists>();
    table<RetirementAges>();
    table<RegionCodes>();
    table<QualityRules>();
    table<LookAlikes>();
    table<Messages>();
    table<Posts>();
    table<PictureRules>();
    table<Purposes>();
    table<CopySheet>();
    table<ReviewSteps>();
    table<AlarmRules>();
    table<SamplingPlan>();
    table<PasswordRules>(SecuritySettings{});
    if (rules) table<FourProperties>(*rules);
    if (!forms) return;
    with([&](const TablePath& root) { ProtectedFields::load(root).add_forms(*forms); });
    with([&](const TablePath& root) { Channels::load(root).add_forms(*forms); });
    table<MustHaves>(*forms);
    table<VolumeTables>(*forms);
    table<Papers>(*forms);
    table<CheckShapes>(*forms);
    table<PersonFacts>(*forms);
    table<ContentGroups>(*forms);
    table<ReviewBenchRules>(*forms);
    table<ListColumns>(*forms);
    // What these have to say of each other, and the patterns of archive numbers.
    table<CheckTables>();
  }

  /// Whether there is something to be left out, so that what is behind it can be seen.
  bool note(const ArchiveError& error) {
    const Place place = place_of(error.where());
    const bool told = std::ranges::any_of(look_.problems, [&](const ArchiveError& other) {
      return other.where() == error.where() && other.problem() == error.problem();
    });
    const bool follows = std::ranges::any_of(gone_, [&](const Place& name) {
      return name.line == 0 && has_word(error.problem(), name.file);
    });
    if (!told && !follows) look_.problems.push_back(error);
    if (place.line > 0) {
      if (notes_->left_out.insert(place.file + ":" + std::to_string(place.line)).second) {
        gone_.push_back({name_on(place), 0});
        return true;
      }
    }
    if (!place.file.ends_with(".toml") || !notes_->left_out.insert(place.file).second) return false;
    gone_.push_back({std::filesystem::path(place.file).stem().string(), 0});
    return true;
  }

  /// What the row of a table is about: its first cell; others may name it.
  static std::string name_on(const Place& place) {
    std::ifstream in(place.file);
    std::string line;
    for (int i = 0; i < place.line && std::getline(in, line); ++i) {
    }
    if (!place.file.ends_with(".csv")) return std::filesystem::path(place.file).stem().string();
    return line.substr(0, line.find(','));
  }

  std::shared_ptr<TablePath::Notes> notes_;
  TablePath root_;
  ConfigLook look_;
  std::vector<Place> gone_;
};

}  // namespace

ConfigLook look_at_configuration(const TablePath& root) { return Looking(root).look(); }

}  // namespace archive
