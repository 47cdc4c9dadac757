#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace archive {

/// What an entry of the access log may say that somebody did; rules for alarms name them.
inline constexpr std::array<std::string_view, 27> kAccessActions = {
    "signed_in", "signed_out", "sign_in_refused", "second_factor_set", "second_factor_removed",
    "purpose_given", "purpose_ended", "co_signed",
    "searched", "searched_for", "dossier_opened", "dossier_examined", "person_opened",
    "page_opened", "field_opened", "values_revealed", "refused", "damage_met",
    "printed", "copy_certified", "copies_listed", "log_exported",
    "upload_accepted", "upload_refused", "delivery_handed_over",
    "alarm_raised", "alarm_acknowledged"};

constexpr bool is_access_action(std::string_view word) {
  return std::ranges::find(kAccessActions, word) != kAccessActions.end();
}

}  // namespace archive
