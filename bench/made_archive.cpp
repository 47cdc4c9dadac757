// juanzong_made_archive TEMPLATES PAGES PICTURE FOLDER
//
// Fills the new archive FOLDER with made-up pages (bench/corpus.h): records, texts, index and all;
// PICTURE, a JPEG, is what each of them looks like. Prints the numbers of the persons, a line each:
// what must not be seen where it is not to be.

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/corpus.h"
#include "config/forms.h"
#include "core/layout.h"
#include "core/utf8.h"
#include "ingest/ingest.h"
#include "store/archive_folder.h"
#include "store/objects/compression.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"
#include "viewer/jpeg_header.h"

namespace archive {
namespace {

constexpr std::uint64_t kSeed = 1;  // as juanzong_index_figures: its questions fit
constexpr PageNumber kPagesPerBatch = 2'000;

struct Picture {
  Picture(BlobId kept, const std::string& jpeg) : blob(std::move(kept)), bytes(jpeg.size()) {
    const auto header = read_jpeg_header(jpeg);
    if (!header) throw std::runtime_error("the picture is no JPEG");
    width = header->width;
    height = header->height;
  }
  BlobId blob;
  std::size_t bytes;
  int width = 0, height = 0;
};

/// Lines one below the other, each character as wide as the next.
void lay_out(PageLayout& layout, const Picture& picture) {
  constexpr double kMargin = 100, kStep = 60, kCharacter = 40;
  layout.width = picture.width;
  layout.height = picture.height;
  double y = kMargin;
  for (TextLine& line : layout.lines) {
    const std::u32string text = code_points(line.text);
    const double width = kCharacter * static_cast<double>(std::max<std::size_t>(1, text.size()));
    line.quad = Quad::of({kMargin, y, kMargin + width, y + kCharacter});
    line.confidence = 0.99;
    line.chars.clear();
    for (std::size_t i = 0; i < text.size(); ++i) {
      const double at = (static_cast<double>(i) + 0.5) / static_cast<double>(text.size());
      line.chars.push_back({utf8(text.substr(i, 1)), at, 0.99});
    }
    y += kStep;
    if (y > picture.height - kMargin) y = kMargin;
  }
}

/// The value's place is that of the line it stands in, else the top of the page.
void place_fields(PageRecord& page, const PageLayout& layout) {
  for (FieldRecord& field : page.fields) {
    const auto line = std::ranges::find_if(layout.lines, [&field](const TextLine& one) {
      return one.text.find(field.value) != std::string::npos;
    });
    field.quad = line == layout.lines.end() ? Quad::of({100, 20, 500, 60}) : line->quad;
    field.confidence = 0.9;
  }
}

class Maker {
 public:
  Maker(const std::filesystem::path& folder, const std::string& jpeg)
      : records_(Records::open_writer(folder)),
        objects_(ArchiveFolder::open(folder).objects(), false),
        index_(PageIndex::open_writer(ArchiveFolder::open(folder).index())),
        picture_(objects_.put(jpeg), jpeg) {}

  void batch(const Corpus& corpus, PageNumber first, PageNumber end) {
    records_.together([&] {
      const std::string name = "made-" + std::to_string(first);
      const BatchNumber batch = records_.open_batch(name, name, {}).number;
      std::vector<Records::AssembledDossier> dossiers;
      for (PageNumber number = first; number < end; ++number) {
        put(corpus.page(number), number - first, batch, dossiers);
      }
      records_.assemble(batch, dossiers);
      records_.close_batch(batch, BatchState::complete, "", std::nullopt);
    });
  }

  void fill_index() {
    const std::atomic<bool> stop = false;
    const FormCatalogue catalogue =
        FormCatalogue::load(std::filesystem::path(SOURCE_ROOT) / "config");
    bring_index_up_to_date(catalogue, objects_, records_, index_, stop);
  }

 private:
  void put(IndexedPage made, std::int64_t order, BatchNumber batch,
           std::vector<Records::AssembledDossier>& dossiers) {
    const std::string key = std::to_string(made.page.dossier);
    if (dossiers.empty() || dossiers.back().dossier.key != key) begin(dossiers, made, key);
    Records::AssembledDossier& dossier = dossiers.back();
    const PersonRecord& person = made.persons.front();
    SourceRecord source;
    source.batch = batch;
    source.name = person.citizen_id + "_" + std::to_string(order) + ".jpg";
    source.blob = picture_.blob;
    source.size_bytes = picture_.bytes;
    source.kind = SourceKind::jpeg;
    source.carrier = Carrier::image;
    source.pages = 1;
    source.first_order = order;
    source = records_.add_source(source);
    lay_out(made.layout, picture_);
    PageRecord& page = made.page;
    page.occurrence = {batch, source.number, 0, source.first_order};
    page.source_name = source.name;
    page.source_blob = source.blob;
    page.width = picture_.width;
    page.height = picture_.height;
    page.dpi_x = page.dpi_y = 300;
    page.dossier = 0;
    place_fields(page, made.layout);
    page.layout_blob = objects_.put(compress(serialize_layout(made.layout)));
    const PageNumber filed = records_.put_page(page);
    dossier.mentions.push_back({filed, person.name, person.citizen_id, "holder"});
    dossier.pages.push_back({filed, 1, static_cast<std::int64_t>(dossier.pages.size()) + 1});
  }

  static void begin(std::vector<Records::AssembledDossier>& dossiers, const IndexedPage& made,
                    const std::string& key) {
    const PersonRecord& person = made.persons.front();
    DossierRecord& dossier = dossiers.emplace_back().dossier;
    dossier.key = key;
    dossier.dossier_no = made.dossier_no;
    dossier.title = person.name + " " + person.citizen_id;
    dossier.opened_by = "folder";
    ItemRecord item;
    item.sequence = 1;
    item.doc_type = made.page.doc_type;
    item.title = made.page.title;
    dossier.items.push_back(item);
    std::printf("%s\n", person.citizen_id.c_str());
  }

  Records records_;
  ObjectStore objects_;
  PageIndex index_;
  Picture picture_;
};

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void run(const std::vector<std::string>& arguments) {
  const PageNumber pages = std::stoll(arguments[1]);
  const Corpus corpus(arguments[0], kSeed);
  Maker maker(arguments[3], bytes_of(arguments[2]));
  for (PageNumber first = 1; first <= pages; first += kPagesPerBatch) {
    maker.batch(corpus, first, std::min(first + kPagesPerBatch, pages + 1));
  }
  maker.fill_index();
}

}  // namespace
}  // namespace archive

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "juanzong_made_archive TEMPLATES PAGES PICTURE FOLDER\n");
    return 2;
  }
  try {
    archive::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
