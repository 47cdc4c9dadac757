#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/forms.h"
#include "core/arrangement.h"
#include "core/records.h"
#include "ingest/structure.h"
#include "store/records/records.h"

namespace archive {

/// What assembling asks about.
struct AssemblyTables {
  /// The retention code of a document type.
  std::function<std::string(const std::string& doc_type)> retention_of;
  /// The office's own catalogue of a volume, by 档号; may be empty. Where there is one, its items
  /// are the items.
  std::function<std::vector<CatalogueEntry>(const std::string& dossier_no)> catalogue_of;
  /// The retention code of a class that a person gave an item.
  std::function<std::string(const std::string& class_code)> retention_of_class = {};
  /// What a package said of the dossier in this folder of the batch; nothing where the batch did
  /// not come in a package. May be empty.
  std::function<std::optional<PackedDossierRecord>(const std::string& folder)> packed_as = {};
  /// Those under a hold, and those of what an approved disposal list is about.
  std::vector<KeptDossier> kept = {};
};

/// Puts the pages of a batch together: dossiers, the items inside them, the persons they
/// name. Pure: the same pages give the same answer.
///
/// Dossiers. A separator sheet opens one and belongs to it (key "separator:<file>#<n>");
/// otherwise each sub-folder of the batch is one ("folder:<path>"), each file of several
/// pages that lies outside a sub-folder ("file:<name>"), and all single pictures outside
/// together ("batch"). Pages before the first separator of a folder or file form the
/// dossier of that folder or file.
///
/// The archive number is that of a separator's code, else what the package said in which the
/// dossier came, else what stands on a page.
///
/// Items. The catalogue 卷内文件目录 says which there are and which page numbers they
/// have; pages find their item by the number stamped on them, and where that cannot be
/// read by the number it must have between its neighbours'.
/// What the catalogue does not name, and everything when there is none, becomes an item
/// for each run of pages of one document type; a page with a title begins a new one.
/// Cover, catalogue, closing sheet, blanks, separators and pages set aside are in no item.
///
/// Persons. Whoever a page names is mentioned; a citizen number counts only when its
/// check digit holds, and nobody is joined by name here.
///
/// Decisions. What persons decided about the structure is laid over all of this, in the order of
/// their decisions (ingest/structure.h), each time.
///
/// Holds. Whatever was read or decided, no page leaves a dossier in which it is kept; one that
/// would is marked as such (ingest/kept_dossiers.h).
///
/// `pages` are in the order of the paper, `received_on` is the day the batch came in, ISO 8601.
Records::Assembled assemble_dossiers(const std::vector<PageRecord>& pages,
                                     const std::vector<Arrangement>& decisions,
                                     const AssemblyTables& tables,
                                     const std::string& received_on = {});

/// Reads a batch, puts it together and keeps the result. Does what is left of it when a run
/// was stopped between reading and this.
void assemble_batch(Records& records, const FormCatalogue& catalogue, BatchNumber batch);
/// The same for all batches of which pages were read again since.
void assemble_what_changed(Records& records, const FormCatalogue& catalogue);

/// The archive number in the code of a separator sheet, "DA|<number>|<sheet>"; empty when
/// the text has another form.
std::string dossier_no_in_code(const std::string& text);

}  // namespace archive
