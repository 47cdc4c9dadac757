#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

#include "config/posts.h"
#include "store/records/records.h"
#include "tests/source_root.h"

namespace archive {

/// The password of everybody in the tests.
inline constexpr const char* kPassword = "one good password";

inline std::filesystem::path config_folder() {
  return source_root() / "config";
}

inline const Posts& posts() {
  static const Posts table = Posts::load(config_folder());
  return table;
}

/// Somebody who runs the program in this account, under this name.
inline Claim claim(const std::string& account, const std::string& name = {},
                   const std::string& password = kPassword, const std::string& co_signer = {}) {
  return {posts(), account, name, co_signer, [password](const std::string&) { return password; }};
}

inline constexpr const char* kNothingRefused = "nothing was refused";

/// What an action is refused with.
inline std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return kNothingRefused;
}

}  // namespace archive
