// Times what keeping costs, for bench/figures store:
//
//   juanzong_store_figures put OBJECTS FILE...    puts files into an object store, one thread
//   juanzong_store_figures events ARCHIVE COUNT   gives a new archive COUNT ledger entries
//
// Prints seconds.

#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>

#include "store/archive_folder.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kFileBytesMax = std::uint64_t{1} << 40;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double put(const fs::path& folder, int files, char** names) {
  fs::create_directories(folder / "sha256");
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
  ArchiveFolder::create(folder, "");
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

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc >= 4 && std::strcmp(argv[1], "put") == 0) {
      std::printf("%.3f\n", put(argv[2], argc - 3, argv + 3));
      return 0;
    }
    if (argc == 4 && std::strcmp(argv[1], "events") == 0) {
      std::printf("%.3f\n", events(argv[2], std::stoll(argv[3])));
      return 0;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "juanzong_store_figures: %s\n", error.what());
    return 1;
  }
  std::fprintf(stderr, "usage: juanzong_store_figures put|events FOLDER ...\n");
  return 2;
}
