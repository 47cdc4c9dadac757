#include <fmt/format.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/commands.h"
#include "app/interrupt.h"
#include "app/output_file.h"
#include "app/pdf_pages.h"
#include "app/version.h"
#include "app/words.h"
#include "store/archive_folder.h"
#include "store/objects/compression.h"
#include "viewer/hocr.h"
#include "viewer/plain_text.h"
#include "viewer/reading_room.h"
#include "viewer/searchable_pdf.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

/// What is to be given out.
struct Selection {
  std::vector<PageNumber> pages;
  std::map<PageNumber, std::string> parts;  ///< names of the items that begin with a page
  std::string title;
};

std::string name_of_item(const ItemRecord& item) {
  std::string name = std::to_string(item.sequence) + " " + item.title;
  if (item.title.empty()) name += item.doc_type;
  if (!item.date.empty()) name += " " + item.date;
  return name;
}

void add_pages(const std::vector<PageRecord>& pages, Selection& selection) {
  for (const PageRecord& page : pages) selection.pages.push_back(page.number);
}

void select_dossier(const ReadingRoom& room, DossierNumber number, Selection& selection) {
  const auto dossier = room.records().dossier(number);
  if (!dossier) {
    throw ArchiveError(ErrorKind::not_found, "dossier " + std::to_string(number),
                       "there is no dossier with this number",
                       "`juanzong show --batch NAME` lists the dossiers of a batch");
  }
  const auto pages = room.records().pages_of_dossier(number);
  add_pages(pages, selection);
  ItemNumber last = 0;
  for (const PageRecord& page : pages) {
    const auto item = std::ranges::find(dossier->items, page.item, &ItemRecord::number);
    if (page.item != last && item != dossier->items.end()) {
      selection.parts.emplace(page.number, name_of_item(*item));
    }
    if (page.item != 0) last = page.item;
  }
  selection.title =
      dossier->dossier_no.empty() ? "dossier " + std::to_string(number) : dossier->dossier_no;
}

void select_item(const ReadingRoom& room, ItemNumber number, Selection& selection) {
  const auto pages = room.records().pages_of_item(number);
  if (pages.empty()) {
    throw ArchiveError(ErrorKind::not_found, "item " + std::to_string(number),
                       "there is no item with this number, or it has no page",
                       "`juanzong show --dossier N` lists the items of a dossier");
  }
  add_pages(pages, selection);
  selection.title = "item " + std::to_string(number);
}

Selection selection_of(const ReadingRoom& room, const ExportOptions& options) {
  const int asked = (options.pages.empty() ? 0 : 1) + (options.item == 0 ? 0 : 1) +
                    (options.dossier == 0 ? 0 : 1);
  if (asked != 1) {
    throw ArchiveError(ErrorKind::usage, "juanzong export",
                       asked == 0 ? "nothing was asked for" : "several things were asked for",
                       "give page numbers, or --item, or --dossier");
  }
  Selection selection;
  if (options.dossier != 0) {
    select_dossier(room, options.dossier, selection);
  } else if (options.item != 0) {
    select_item(room, options.item, selection);
  } else {
    for (const PageNumber number : options.pages) {
      selection.pages.push_back(room.page(number).number);
    }
    selection.title = "page " + std::to_string(selection.pages.front());
  }
  if (selection.pages.empty()) {
    throw ArchiveError(ErrorKind::not_found, selection.title, "there is no page in it",
                       "`juanzong show --dossier N` lists what is there");
  }
  if (!options.title.empty()) selection.title = options.title;
  return selection;
}

/// Where a page goes, in one of the forms. Returns false when there is nothing to show of it.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual bool add(const PageRecord& page) = 0;
  virtual void finish() = 0;
};

class TextWriter : public Writer {
 public:
  TextWriter(const ReadingRoom& room, const ExportOptions& options)
      : room_(room), output_(options.output, options.overwrite) {}
  bool add(const PageRecord& page) override {
    if (!first_) output_.write("\f");
    first_ = false;
    output_.write(plain_text_of(room_.layout(page)));
    return page.layout_blob.has_value();
  }
  void finish() override { output_.finish(); }

 private:
  const ReadingRoom& room_;
  Output output_;
  bool first_ = true;
};

std::string program() { return std::string("juanzong ") + kVersion; }

class HocrWriter : public Writer {
 public:
  HocrWriter(const ReadingRoom& room, const ExportOptions& options, const Selection& selection)
      : room_(room), output_(options.output, options.overwrite) {
    output_.write(hocr_head(selection.title, program(), static_cast<int>(selection.pages.size())));
  }
  bool add(const PageRecord& page) override {
    PageLayout layout = room_.layout(page);
    layout.width = page.width;
    layout.height = page.height;
    output_.write(hocr_of(layout, {page.source_name, number_++, page.dpi_x, page.dpi_y}));
    return page.layout_blob.has_value();
  }
  void finish() override {
    output_.write(hocr_tail());
    output_.finish();
  }

 private:
  const ReadingRoom& room_;
  Output output_;
  int number_ = 0;
};

/// One file a page, as the standard wants it: a document has one image a page.
class AltoWriter : public Writer {
 public:
  AltoWriter(const ReadingRoom& room, const ExportOptions& options, std::size_t pages)
      : room_(room) {
    if (pages == 1) {
      output_.emplace(options.output, options.overwrite);
    } else if (options.output.empty() || options.output == "-") {
      throw ArchiveError(ErrorKind::usage, "juanzong export",
                         "the ALTO of several pages is several files",
                         "name a new folder with --output");
    } else {
      folder_.emplace(options.output);
    }
  }
  bool add(const PageRecord& page) override {
    ++number_;
    if (!page.alto_blob) return false;
    const std::string alto = expand(room_.objects().get(*page.alto_blob));
    if (output_) {
      output_->write(alto);
    } else {
      OutputFile file(folder_->path() / fmt::format("{:04}-page-{}.xml", number_, page.number),
                      false);
      file.write(alto);
      file.finish();
    }
    return true;
  }
  void finish() override {
    if (output_) output_->finish();
    if (folder_) folder_->finish();
  }

 private:
  const ReadingRoom& room_;
  std::optional<Output> output_;
  std::optional<OutputFolder> folder_;
  int number_ = 0;
};

class PdfWriter : public Writer {
 public:
  PdfWriter(const ReadingRoom& room, const ExportOptions& options, const Selection& selection)
      : selection_(selection),
        output_(options.output, options.overwrite),
        pdf_([this](std::string_view bytes) { output_.write(bytes); },
             {selection.title, program()}),
        pages_(room,
               read_settings(ArchiveFolder::open(options.archive).settings_file()).ingest.decode) {}

  bool add(const PageRecord& page) override {
    if (const auto part = selection_.parts.find(page.number); part != selection_.parts.end()) {
      pdf_.begin_part(part->second);
    }
    return pages_.add(page, pdf_);
  }
  void finish() override {
    pdf_.finish();
    output_.finish();
  }

 private:
  const Selection& selection_;
  Output output_;
  SearchablePdf pdf_;
  PdfPages pages_;
};

std::unique_ptr<Writer> writer_for(const ReadingRoom& room, const ExportOptions& options,
                                   const Selection& selection) {
  if (options.form == "text") return std::make_unique<TextWriter>(room, options);
  if (options.form == "hocr") return std::make_unique<HocrWriter>(room, options, selection);
  if (options.form == "alto") {
    return std::make_unique<AltoWriter>(room, options, selection.pages.size());
  }
  if (options.output.empty()) {
    throw ArchiveError(ErrorKind::usage, "juanzong export", "a PDF needs a file",
                       "name it with --output, or give --output - for standard output");
  }
  return std::make_unique<PdfWriter>(room, options, selection);
}

void report(const ExportOptions& options, const Selection& selection,
            const std::vector<PageNumber>& missing, const Console& say) {
  for (const PageNumber page : missing) {
    say.note(fmt::format("{} {}: {}", say("页", "page"), page,
                         say("无法输出，已空出其位置",
                             "nothing of it could be given out; its "
                             "place is kept")));
  }
  if (options.output.empty() || options.output == "-") return;
  if (say.json()) {
    const nlohmann::ordered_json json = {{"file", options.output.string()},
                                         {"form", options.form},
                                         {"pages", selection.pages.size()},
                                         {"pages_missing", missing}};
    say.result_json(json);
    return;
  }
  say.result(fmt::format("{}: {}  {}: {}", say("已写入", "written"), options.output.string(),
                         say("页", "pages"), selection.pages.size()));
}

}  // namespace

int run_export(const ExportOptions& options, const Console& say) {
  const ReadingRoom room(options.archive);
  const Selection selection = selection_of(room, options);
  const std::atomic<bool>& stop = stop_on_signals();
  const std::unique_ptr<Writer> writer = writer_for(room, options, selection);
  std::vector<PageNumber> missing;
  std::size_t done = 0;
  for (const PageNumber number : selection.pages) {
    if (stop) {
      say.end_progress();
      say.note(say("已按要求停止，未留下文件", "stopped as asked; no file was left"));
      return static_cast<int>(ErrorKind::interrupted);
    }
    if (!writer->add(room.page(number))) missing.push_back(number);
    if (say.live()) {
      say.progress(fmt::format("{} {}/{}", say("页", "pages"), ++done, selection.pages.size()));
    }
  }
  if (say.live()) say.end_progress();
  writer->finish();
  report(options, selection, missing, say);
  return missing.empty() ? 0 : static_cast<int>(ErrorKind::set_aside);
}

}  // namespace archive
