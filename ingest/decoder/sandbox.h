#pragma once

namespace archive {

/// The walls around a decoder, built in two steps.
///
/// enter_template_sandbox() is called once in the template process, before it makes
/// children: no new privileges, not dumpable, no core files, few descriptors, no byte
/// written to any file, and Landlock: of the file system only fonts and Poppler's
/// tables can be read, nothing written, no TCP, no signals to or sockets of the outside
/// where the kernel knows how. Children inherit all that.
///
/// enter_decoder_sandbox() is called in each child before it receives its file: a seccomp
/// list of allowed calls. Anything else kills the process (SIGSYS); a few calls that honest
/// libraries try for convenience fail with an error instead. Without Landlock no file can
/// be opened at all.
///
/// forbid_files() closes the file system altogether: only PDF needs fonts.

struct SandboxFacts {
  int error = 0;         ///< an errno: there is no seccomp, nothing may be decoded
  int landlock_abi = 0;  ///< 0: the kernel has no Landlock
};

SandboxFacts enter_template_sandbox();

/// False when the kernel refuses; the process must end then.
bool enter_decoder_sandbox();
bool forbid_files();

}  // namespace archive
