#include "app/search_history.h"

#include <deque>

#include "store/ledger/access_log.h"

namespace archive {
namespace {

constexpr const char* kAction = "searched_for";

}  // namespace

void remember_search(const std::filesystem::path& archive, const PastSearch& search) {
  AccessEntry entry;
  entry.who = search.by;
  entry.action = kAction;
  entry.object = search.query;
  entry.purpose = search.purpose;
  entry.reason = std::to_string(search.pages);
  AccessLog(archive).append(std::move(entry));
}

std::vector<PastSearch> past_searches(const std::filesystem::path& archive, std::size_t at_most) {
  std::deque<PastSearch> last;
  if (!std::filesystem::exists(archive / "access")) return {};
  const AccessLog log(archive);
  log.for_each(0, log.end().entries, [&](const AccessEntry& entry) {
    if (entry.action != kAction) return;
    last.push_back({entry.at, entry.who, entry.purpose, entry.object,
                    static_cast<std::size_t>(std::stoull("0" + entry.reason))});
    if (last.size() > at_most) last.pop_front();
  });
  return {last.begin(), last.end()};
}

}  // namespace archive
