#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "core/fault.h"
#include "core/page.h"

namespace archive {

/// Keeps one page from ending the program again and again. Pages are read in the program itself:
/// one that makes a library crash, or never ends, would stop all that stand behind it at every
/// start. While a page is held, a fatal signal of its thread, or more processor time than it may
/// take, leaves a mark of that page; then the program begins anew with the same arguments
/// and goes on where it was. A page with two marks is set aside unread. A crash is one mark, for
/// the machine may have been at fault; a page that never ends gets both.
///
/// What ends the program from outside (kill -9, a power cut, want of memory) leaves no mark.
/// Marks are of one build of the program: another one tries again.
///
/// Any number of threads may hold one page each. At most one guard at a time in a process.
class ReadingGuard {
 public:
  enum class Then {
    begin_anew,  ///< exec of this program, same arguments
    end,         ///< by the signal that came; SIGABRT for a page that does not end
  };

  /// `folder`, made with the first mark, is the archive's spool/fatal_pages. Takes over SIGSEGV,
  /// SIGBUS, SIGFPE, SIGILL and SIGABRT until it is destroyed.
  ReadingGuard(std::filesystem::path folder, int cpu_seconds_max, Then then = Then::begin_anew);
  ~ReadingGuard();
  ReadingGuard(const ReadingGuard&) = delete;
  ReadingGuard& operator=(const ReadingGuard&) = delete;

  /// Why a page must not be read, if it has its two marks.
  std::optional<PageFault> refusal(const PageOccurrence& page) const;

  /// The calling thread's page, until this is destroyed. A page that got through loses its mark.
  class Hold {
   public:
    Hold(ReadingGuard& guard, const PageOccurrence& page);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    ReadingGuard& guard_;
  };

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace archive
