#include "ingest/decoder/decoder_pool.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

#include "core/error.h"
#include "ingest/decoder/child.h"
#include "ingest/decoder/descriptor.h"
#include "ingest/decoder/nursery.h"
#include "ingest/decoder/protocol.h"

namespace archive {
namespace {

constexpr std::size_t kSniffBytes = 2048;
constexpr int kFreshMax = 2;  // children made ahead

// One state of one file: a child that holds it may be asked about it again.
struct FileKey {
  std::string path;
  dev_t device = 0;
  ino_t node = 0;
  off_t size = 0;
  std::int64_t modified_ns = 0;

  bool operator==(const FileKey&) const = default;
};

struct OpenFile {
  Descriptor descriptor;
  FileKey key;
  SourceKind kind = SourceKind::other;

  std::uint64_t size_bytes() const { return static_cast<std::uint64_t>(key.size); }
};

PageFault fault(FaultReason reason, std::string detail = {}) {
  return {Stage::decode, reason, std::move(detail)};
}

// What the page cannot help: it would be set aside for ever because the machine was sick once.
constexpr std::array kSickMachine = {EIO, EMFILE, ENFILE, ENOMEM, ENXIO, EINTR};

PageFault open_fault(const std::filesystem::path& path, int error) {
  if (std::ranges::find(kSickMachine, error) != kSickMachine.end()) {
    throw ArchiveError(ErrorKind::disk, path.string(),
                       "the file cannot be read: " + std::generic_category().message(error),
                       "check the disk (dmesg, smartctl) and the limits on open files and memory, "
                       "then run the same command again, it goes on where it stopped");
  }
  const auto reason = error == ENOENT ? FaultReason::vanished : FaultReason::unreadable_file;
  return fault(reason, std::generic_category().message(error));
}

template <class Call>
auto unless_interrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

// Not blocking: a pipe that lies where a file should must not stop us.
Result<OpenFile, PageFault> open_stored(const std::filesystem::path& path,
                                        const DecodeSettings& settings) {
  OpenFile file;
  file.descriptor = Descriptor(unless_interrupted(
      [&path] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
  if (!file.descriptor) return Failure{open_fault(path, errno)};
  struct stat facts {};
  if (::fstat(file.descriptor.get(), &facts) != 0) return Failure{open_fault(path, errno)};
  if (!S_ISREG(facts.st_mode)) return Failure{fault(FaultReason::unreadable_file, "not a file")};
  if (facts.st_size == 0) return Failure{fault(FaultReason::empty_file)};
  if (static_cast<std::uint64_t>(facts.st_size) > settings.file_bytes_max) {
    return Failure{fault(FaultReason::too_large, std::to_string(facts.st_size) + " bytes")};
  }
  std::array<char, kSniffBytes> first{};
  const ssize_t got = unless_interrupted(
      [&] { return ::pread(file.descriptor.get(), first.data(), first.size(), 0); });
  if (got < 0) return Failure{open_fault(path, errno)};
  file.kind = kind_of({first.data(), static_cast<std::size_t>(got)});
  file.key = {path.string(), facts.st_dev, facts.st_ino, facts.st_size,
              facts.st_mtim.tv_sec * std::int64_t{1'000'000'000} + facts.st_mtim.tv_nsec};
  return file;
}

bool may_hold_many_pages(SourceKind kind) {
  return kind == SourceKind::tiff || kind == SourceKind::pdf;
}

}  // namespace

// A keeper thread makes children ahead of need and buries those no longer needed, so that
// callers wait for neither. It lives as long as the pool, see Nursery.
struct DecoderPool::Impl {
 public:
  Impl(const DecodeSettings& settings, int children_max, std::filesystem::path program);
  ~Impl();

  Result<Reply, PageFault> ask(const OpenFile& file, Verb verb, int page);

  const DecodeSettings settings;

 private:
  struct Worker {
    std::unique_ptr<Child> child;
    FileKey file;  // what it holds open
    bool new_to_it = true;
  };

  Worker borrow(const FileKey& key);
  std::optional<Worker> take_idle(const FileKey& key);
  void give_back(Worker worker, bool keep);
  void keep(std::filesystem::path program);
  void keep_until_stopped(Nursery& nursery);
  bool wants_child() const {
    return static_cast<int>(fresh_.size()) < std::min(kFreshMax, children_max_);
  }

  const int children_max_;
  std::mutex mutex_;
  std::condition_variable for_keeper_;
  std::condition_variable for_callers_;
  std::deque<std::unique_ptr<Child>> fresh_;    // guarded by mutex_
  std::deque<Worker> idle_;                     // guarded by mutex_; latest used at the back
  std::vector<std::unique_ptr<Child>> doomed_;  // guarded by mutex_
  int busy_ = 0;                                // guarded by mutex_
  bool started_ = false;                        // guarded by mutex_
  bool stopping_ = false;                       // guarded by mutex_
  std::exception_ptr trouble_;                  // guarded by mutex_
  std::thread keeper_;
};

DecoderPool::Impl::Impl(const DecodeSettings& decode_settings, int children_max,
                        std::filesystem::path program)
    : settings(decode_settings), children_max_(std::max(children_max, 1)) {
  if (program.empty()) program = find_decoder_program();
  keeper_ = std::thread([this, program] { keep(program); });
  std::unique_lock lock(mutex_);
  for_callers_.wait(lock, [this] { return started_ || trouble_ != nullptr; });
  if (trouble_ == nullptr) return;
  lock.unlock();
  keeper_.join();
  std::rethrow_exception(trouble_);
}

DecoderPool::Impl::~Impl() {
  {
    const std::lock_guard lock(mutex_);
    assert(busy_ == 0);
    stopping_ = true;
  }
  for_keeper_.notify_all();
  keeper_.join();
}

void DecoderPool::Impl::keep(std::filesystem::path program) {
  try {
    Nursery nursery(std::move(program), settings);
    keep_until_stopped(nursery);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    trouble_ = std::current_exception();
    for_callers_.notify_all();
  }
}

void DecoderPool::Impl::keep_until_stopped(Nursery& nursery) {
  std::unique_lock lock(mutex_);
  for (;;) {
    started_ = true;
    for_callers_.notify_all();
    for_keeper_.wait(lock, [this] { return stopping_ || wants_child() || !doomed_.empty(); });
    if (stopping_) break;
    auto buried = std::exchange(doomed_, {});
    const bool needed = wants_child();
    lock.unlock();
    // Callers may be waiting for a child, nobody for a funeral.
    std::unique_ptr<Child> child = needed ? nursery.make_child() : nullptr;
    if (child != nullptr) {
      const std::lock_guard relock(mutex_);
      fresh_.push_back(std::move(child));
      for_callers_.notify_all();
    }
    buried.clear();
    lock.lock();
  }
  fresh_.clear();
  idle_.clear();
  doomed_.clear();
}

std::optional<DecoderPool::Impl::Worker> DecoderPool::Impl::take_idle(const FileKey& key) {
  const auto holder = std::ranges::find(idle_, key, &Worker::file);
  if (holder == idle_.end()) return std::nullopt;
  Worker worker = std::move(*holder);
  idle_.erase(holder);
  worker.new_to_it = false;
  return worker;
}

DecoderPool::Impl::Worker DecoderPool::Impl::borrow(const FileKey& key) {
  std::unique_lock lock(mutex_);
  for (;;) {
    for_callers_.wait(lock, [&] {
      if (trouble_ != nullptr) return true;
      const bool held = std::ranges::find(idle_, key, &Worker::file) != idle_.end();
      return busy_ < children_max_ && (held || !fresh_.empty());
    });
    if (trouble_ != nullptr) std::rethrow_exception(trouble_);
    std::optional<Worker> worker = take_idle(key);
    if (!worker) {
      worker = Worker{std::move(fresh_.front()), key, true};
      fresh_.pop_front();
      for_keeper_.notify_one();
    }
    ++busy_;
    return *std::move(worker);
  }
}

void DecoderPool::Impl::give_back(Worker worker, bool keep) {
  const std::lock_guard lock(mutex_);
  --busy_;
  if (keep) {
    idle_.push_back(std::move(worker));
  } else {
    doomed_.push_back(std::move(worker.child));
  }
  while (static_cast<int>(idle_.size()) > children_max_) {
    doomed_.push_back(std::move(idle_.front().child));
    idle_.pop_front();
  }
  if (!doomed_.empty()) for_keeper_.notify_one();
  for_callers_.notify_all();
}

Result<Reply, PageFault> DecoderPool::Impl::ask(const OpenFile& file, Verb verb, int page) {
  Request request;
  request.verb = verb;
  request.kind = static_cast<std::uint32_t>(file.kind);
  request.page = page;
  request.pages_max = settings.pages_max;
  request.render_dpi = settings.render_dpi;
  request.pixels_max = settings.pixels_max;
  Worker worker = borrow(file.key);
  Child& child = *worker.child;
  std::optional<Result<Reply, PageFault>> reply;
  try {
    reply = child.ask(request, worker.new_to_it ? file.descriptor.get() : -1, file.size_bytes());
  } catch (...) {  // no memory for the pixels, say: the place in the pool must not be lost
    give_back(std::move(worker), false);
    throw;
  }
  const bool keep = !child.unfit() && may_hold_many_pages(file.kind);
  give_back(std::move(worker), keep);
  return *std::move(reply);
}

DecoderPool::DecoderPool(const DecodeSettings& settings, int children_max,
                         std::filesystem::path program)
    : impl_(std::make_unique<Impl>(settings, children_max, std::move(program))) {}

DecoderPool::~DecoderPool() = default;

Result<SourceSummary, PageFault> DecoderPool::summary(const std::filesystem::path& stored_file) {
  auto file = open_stored(stored_file, impl_->settings);
  if (!file) return Failure{std::move(file).error()};
  SourceSummary summary;
  summary.kind = (*file).kind;
  if (summary.kind == SourceKind::other) return summary;
  if (!may_hold_many_pages(summary.kind)) {
    summary.pages = 1;
    return summary;
  }
  auto reply = impl_->ask(*file, Verb::summary, 0);
  if (!reply) return Failure{std::move(reply).error()};
  summary.pages = (*reply).answer.pages;
  summary.warnings = std::move((*reply).texts.warnings);
  return summary;
}

Result<PageImage, PageFault> DecoderPool::page(const std::filesystem::path& stored_file,
                                               int page_in_file) {
  auto file = open_stored(stored_file, impl_->settings);
  if (!file) return Failure{std::move(file).error()};
  if ((*file).kind == SourceKind::other) return Failure{fault(FaultReason::not_an_image)};
  auto reply = impl_->ask(*file, Verb::page, page_in_file);
  if (!reply) return Failure{std::move(reply).error()};
  PageImage page;
  page.pixels = std::move((*reply).pixels);
  page.dpi_x = (*reply).answer.dpi_x;
  page.dpi_y = (*reply).answer.dpi_y;
  page.bits_per_pixel = (*reply).answer.bits_per_pixel;
  page.rendered = (*reply).answer.rendered != 0;
  page.text_layer = std::move((*reply).texts.words);
  page.warnings = std::move((*reply).texts.warnings);
  return page;
}

}  // namespace archive
