// Times what keeping costs, for bench/figures store:
//
//   juanzong_store_figures put OBJECTS FILE...    puts files into an object store, one thread
//   juanzong_store_figures events ARCHIVE COUNT   gives a new archive COUNT ledger entries
//   juanzong_store_figures keys ARCHIVE           makes ARCHIVE/objects encrypted, for `put`; the key
//                                                 is in $JUANZONG_KEY_FILE
//   juanzong_store_figures verify ARCHIVE         looks at all of an archive, two threads
//   juanzong_store_figures pages ARCHIVE COUNT    files COUNT pages in an archive: a picture of
//                                                 100 kB, layout and ALTO each
//
// Prints seconds.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>

#include "core/layout.h"
#include "store/archive_folder.h"
#include "store/objects/compression.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"
#include "store/sealing/keyring.h"
#include "store/verify.h"

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kFileBytesMax = std::uint64_t{1} << 40;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

archive::KeySource key_of_process() {
  archive::KeySource source;
  if (const char* file = std::getenv("JUANZONG_KEY_FILE"); file != nullptr) source.key_file = file;
  return source;
}

double put(const fs::path& folder, int files, char** names) {
  if (!archive::is_encrypted(folder.parent_path())) fs::create_directories(folder / "sha256");
  archive::ObjectStore store(folder);
  const Clock::time_point start = Clock::now();
  for (int i = 0; i < files; ++i) {
    if (!store.put_file(names[i], kFileBytesMax)) throw std::runtime_error("a file was refused");
  }
  return seconds_since(start);
}

// Pages with a value, filed and filed again: the events and row changes of ordinary work.
double events(const fs::path& folder, std::int64_t count) {
  using namespace archive;
  std::string recovery;
  if (const KeySource key = key_of_process(); key.named()) {
    ArchiveFolder::create_encrypted(folder, "", key, recovery);
  } else {
    ArchiveFolder::create(folder, "");
  }
  Records records = Records::open_writer(folder);
  const Clock::time_point start = Clock::now();
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  for (std::int64_t done = 3; done + 1 < count; done += 2) {
    SourceRecord source;
    source.batch = batch;
    source.name = std::to_string(done) + ".tif";
    source.blob = hash_of(source.name);
    source.size_bytes = 1;
    source.kind = SourceKind::tiff;
    source.carrier = Carrier::image;
    source.pages = 1;
    source.first_order = done;
    source = records.add_source(source);
    PageRecord page;
    page.occurrence = {batch, source.number, 0, done};
    page.source_name = source.name;
    page.source_blob = source.blob;
    page.doc_type = "DT05";
    page.width = 2480;
    page.height = 3508;
    FieldRecord field;
    field.field = "name";
    field.raw = field.value = "张三" + std::to_string(done);
    field.quad = Quad::of(Box{10, 20, 110, 40});
    page.fields = {field};
    records.put_page(page);
  }
  return seconds_since(start);
}

std::string noise(std::size_t size, std::mt19937_64& random) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i + sizeof(std::uint64_t) <= size; i += sizeof(std::uint64_t)) {
    const std::uint64_t word = random();
    std::memcpy(bytes.data() + i, &word, sizeof word);
  }
  return bytes;
}

archive::PageLayout page_of_text(std::int64_t number) {
  archive::PageLayout layout;
  layout.width = 2480;
  layout.height = 3508;
  constexpr int kLines = 30;
  for (int i = 0; i < kLines; ++i) {
    archive::TextLine line;
    line.text = "社会保险业务档案第" + std::to_string(number) + "页第" + std::to_string(i) + "行";
    line.quad = archive::Quad::of(archive::Box{200, 200 + 100.0 * i, 1800, 240 + 100.0 * i});
    line.confidence = 0.98;
    layout.lines.push_back(std::move(line));
  }
  return layout;
}

// What a backup has to carry: as many objects and bytes as bilevel or grey pages have.
double pages(const fs::path& folder, std::int64_t count) {
  using namespace archive;
  constexpr std::size_t kPictureBytes = 100'000;
  ObjectStore store(folder / "objects", false);
  Records records = Records::open_writer(folder);
  const Clock::time_point start = Clock::now();
  std::mt19937_64 random(20240630);
  const BatchNumber batch = records.open_batch("pages", "pages", {}).number;
  for (std::int64_t i = 0; i < count; ++i) {
    SourceRecord source;
    source.batch = batch;
    source.name = std::to_string(i) + ".tif";
    const std::string picture = noise(kPictureBytes, random);
    source.blob = store.put(picture);
    source.size_bytes = picture.size();
    source.kind = SourceKind::tiff;
    source.carrier = Carrier::image;
    source.pages = 1;
    source.first_order = i;
    source = records.add_source(source);
    PageRecord page;
    page.occurrence = {batch, source.number, 0, i};
    page.source_name = source.name;
    page.source_blob = source.blob;
    page.doc_type = "DT05";
    page.title = "退休审批表";
    page.width = 2480;
    page.height = 3508;
    const PageLayout layout = page_of_text(i);
    page.layout_blob = store.put(compress(serialize_layout(layout)));
    page.alto_blob = store.put(compress("<alto>" + serialize_layout(layout) + "</alto>"));
    FieldRecord field;
    field.field = "name";
    field.raw = field.value = "张三" + std::to_string(i);
    field.quad = Quad::of(Box{10, 20, 110, 40});
    page.fields = {field};
    records.put_page(page);
  }
  records.close_batch(batch, BatchState::complete, "", std::nullopt);
  return seconds_since(start);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    archive::unlock_by(key_of_process());
    if (argc == 3 && std::strcmp(argv[1], "keys") == 0) {
      fs::create_directories(fs::path(argv[2]) / "objects");
      archive::begin_keys(argv[2], key_of_process());
      return 0;
    }
    if (argc >= 4 && std::strcmp(argv[1], "put") == 0) {
      std::printf("%.3f\n", put(argv[2], argc - 3, argv + 3));
      return 0;
    }
    if (argc == 4 && std::strcmp(argv[1], "events") == 0) {
      std::printf("%.3f\n", events(argv[2], std::stoll(argv[3])));
      return 0;
    }
    if (argc == 3 && std::strcmp(argv[1], "verify") == 0) {
      std::printf("%.3f\n", archive::verify(argv[2], {}).counts.seconds);
      return 0;
    }
    if (argc == 4 && std::strcmp(argv[1], "pages") == 0) {
      std::printf("%.3f\n", pages(argv[2], std::stoll(argv[3])));
      return 0;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "juanzong_store_figures: %s\n", error.what());
    return 1;
  }
  std::fprintf(stderr, "usage: juanzong_store_figures put|keys|events|verify|pages FOLDER ...\n");
  return 2;
}
