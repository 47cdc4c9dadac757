#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "core/rights.h"
#include "store/records/records.h"
#include "store/sealing/keyring.h"

namespace archive {

/// In whose name this process acts, as the command line says: nobody named is whoever has the
/// account of the system. Said once, before the command runs.
void act_by(const std::string& name, const std::string& co_signer);

/// Who that is, for an archive with these settings. Passwords are asked for at the terminal, or
/// read from the files that $JUANZONG_PASSWORD_FILE and $JUANZONG_CO_SIGNER_PASSWORD_FILE name.
Claim claim_of_process(const Settings& settings);

/// Throws ArchiveError{forbidden} and notes it in the ledger, unless whoever acts has one of these
/// rights. Says nothing about an archive that cannot be read: the command itself does.
void require_right(const std::filesystem::path& archive, const std::vector<Right>& any_of);

/// How this process opens encrypted archives: as the command line says, or $JUANZONG_KEY_FILE or
/// $JUANZONG_PASSPHRASE_FILE name a file; else the terminal is asked for the passphrase. The key
/// itself is on no command line and in no variable, where other processes could read it.
void unlock_as_said(const KeySource& said);

/// A password from a terminal, typed twice alike, or from the first line of standard input.
std::string new_password(std::string_view name);

}  // namespace archive
