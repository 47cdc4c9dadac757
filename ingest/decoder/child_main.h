#pragma once

#include "ingest/sources/source_reader.h"

namespace archive {

/// How the child opens a file; tests put saboteurs here.
using OpenSource = OpenedSource (*)(SourceKind, Bytes, const DecodeLimits&);

/// The program `juanzong-decode`, started by DecoderPool with
///
///     juanzong-decode PARENT_PID
///
/// and a socket as descriptor 0. This first process is the template: it loads libraries
/// and font tables once, builds the sandbox, and then makes a child on each request, a
/// twentieth of the cost of starting a program. It never sees a byte of a handed-in file. Its
/// children are adopted by the archive's process (CLONE_PARENT), which alone learns how
/// they end. A child serves requests about one file until its socket closes.
int run_decoder(int argc, char** argv, OpenSource open);

}  // namespace archive
