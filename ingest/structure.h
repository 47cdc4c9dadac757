#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/arrangement.h"
#include "core/records.h"

namespace archive {

/// An item with its pages in their order.
struct ArrangedItem {
  ItemRecord record;  ///< its key is always set
  std::vector<PageNumber> pages;
  bool declared = false;     ///< a catalogue says that it is there, with pages or without
  bool catalogued = false;   ///< the office's own
  std::string decided_type;  ///< by a person, or empty
  std::string decided_class;
  std::string decided_retention;
};

struct ArrangedDossier {
  std::string key;
  std::string opened_by;
  std::string dossier_no;         ///< as a person gave it; empty: as its pages say
  std::vector<PageNumber> pages;  ///< all of them, in the order of the dossier
  std::vector<ArrangedItem> items;
};

/// A dossier as it lies, and the pages of it that may not leave it.
struct KeptDossier {
  ArrangedDossier lies;
  std::set<PageNumber> pages;
};

/// Sequences rise; each item keeps its own where it can.
void number_items(ArrangedDossier& dossier);

/// How the pages of a batch lie: every page in one dossier, and in one item of it or none.
struct Structure {
  std::vector<ArrangedDossier> dossiers;
  std::map<std::string, std::string> merged;  ///< dossiers without pages, and where these are
  /// Whom a page names so is another than the others of that name: page -> name -> decision.
  std::map<PageNumber, std::map<std::string, ArrangementNumber>> apart;
  std::map<ArrangementNumber, std::string> conflicts;  ///< decisions that cannot be followed
};

/// Which pages stand in the place of others by the decisions that stand: old page to new one, as
/// far as both are among `pages`, and why the others cannot be followed.
struct Replacements {
  std::map<PageNumber, PageNumber> by;  ///< each to the last of its chain
  std::set<PageNumber> stand_in;        ///< they have no place of their own
  std::map<ArrangementNumber, std::string> conflicts;
};
Replacements replacements_of(const std::vector<Arrangement>& decisions,
                             const std::vector<PageNumber>& pages);

/// Lays the decisions that stand over what the machine put together, in their order. Pure: the same
/// structure and decisions give the same answer, so that nothing a person decided is undone by
/// putting a batch together again. What is as decided already stays as it is. A decision that names
/// what is not there any more changes nothing and is a conflict. A page that another stands for
/// (`replaced`) means that one.
void arrange(Structure& structure, const std::vector<Arrangement>& decisions,
             const std::map<PageNumber, PageNumber>& replaced = {});

}  // namespace archive
