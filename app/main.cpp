#include <exception>
#include <iostream>

#include "app/acting.h"
#include "app/command_line.h"
#include "core/error.h"

int main(int argc, char** argv) {
  using archive::ArchiveError;
  using archive::Console;
  using archive::ErrorKind;

  const archive::Invocation invocation = archive::parse_command_line(argc, argv);
  if (!invocation.command) {
    (invocation.exit_code == 0 ? std::cout : std::cerr) << invocation.text;
    return invocation.exit_code;
  }
  const Console console(invocation.language, invocation.json);
  try {
    archive::act_by(invocation.by, invocation.co_signer);
    archive::unlock_as_said(invocation.archive_key);
    return invocation.command(console);
  } catch (const ArchiveError& error) {
    console.end_progress();
    console.error(error);
    return static_cast<int>(error.kind());
  } catch (const std::exception& error) {
    console.end_progress();
    console.error(ArchiveError(ErrorKind::internal, "juanzong", error.what(),
                               "what was filed is safe; report this with the command you gave"));
    return static_cast<int>(ErrorKind::internal);
  }
}
