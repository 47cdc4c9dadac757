#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/writing.h"
#include "store/archive_folder.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;
using Outside = HeadLog::Outside;

struct StateWords {
  std::string_view name;  // stable, for machines
  std::string_view zh;
  std::string_view en;
};

StateWords words_of(Outside::State state) {
  switch (state) {
    case Outside::State::current:
      return {"current", "最新", "up to date"};
    case Outside::State::unreachable:
      return {"unreachable", "写不到：请接上介质或检查权限，再运行一次",
              "cannot be written: bring the medium back or check the rights, and run this again"};
    case Outside::State::contradicts:
      return {"contradicts", "与本库不符：请运行 juanzong-audit --heads 查明",
              "says something else than this archive: run juanzong-audit --heads on it"};
    case Outside::State::ahead:
      return {"ahead", "比本库新：本库是旧副本，请运行 juanzong-audit --heads 查明",
              "knows more than this archive, which is an older copy: run juanzong-audit --heads"};
  }
  return {};
}

Json state_json(const Records::LedgerState& state) {
  Json outside = Json::array();
  for (const Outside& place : state.outside) {
    outside.push_back({{"folder", place.folder.string()},
                       {"state", words_of(place.state).name},
                       {"entries", place.size}});
  }
  return {{"entries", state.entries},
          {"signed_entries", state.signed_entries},
          {"key", state.key_id},
          {"outside", std::move(outside)}};
}

bool sound(const Records::LedgerState& state) {
  for (const Outside& place : state.outside) {
    if (place.state != Outside::State::current) return false;
  }
  return true;
}

void print_state(const Records::LedgerState& state, const Console& say) {
  say.result(fmt::format("{} {}, {} {}, {} {}", say("账目", "entries"), state.entries,
                         say("已签名", "signed"), state.signed_entries, say("密钥", "key"),
                         state.key_id));
  for (const Outside& place : state.outside) {
    const StateWords words = words_of(place.state);
    say.result(fmt::format("{}: {} ({} {})", place.folder.string(), say(words.zh, words.en),
                           place.size, say("条", "entries")));
  }
  if (state.outside.empty()) {
    say.note(say("签名树头没有库外副本：在 juanzong.toml 的 [ledger] heads_to 写上库外目录",
                 "no heads are kept outside: name folders in juanzong.toml, [ledger] heads_to"));
  }
}

}  // namespace

int run_ledger(const LedgerOptions& options, const Console& say) {
  if ((options.new_key || options.sign_anew) && options.reason.empty()) {
    throw ArchiveError(ErrorKind::usage,
                       options.new_key ? "ledger --new-key" : "ledger --sign-anew",
                       "a new key and heads begun anew need a reason", "add --reason \"...\"");
  }
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  Records::Writing writing =
      writing_by(read_settings(folder.settings_file()), "ledger", options.reason);
  if (options.new_key) writing.lost = LostOfLedger::key;
  if (options.sign_anew) writing.lost = LostOfLedger::heads;
  for (const auto& place : options.heads_to) writing.heads_to.push_back(place);
  Records records = Records::open_writer(folder.path(), writing);
  if (options.new_key) records.change_signing_key();
  const Records::LedgerState state = records.settle_ledger();
  if (say.json()) {
    say.result(state_json(state).dump());
  } else {
    print_state(state, say);
  }
  return sound(state) ? 0 : static_cast<int>(ErrorKind::damage);
}

}  // namespace archive
