#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "core/page.h"
#include "core/result.h"
#include "ingest/decoder/decoder_pool.h"

// What the archive's program and `juanzong-decode` say to each other. Both come from one
// build, so numbers travel as they lie in memory; the magic refuses a stranger. Fixed
// messages go over a SOCK_SEQPACKET socket, one a packet. Pixels, and after them the texts,
// follow through a pipe: it needs no memory of its own, where a file in memory for each
// child would cost more than the decoding of many pages.
//
// The child may have been taken over by the file it decodes. Everything it says is checked
// here before anybody uses it.

namespace archive {

constexpr std::uint32_t kRequestMagic = 0x4a5a5131;  // "JZQ1"
constexpr std::uint32_t kAnswerMagic = 0x4a5a4131;
constexpr std::uint64_t kTextBytesMax = 8ULL << 20;  // warnings and words of one page

enum class Verb : std::uint32_t { summary = 1, page = 2 };

/// Asked of a child. The first one carries the open file as a descriptor.
struct Request {
  std::uint32_t magic = kRequestMagic;
  Verb verb = Verb::summary;
  std::uint32_t kind = 0;  ///< a SourceKind
  std::int32_t page = 0;
  std::int32_t pages_max = 0;
  std::int32_t render_dpi = 0;
  std::uint64_t pixels_max = 0;
};

enum class Outcome : std::uint32_t { summary = 1, page = 2, fault = 3 };

/// Answered by a child. Then the pixels follow through the pipe and `text_bytes` of texts:
/// the warnings and the words of a page, the warnings of a summary, the detail of a fault.
struct Answer {
  std::uint32_t magic = kAnswerMagic;
  Outcome outcome = Outcome::fault;
  std::uint32_t reason = 0;  ///< a FaultReason
  std::int32_t pages = 0;
  std::int32_t width = 0;
  std::int32_t height = 0;
  std::int32_t channels = 0;
  std::int32_t bits_per_pixel = 0;
  std::uint32_t rendered = 0;
  std::uint32_t reserved = 0;
  std::uint64_t text_bytes = 0;
  double dpi_x = 0;
  double dpi_y = 0;
};
static_assert(std::is_trivially_copyable_v<Request> && std::is_trivially_copyable_v<Answer>);

/// Asked of the template process: make a child that talks over the first descriptor sent
/// along and writes pixels into the second, a pipe. It answers with a ForkAnswer.
struct ForkRequest {
  std::uint32_t magic = kRequestMagic;
  std::uint32_t reserved = 0;
};
struct ForkAnswer {
  std::uint32_t magic = kAnswerMagic;
  std::int32_t pid = 0;    ///< 0 or less: could not, see `error`
  std::int32_t error = 0;  ///< an errno
};

/// Said once by the template process, when its sandbox stands.
struct ReadyMessage {
  std::uint32_t magic = kAnswerMagic;
  std::int32_t error = 0;         ///< an errno: there will be no sandbox, hence no child
  std::int32_t landlock_abi = 0;  ///< 0: the kernel has none, and no file can be opened
};

/// The texts that follow the pixels, as bytes. What does not fit is left out.
std::string pack_texts(const std::vector<std::string>& warnings,
                       const std::vector<LayerWord>& words);

struct Texts {
  std::vector<std::string> warnings;
  std::vector<LayerWord> words;
};
/// Nothing when the bytes are not what pack_texts() makes: a length that lies, text that is
/// no UTF-8, a place that is no number.
std::optional<Texts> unpack_texts(std::string_view bytes);

/// Nothing when an honest child cannot have said this in answer to `request`.
bool is_plausible(const Answer& answer, const Request& request);

/// Bytes of pixels an answer announces. REQUIRES: is_plausible().
std::uint64_t pixel_bytes(const Answer& answer);

}  // namespace archive
