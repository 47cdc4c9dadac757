#include "config/posts.h"

#include <algorithm>
#include <stdexcept>

#include "config/csv_table.h"

namespace archive {

Posts Posts::load(const TablePath& config_folder) {
  const TablePath file = config_folder / "duties" / "posts.csv";
  const CsvTable table = CsvTable::read(file);
  Posts posts;
  Powers held;
  for (const CsvTable::Row& row : table.rows()) {
    Post post{table.cell(row, "post"), table.cell(row, "zh"), table.cell(row, "en"), {}, false};
    if (post.name.empty()) table.refuse(row, "the post has no name");
    if (posts.find(post.name) != nullptr) table.refuse(row, "'" + post.name + "' stands twice");
    for (const std::string& name : list_of(table.cell(row, "rights"))) {
      const auto right = right_named(name);
      if (!right) table.refuse(row, "there is no right '" + name + "'");
      post.rights.push_back(*right);
      held.give(*right, post.name);
    }
    const std::string& contractor = table.cell(row, "contractor");
    if (contractor != "yes" && contractor != "no") {
      table.refuse(row, "'contractor' is neither yes nor no");
    }
    post.for_contractors = contractor == "yes";
    posts.posts_.push_back(std::move(post));
  }
  for (std::size_t i = 0; i < kRights; ++i) {
    if (held.may(static_cast<Right>(i))) continue;
    throw ArchiveError(ErrorKind::settings, file.string(),
                       "no post has the right '" + std::string(kRightNames[i]) + "'",
                       "give it to one: nobody could use that part of the program");
  }
  posts.load_families(config_folder / "duties" / "families.csv");
  return posts;
}

void Posts::load_families(const TablePath& file) {
  const CsvTable table = CsvTable::read(file);
  for (const CsvTable::Row& row : table.rows()) {
    Family made{table.cell(row, "family"), table.cell(row, "zh"), table.cell(row, "en"),
                list_of(table.cell(row, "posts")), table.cell(row, "parent_of_any") == "yes"};
    if (made.name.empty()) table.refuse(row, "the family has no name");
    if (family(made.name) != nullptr) table.refuse(row, "'" + made.name + "' stands twice");
    for (const std::string& post : made.posts) {
      if (find(post) == nullptr) table.refuse(row, "there is no post '" + post + "'");
    }
    families_.push_back(std::move(made));
  }
}

const Family* Posts::family(std::string_view name) const {
  const auto found = std::ranges::find(families_, name, &Family::name);
  return found == families_.end() ? nullptr : &*found;
}

void Posts::require_post_in(std::string_view post, std::string_view name) const {
  const Family* of = family(name);
  if (of != nullptr && std::ranges::find(of->posts, post) != of->posts.end()) return;
  throw std::invalid_argument("people of a unit of the family '" + std::string(name) +
                              "' cannot be '" + std::string(post) + "'");
}

const Post* Posts::find(std::string_view name) const {
  const auto found = std::ranges::find(posts_, name, &Post::name);
  return found == posts_.end() ? nullptr : &*found;
}

}  // namespace archive
