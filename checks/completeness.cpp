#include "checks/completeness.h"

#include <algorithm>
#include <set>

#include "checks/rule_groups.h"
#include "core/calendar.h"
#include "core/money.h"
#include "core/utf8.h"
#include "core/width.h"

namespace archive {
namespace {

// A name counts as standing in a title when so much of its pairs of characters do: the reading of
// a title may be wrong in a character.
constexpr double kNameInTitle = 0.6;
constexpr std::size_t kShortName = 5;  // characters; a name no longer must stand there whole

std::string folded(std::string_view text) {
  std::string plain = half_width(text);
  std::erase(plain, ' ');
  return plain;
}

/// Where a name stands in a title.
struct NameInTitle {
  const Business* business = nullptr;
  std::size_t begin = 0;
  std::size_t length = 0;  ///< in characters; 0: it does not stand there
};

NameInTitle find_name(const std::u32string& title, const std::string& name) {
  const std::u32string word = code_points(folded(name));
  if (word.empty()) return {};
  if (const auto at = title.find(word); at != std::u32string::npos)
    return {nullptr, at, word.size()};
  if (word.size() <= kShortName) return {};
  std::size_t pairs = 0;
  std::size_t first = std::u32string::npos;
  for (std::size_t i = 0; i + 1 < word.size(); ++i) {
    const auto at = title.find(word.substr(i, 2));
    if (at == std::u32string::npos) continue;
    first = std::min(first, at);
    ++pairs;
  }
  if (static_cast<double>(pairs) < kNameInTitle * static_cast<double>(word.size() - 1)) return {};
  return {nullptr, first, pairs + 1};
}

std::set<std::string> types_seen(const Volume& volume) {
  std::set<std::string> types;
  for (const VolumePage& page : volume.pages()) {
    if (!page.misfiled() && !page.page->set_aside) types.insert(page.page->doc_type);
  }
  for (const CatalogueRow& row : volume.rows()) types.insert(row.doc_type);
  return types;
}

bool tells(const Business& business, const std::set<std::string>& types) {
  return std::ranges::any_of(business.papers, [&](const MustHave& paper) {
    return paper.principal && std::ranges::any_of(paper.doc_types, [&](const std::string& type) {
             return types.contains(type);
           });
  });
}

// Whether every principal paper of a business that is there may as well be another's enclosure.
bool is_enclosed(const Business& business, const std::set<std::string>& types,
                 const std::vector<const Business*>& told, const Business& anywhere) {
  return std::ranges::all_of(business.papers, [&](const MustHave& paper) {
    if (!paper.principal) return true;
    return std::ranges::all_of(paper.doc_types, [&](const std::string& type) {
      if (!types.contains(type)) return true;
      return std::ranges::any_of(told, [&](const Business* other) {
        if (other == &business) return false;
        return other->lists(type) || anywhere.lists(type);
      });
    });
  });
}

// The names in a title, the longest first, none of them inside another. Of several businesses
// that share a name, those whose principal paper is there.
std::vector<const Business*> told_by_title(const std::string& title,
                                           const std::set<std::string>& types,
                                           const MustHaves& must_haves) {
  const std::u32string text = code_points(title);
  std::vector<NameInTitle> names;
  for (const Business& business : must_haves.businesses()) {
    NameInTitle best;
    for (const std::string& word : business.words) {
      const NameInTitle found = find_name(text, word);
      if (found.length > best.length) best = {&business, found.begin, found.length};
    }
    if (best.length > 0) names.push_back(best);
  }
  std::ranges::stable_sort(names, std::greater{}, &NameInTitle::length);
  std::vector<const Business*> told;
  for (auto name = names.begin(); name != names.end();) {
    const NameInTitle longest = *name;
    const auto overlaps = [&longest](const NameInTitle& other) {
      return other.begin < longest.begin + longest.length &&
             longest.begin < other.begin + other.length;
    };
    const auto shared = std::ranges::count_if(names, [&](const NameInTitle& other) {
      return other.begin == longest.begin && other.length == longest.length;
    });
    for (const NameInTitle& other : names) {
      if (other.begin != longest.begin || other.length != longest.length) continue;
      if (shared == 1 || tells(*other.business, types)) told.push_back(other.business);
    }
    std::erase_if(names, overlaps);
    name = names.begin();
  }
  return told;
}

bool holds(const MustHave::Condition& when, const Volume& volume) {
  if (when.field.empty()) return false;
  const WordLists& words = volume.subject().tables().words;
  for (const VolumePage& page : volume.pages()) {
    if (page.misfiled()) continue;
    for (const FieldFact& field : page.page->fields) {
      if (field.field != when.field || !is_believed(field)) continue;
      if (when.sign == 0) {
        if (!words.begins("nothing", field.value)) return true;
      } else if (when.sign == '>') {
        const auto value = Money::parse(field.value);
        const auto limit = Money::parse(when.operands.front());
        if (value && limit && *value > *limit) return true;
      } else if (std::ranges::any_of(when.operands, [&](const std::string& word) {
                   return field.value.find(word) != std::string::npos;
                 })) {
        return true;
      }
    }
  }
  return false;
}

bool is_one_of(const std::string& type, const MustHave& paper) {
  return std::ranges::find(paper.doc_types, type) != paper.doc_types.end();
}

// The pages that are there of a paper, by their own type or by the catalogue's word.
struct PagesOfPaper {
  bool usable = false;
  std::vector<const PageFact*> unreadable;
  const CatalogueRow* row_without_pages = nullptr;
};

PagesOfPaper pages_of(const MustHave& paper, const Volume& volume) {
  PagesOfPaper pages;
  const auto add = [&pages](const PageFact& page) {
    if (page.set_aside || page.illegible) {
      pages.unreadable.push_back(&page);
    } else {
      pages.usable = true;
    }
  };
  for (const VolumePage& page : volume.pages()) {
    if (is_one_of(page.page->doc_type, paper) && !page.misfiled()) add(*page.page);
  }
  if (pages.usable) return pages;
  for (const CatalogueRow& row : volume.rows()) {
    if (!is_one_of(row.doc_type, paper)) continue;
    if (!row.range || !volume.is_stamped()) {
      pages.usable = true;  // named, and nobody can say that its pages are not there
      continue;
    }
    bool any = false;
    const int last = std::min(row.range->last(), volume.order().end);
    for (int number = row.range->first(); number <= last; ++number) {
      if (const VolumePage* page = volume.page_with(number)) {
        any = true;
        if (std::ranges::find(pages.unreadable, page->page) == pages.unreadable.end()) {
          add(*page->page);
        }
      }
    }
    if (!any) pages.row_without_pages = &row;
  }
  return pages;
}

std::map<std::string, std::string> words_for(const LackingPaper& lack, const CheckTables& tables) {
  std::map<std::string, std::string> words{{"business", lack.business->name_zh},
                                           {"condition", lack.paper->condition}};
  for (const std::string& code : lack.paper->doc_types) {
    const DocumentType* type = tables.forms.type(code);
    for (const auto& [word, name] :
         {std::pair("document", type->name_zh), std::pair("document_en", type->name_en)}) {
      words[word] += (words[word].empty() ? "" : " / ") + name;
    }
  }
  return words;
}

std::string types_text(const MustHave& paper) {
  std::string text;
  for (const std::string& type : paper.doc_types) text += (text.empty() ? "" : "|") + type;
  return text;
}

// Pages outside the numbered ones whose type nobody could tell: they may be sheets of the volume.
std::size_t unknown_sheets(const Volume& volume) {
  return static_cast<std::size_t>(std::ranges::count_if(volume.pages(), [](const VolumePage& page) {
    const bool unknown = page.page->set_aside || page.page->illegible ||
                         page.page->doc_type.empty() ||
                         page.page->doc_type == FormCatalogue::kUnknown;
    return unknown && page.fit == PageFit::surplus && page.stamp == 0;
  }));
}

void check_volume_sheets(const DossierView& dossier, const Volume& volume,
                         const CheckTables& tables, Findings& findings) {
  const Business& sheets = tables.must_haves.volume_sheets();
  std::vector<const MustHave*> absent;
  for (const MustHave& sheet : sheets.papers) {
    const bool there = std::ranges::any_of(
        sheet.doc_types, [&](const std::string& type) { return dossier.has(type); });
    if (!there) absent.push_back(&sheet);
  }
  if (absent.size() == sheets.papers.size() && absent.size() > 1) {
    findings.add("must_have", "sheets", {});
    return;
  }
  if (absent.size() <= unknown_sheets(volume)) return;
  for (const MustHave* sheet : absent) {
    findings.add("must_have", "sheet", {}, types_text(*sheet),
                 words_for({.business = &sheets, .paper = sheet}, tables));
  }
}

// The date of a paper: of its first page that has one without doubt.
std::optional<std::pair<Date, FindingPlace>> date_of(const MustHave& paper, const Volume& volume) {
  for (const VolumePage& page : volume.pages()) {
    if (!is_one_of(page.page->doc_type, paper) || page.misfiled()) continue;
    for (const std::string_view id : {"doc_date", "handle_date"}) {
      const FieldFact* field = believed(*page.page, id);
      if (field == nullptr || !is_beyond_doubt(*field, volume.subject().tables())) continue;
      if (const auto date = Date::parse(field->value)) {
        return std::pair(*date, place_of(*page.page, *field));
      }
    }
  }
  return std::nullopt;
}

// Papers that one business leaves one after the other (R62).
void check_steps(const Business& business, const Volume& volume, const CheckTables& tables,
                 Findings& findings) {
  std::vector<const MustHave*> steps;
  for (const MustHave& paper : business.papers) {
    if (paper.step > 0) steps.push_back(&paper);
  }
  std::ranges::stable_sort(steps, {}, [](const MustHave* paper) { return paper->step; });
  std::optional<std::pair<Date, FindingPlace>> before;
  for (const MustHave* paper : steps) {
    const auto dated = date_of(*paper, volume);
    if (!dated) continue;
    if (before && dated->first < before->first) {
      findings.add("must_have", "order", {dated->second, before->second}, before->first.text(),
                   words_for({.business = &business, .paper = paper}, tables));
    }
    before = dated;
  }
}

}  // namespace

std::vector<const Business*> businesses_of(const DossierView& dossier, const Volume& volume,
                                           const CheckTables& tables) {
  const std::set<std::string> types = types_seen(volume);
  auto told = told_by_title(folded(dossier.facts().title), types, tables.must_haves);
  if (!told.empty()) return told;
  for (const Business& business : tables.must_haves.businesses()) {
    if (tells(business, types)) told.push_back(&business);
  }
  const std::vector<const Business*> candidates = told;
  std::erase_if(told, [&](const Business* business) {
    return is_enclosed(*business, types, candidates, tables.must_haves.anywhere());
  });
  // Two businesses that enclose each other's paper: nothing says that one of them is not meant.
  return told.empty() ? candidates : told;
}

std::vector<LackingPaper> lacking_papers(const DossierView& dossier, const Volume& volume,
                                         const CheckTables& tables) {
  std::vector<LackingPaper> lacking;
  std::set<std::string> named;
  for (const Business* business : businesses_of(dossier, volume, tables)) {
    for (const MustHave& paper : business->papers) {
      if (paper.need == Need::optional) continue;
      if (paper.need == Need::conditional && !holds(paper.when, volume)) continue;
      const PagesOfPaper pages = pages_of(paper, volume);
      if (pages.usable || !named.insert(types_text(paper)).second) continue;
      lacking.push_back({business, &paper, pages.row_without_pages, pages.unreadable});
    }
  }
  return lacking;
}

void check_completeness(const DossierView& dossier, const Volume& volume,
                        const std::vector<LackingPaper>& lacking, const CheckTables& tables,
                        Findings& findings) {
  check_volume_sheets(dossier, volume, tables, findings);
  for (const LackingPaper& lack : lacking) {
    std::vector<FindingPlace> places;
    auto words = words_for(lack, tables);
    std::string variant = lack.paper->need == Need::conditional ? "conditional" : "absent";
    if (!lack.unreadable.empty()) {
      variant = "unreadable";
      for (const PageFact* page : lack.unreadable) places.push_back(place_of(*page));
    } else if (lack.row != nullptr) {
      variant = "listed";
      const FieldFact* pages = believed(*lack.row->page, "item_pages", lack.row->row);
      places.push_back(place_of(*lack.row->page, *pages));
      words["numbers"] = lack.row->range->text();
    }
    findings.add("must_have", variant, std::move(places), types_text(*lack.paper),
                 std::move(words));
  }
  for (const Business* business : businesses_of(dossier, volume, tables)) {
    check_steps(*business, volume, tables, findings);
  }
}

}  // namespace archive
