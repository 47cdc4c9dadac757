#pragma once

#include <concepts>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace archive {

/// A place in the configuration: the same name below the installed folder and below an office's own
/// (office_folder of the settings), whose tables stand over ours (config/tables.csv says how). A
/// plain path is a place without an office.
class TablePath {
 public:
  /// What a look at the whole configuration notes: see config/config_check.h. Lines that were found
  /// wrong are left out when a table is read again, so that the next fault is found.
  struct Notes {
    std::set<std::string> left_out;  ///< "file:line", or "file"
    std::set<std::string> read;      ///< tables that were asked for, by name
  };

  template <class Path>
    requires(std::convertible_to<Path, std::filesystem::path> &&
             !std::same_as<std::remove_cvref_t<Path>, TablePath>)
  TablePath(Path&& root) : root_(std::forward<Path>(root)) {}
  TablePath(std::filesystem::path root, std::filesystem::path office_root)
      : root_(std::move(root)), office_root_(std::move(office_root)) {}

  TablePath operator/(std::string_view part) const {
    TablePath below = *this;
    below.name_ = (name_.empty() ? "" : name_ + "/") + std::string(part);
    return below;
  }

  /// "domain/retention.csv"
  const std::string& name() const { return name_; }
  const std::filesystem::path& root() const { return root_; }
  const std::filesystem::path& office_root() const { return office_root_; }
  std::filesystem::path ours() const { return name_.empty() ? root_ : root_ / name_; }
  /// Empty without an office.
  std::filesystem::path office() const {
    return office_root_.empty() || name_.empty() ? office_root_ : office_root_ / name_;
  }
  /// Whether the office has one of this name.
  bool office_has() const {
    std::error_code error;
    return !office_root_.empty() && std::filesystem::exists(office(), error);
  }
  /// The one that holds where one stands for the other whole.
  std::filesystem::path in_force() const { return office_has() ? office() : ours(); }
  /// For messages: the one in force.
  std::string string() const { return in_force().string(); }

  TablePath noting(std::shared_ptr<Notes> notes) const {
    TablePath same = *this;
    same.notes_ = std::move(notes);
    return same;
  }
  void note_read() const {
    if (notes_) notes_->read.insert(name_);
  }
  bool leaves_out(const std::string& file, int line) const {
    return notes_ && notes_->left_out.contains(file + ":" + std::to_string(line));
  }
  bool leaves_out(const std::string& file) const {
    return notes_ && notes_->left_out.contains(file);
  }

 private:
  std::filesystem::path root_;
  std::filesystem::path office_root_;
  std::string name_;
  std::shared_ptr<Notes> notes_;
};

}  // namespace archive
