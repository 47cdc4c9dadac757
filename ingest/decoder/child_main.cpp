#include "ingest/decoder/child_main.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/decoder/packet.h"
#include "ingest/decoder/protocol.h"
#include "ingest/decoder/sandbox.h"

namespace archive {
namespace {

constexpr int kControl = 0;  // the socket
constexpr int kPicture = 1;  // the pipe
constexpr double kDpiMax = 100'000;

enum ExitCode { kOk = 0, kUsage = 2, kNoSandbox = 3, kNonsense = 4, kBroken = 5 };

void pour(const void* bytes, std::size_t count) {
  const auto* from = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t done = ::write(kPicture, from, count);
    if (done <= 0) ::_exit(kBroken);
    from += done;
    count -= static_cast<std::size_t>(done);
  }
}

// Serves one file.
class Servant {
 public:
  explicit Servant(OpenSource open_source) : open_source_(open_source) {}

  [[noreturn]] void serve() {
    for (;;) {
      Request request;
      std::vector<Descriptor> descriptors;
      if (!receive_message(kControl, request, descriptors)) ::_exit(kOk);
      if (request.magic != kRequestMagic) ::_exit(kNonsense);
      if (!descriptors.empty()) take_file(descriptors.front(), request);
      respond(request);
    }
  }

 private:
  void take_file(const Descriptor& file, const Request& request);
  void respond(const Request& request);
  Answer answer(const Request& request);
  void open(const Request& request);
  Answer answer_page(const Request& request);
  Answer answer_fault(const PageFault& fault);
  Answer with_texts(Answer said, std::string texts);
  OpenSource open_source_;
  Bytes bytes_;
  std::unique_ptr<SourceReader> reader_;
  std::optional<PageFault> fault_;  // why the file could not be opened
  PageImage page_;                  // what the answer is about
  std::string texts_;
};

void Servant::take_file(const Descriptor& file, const Request& request) {
  if (static_cast<SourceKind>(request.kind) != SourceKind::pdf && !forbid_files()) {
    ::_exit(kNoSandbox);
  }
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0 || facts.st_size <= 0) ::_exit(kNonsense);
  const auto size = static_cast<std::size_t>(facts.st_size);
  void* start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (start == MAP_FAILED) {
    fault_ = PageFault{Stage::decode, FaultReason::decoder_memory, "no room for the file"};
    return;
  }
  bytes_ = {static_cast<const std::uint8_t*>(start), size};
}

// libtiff, libpng and the others answer by return codes or are wrapped; what is left are
// C++ exceptions of ours and of Poppler.
void Servant::respond(const Request& request) {
  Answer said;
  try {
    said = answer(request);
  } catch (const std::bad_alloc&) {
    said = answer_fault({Stage::decode, FaultReason::decoder_memory, "out of memory"});
  } catch (const std::exception&) {
    said = answer_fault({Stage::decode, FaultReason::damaged, "the library threw an exception"});
  }
  if (!send_message(kControl, said)) ::_exit(kOk);
  pour(page_.pixels.bytes.data(), pixel_bytes(said));
  pour(texts_.data(), texts_.size());
  page_ = {};  // it may be long until somebody asks for the next one
}

void Servant::open(const Request& request) {
  if (reader_ != nullptr || fault_) return;
  const DecodeLimits limits{request.pixels_max, request.pages_max, request.render_dpi};
  OpenedSource opened = open_source_(static_cast<SourceKind>(request.kind), bytes_, limits);
  if (opened) {
    reader_ = *std::move(opened);
  } else {
    fault_ = std::move(opened).error();
  }
}

Answer Servant::answer(const Request& request) {
  open(request);
  if (fault_) return answer_fault(*fault_);
  if (request.verb == Verb::page) return answer_page(request);
  Answer summary;
  summary.outcome = Outcome::summary;
  summary.pages = reader_->pages();
  return with_texts(summary, pack_texts(reader_->warnings(), {}));
}

double sane_resolution(double dpi) { return dpi > 0 && dpi <= kDpiMax ? dpi : 0; }

Answer Servant::answer_page(const Request& request) {
  if (request.page < 0 || request.page >= reader_->pages()) {
    return answer_fault({Stage::decode, FaultReason::no_pages,
                         "there is no page " + std::to_string(request.page + 1)});
  }
  DecodedPage decoded = reader_->page(request.page);
  if (!decoded) return answer_fault(decoded.error());
  page_ = *std::move(decoded);
  PageImage& page = page_;
  std::erase_if(page.text_layer, [](const LayerWord& word) {
    return !std::ranges::all_of(word.quad.corners, [](const Point& corner) {
      return std::isfinite(corner.x) && std::isfinite(corner.y);
    });
  });
  Answer said;
  said.outcome = Outcome::page;
  said.width = page.pixels.width;
  said.height = page.pixels.height;
  said.channels = page.pixels.channels;
  said.bits_per_pixel = page.bits_per_pixel;
  said.rendered = page.rendered ? 1 : 0;
  said.dpi_x = sane_resolution(page.dpi_x);
  said.dpi_y = sane_resolution(page.dpi_y);
  return with_texts(said, pack_texts(page.warnings, page.text_layer));
}

Answer Servant::answer_fault(const PageFault& fault) {
  Answer said;
  said.outcome = Outcome::fault;
  said.reason = static_cast<std::uint32_t>(fault.reason);
  return with_texts(said, pack_texts({fault.detail}, {}));
}

Answer Servant::with_texts(Answer said, std::string texts) {
  said.text_bytes = texts.size();
  texts_ = std::move(texts);
  return said;
}

// True in the child. As fork(), but the child's parent is our own parent.
bool split(ForkAnswer& said) {
  const long pid = ::syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
  if (pid < 0) said.error = errno;
  said.pid = static_cast<std::int32_t>(pid);
  return pid == 0;
}

// A decoder without anybody to decode for must not go on.
bool die_with(pid_t parent) {
  return ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && ::getppid() == parent;
}

[[noreturn]] void become_decoder(std::vector<Descriptor> descriptors, pid_t parent,
                                 OpenSource open) {
  if (!die_with(parent) || ::dup2(descriptors[0].get(), kControl) < 0 ||
      ::dup2(descriptors[1].get(), kPicture) < 0) {
    ::_exit(kBroken);
  }
  descriptors.clear();
  if (!enter_decoder_sandbox()) ::_exit(kNoSandbox);
  Servant(open).serve();
}

int make_children(pid_t parent, OpenSource open) {
  for (;;) {
    ForkRequest request;
    std::vector<Descriptor> descriptors;
    if (!receive_message(kControl, request, descriptors)) return kOk;
    if (request.magic != kRequestMagic || descriptors.size() != 2) return kNonsense;
    ForkAnswer said;
    if (split(said)) become_decoder(std::move(descriptors), parent, open);
    if (!send_message(kControl, said)) return kOk;
  }
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

}  // namespace

int run_decoder(int argc, char** argv, OpenSource open) {
  const auto parent = argc == 2 ? number_in(argv[1]) : std::nullopt;
  if (!parent) return kUsage;
  if (!die_with(static_cast<pid_t>(*parent))) return kOk;
  prepare_fonts();
  const SandboxFacts facts = enter_template_sandbox();
  ReadyMessage ready;
  ready.error = facts.error;
  ready.landlock_abi = facts.landlock_abi;
  if (!send_message(kControl, ready) || facts.error != 0) return kNoSandbox;
  return make_children(static_cast<pid_t>(*parent), open);
}

}  // namespace archive
