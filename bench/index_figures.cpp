// juanzong_index_figures build TEMPLATES PAGES FOLDER [--compact]
// juanzong_index_figures ask TEMPLATES PAGES FOLDER QUESTIONS [--plain] [--ingest]
// juanzong_index_figures text TEMPLATES PAGES        pages for other engines, one a line
// juanzong_index_figures plain TEMPLATES PAGES QUESTIONS   what they are asked
//
// An index of made-up pages (bench/corpus.h), and mixed questions to it. One line a figure:
// name<TAB>value<TAB>unit. --plain asks what other engines can be asked as well; --ingest asks
// while pages are put in and committed as fast as they come. Seed 1 throughout.

#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bench/corpus.h"
#include "index/page_index.h"

namespace archive {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint64_t kSeed = 1;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

void print(const std::string& name, double value, const char* unit, std::size_t count = 0) {
  std::printf("%s\t%.3f\t%s", name.c_str(), value, unit);
  if (count > 0) std::printf("\t%zu", count);
  std::printf("\n");
  std::fflush(stdout);
}

double folder_bytes(const std::filesystem::path& folder) {
  double bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += static_cast<double>(entry.file_size());
  }
  return bytes;
}

void build(const Corpus& corpus, PageNumber pages, const std::filesystem::path& folder,
           bool compact) {
  std::vector<IndexedPage> batch;
  double cpu = 0;
  std::filesystem::remove_all(folder);
  PageIndex writer = PageIndex::open_writer(folder);
  for (PageNumber next = 1; next <= pages;) {
    batch.clear();
    while (batch.size() < 1'000 && next <= pages) batch.push_back(corpus.page(next++));
    const double before = cpu_seconds();
    for (const IndexedPage& page : batch) writer.put(page);
    writer.commit();
    cpu += cpu_seconds() - before;
  }
  const auto count = static_cast<std::size_t>(pages);
  print("index_pages_per_cpu_s", static_cast<double>(pages) / cpu, "pages/s", count);
  print("index_bytes_per_page", folder_bytes(folder) / static_cast<double>(pages), "bytes", count);
  if (!compact) return;
  const double before = cpu_seconds();
  writer.compact();
  print("index_compact_cpu_s", cpu_seconds() - before, "s", count);
  print("index_bytes_per_page_compacted", folder_bytes(folder) / static_cast<double>(pages),
        "bytes", count);
}

double at_share(std::vector<double>& times, double share) {
  std::ranges::sort(times);
  return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
}

struct Times {
  std::vector<double> all;
  std::vector<double> cpu;  // of this thread: what a machine that does nothing else would take
  std::map<std::string, std::vector<double>> by_kind;
  std::size_t hits = 0;
};

Times ask(const Corpus& corpus, const PageIndex& reader, PageNumber pages, std::size_t questions,
          bool plain) {
  Times times;
  for (std::size_t i = 0; times.all.size() < questions; ++i) {
    Corpus::Question question = corpus.question(i, pages);
    if (plain && question.plain.empty()) continue;
    if (plain) {
      question.request = {"\"" + question.plain + "\""};
      question.request.exactly = true;
    }
    const double cpu = thread_seconds();
    const auto start = Clock::now();
    const SearchAnswer answer = reader.search(question.request);
    times.all.push_back(1e3 * seconds_since(start));
    times.cpu.push_back(1e3 * (thread_seconds() - cpu));
    times.by_kind[question.kind].push_back(times.cpu.back());
    times.hits += answer.hits.size();
    if (plain) {
      std::printf("hits\t%zu\t", i);
      for (const SearchHit& hit : answer.hits)
        std::printf("%lld ", static_cast<long long>(hit.page));
      std::printf("\n");
    }
  }
  return times;
}

void print_times(Times& times, const std::string& state) {
  const std::size_t count = times.all.size();
  print("p50_" + state + "_ms", at_share(times.all, 0.5), "ms", count);
  print("p99_" + state + "_ms", at_share(times.all, 0.99), "ms", count);
  print("max_" + state + "_ms", times.all.back(), "ms", count);
  print("p50_" + state + "_cpu_ms", at_share(times.cpu, 0.5), "ms", count);
  print("p99_" + state + "_cpu_ms", at_share(times.cpu, 0.99), "ms", count);
  for (auto& [kind, some] : times.by_kind) {
    print("p50_" + state + "_" + kind + "_cpu_ms", at_share(some, 0.5), "ms", some.size());
    print("p99_" + state + "_" + kind + "_cpu_ms", at_share(some, 0.99), "ms", some.size());
  }
}

/// Asks while another thread puts pages in; also how long a page took to be found.
void ask_beside_ingest(const Corpus& corpus, const std::filesystem::path& folder, PageNumber pages,
                       std::size_t questions) {
  std::atomic<bool> stop = false;
  std::atomic<PageNumber> committed = pages;
  std::thread ingest([&] {
    PageIndex writer = PageIndex::open_writer(folder);
    for (PageNumber next = pages + 1; !stop;) {
      for (int i = 0; i < 100; ++i) writer.put(corpus.page(next++));
      writer.commit();
      committed = next - 1;
    }
  });
  PageIndex reader = PageIndex::open_reader(folder);
  const auto start = Clock::now();
  Times times = ask(corpus, reader, pages, questions, false);
  const double seconds = seconds_since(start);
  stop = true;
  ingest.join();
  print_times(times, "ingest");
  print("ingest_pages_per_s", static_cast<double>(committed - pages) / seconds, "pages/s");
}

int run(const std::vector<std::string>& words) {
  const auto flag = [&](const char* name) { return std::ranges::find(words, name) != words.end(); };
  if (words.size() < 3) return 2;
  const Corpus corpus(words[1], kSeed);
  const PageNumber pages = std::stoll(words[2]);
  if (words[0] == "text") {
    for (PageNumber page = 1; page <= pages; ++page) {
      std::string text = Corpus::text_of(corpus.page(page));
      std::ranges::replace(text, '\n', '\v');
      std::printf("%s\n", text.c_str());
    }
    return 0;
  }
  if (words[0] == "plain") {
    const std::size_t questions = std::stoul(words.at(3));
    for (std::size_t i = 0, told = 0; told < questions; ++i) {
      const Corpus::Question question = corpus.question(i, pages);
      if (question.plain.empty()) continue;
      std::printf("%zu\t%s\t%s\n", i, question.kind.c_str(), question.plain.c_str());
      ++told;
    }
    return 0;
  }
  const std::filesystem::path folder = words.at(3);
  if (words[0] == "build") {
    build(corpus, pages, folder, flag("--compact"));
  } else {
    const std::size_t questions = std::stoul(words.at(4));
    if (flag("--ingest")) {
      ask_beside_ingest(corpus, folder, pages, questions);
    } else {
      PageIndex reader = PageIndex::open_reader(folder);
      Times cold =
          ask(corpus, reader, pages, std::min<std::size_t>(questions, 400), flag("--plain"));
      if (!flag("--plain")) print_times(cold, "cold");
      Times warm = ask(corpus, reader, pages, questions, flag("--plain"));
      print_times(warm, flag("--plain") ? "plain" : "warm");
    }
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  print("peak_mb", static_cast<double>(usage.ru_maxrss) / 1024, "MB");
  return 0;
}

}  // namespace
}  // namespace archive

int main(int argc, char** argv) {
  return archive::run(std::vector<std::string>(argv + 1, argv + argc));
}
