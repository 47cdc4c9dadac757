#pragma once

#include <optional>
#include <span>
#include <string>

#include "ocr/form/sheet.h"

namespace archive::form {

/// The likeliest citizen number among what the recogniser held possible for each character, when
/// the characters as read are none (`read`, 18 of them, one a sign). At most three are exchanged.
/// Nothing when no reading passes its checks, or two are about as likely. A guess by its nature:
/// the number may have been wrong on the paper.
std::optional<std::string> likeliest_id(std::span<const Sign> signs, const std::string& read);

}  // namespace archive::form
