#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>

#include "config/settings.h"
#include "ingest/decoder/child.h"
#include "ingest/decoder/descriptor.h"

namespace archive {

/// Where the decoder program is: JUANZONG_DECODER, then beside this program, then where it
/// was installed. Throws ArchiveError{internal} naming the places.
std::filesystem::path find_decoder_program();

/// Makes decoder processes, out of the template process it keeps (see child_main.h).
///
/// All calls from one thread, and that thread must outlive the children: the kernel kills
/// them when the thread that started the template ends, which is what we want when the
/// whole program dies, and not before.
class Nursery {
 public:
  Nursery(std::filesystem::path program, const DecodeSettings& settings);
  ~Nursery();
  Nursery(const Nursery&) = delete;
  Nursery& operator=(const Nursery&) = delete;

  /// A fresh child. Throws ArchiveError{internal} when there is none to be had: no program,
  /// no sandbox in this kernel, no more processes.
  std::unique_ptr<Child> make_child();

 private:
  void start_template();
  void stop_template();
  std::unique_ptr<Child> fork_child();

  std::filesystem::path program_;
  DecodeSettings settings_;
  Descriptor control_;
  pid_t template_pid_ = 0;
};

}  // namespace archive
