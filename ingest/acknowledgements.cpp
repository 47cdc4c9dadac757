#include "ingest/acknowledgements.h"

#include <cstdlib>
#include <string>
#include <utility>

#include "core/error.h"

namespace archive {

Acknowledgements::Acknowledgements(std::filesystem::path file) : file_(std::move(file)) {
  if (file_.empty()) return;
  bool torn = false;
  std::ifstream told(file_);
  for (std::string line; std::getline(told, line);) {
    torn = told.eof();
    // A kill may have cut the last line, and its number with it.
    const bool whole = !torn && line.find('\t') != std::string::npos;
    if (whole) told_.insert(std::strtoll(line.c_str(), nullptr, 10));
  }
  out_.open(file_, std::ios::app);
  if (torn) out_ << '\n';
  if (!out_) refuse("cannot be opened for appending");
}

void Acknowledgements::add(const std::vector<PageRecord>& pages) {
  if (!wanted()) return;
  for (const PageRecord& page : pages) {
    if (!told_.insert(page.number).second) continue;
    out_ << page.number << '\t' << page.source_name << '\t' << page.occurrence.page_in_file << '\n';
  }
  // Whoever waits for the lines would wait for ever.
  if (!out_.flush()) refuse("cannot be written: the pages are filed, and not told");
}

void Acknowledgements::refuse(const char* what) const {
  throw ArchiveError(ErrorKind::disk, file_.string(), what,
                     "make room, or give a writable file to --acknowledge; then run the same "
                     "command again");
}

}  // namespace archive
