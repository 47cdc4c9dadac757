#include "app/command_tree.h"

#include <nlohmann/json.hpp>

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

Json names_of(const CLI::Option& option, bool positional) {
  Json names = Json::array();
  if (positional) {
    names.push_back(option.get_name(true));
    return names;
  }
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

Json argument_json(const CLI::Option& option, bool positional) {
  // "TEXT:{zh,en,auto}": the type, and what a check of it says of itself.
  const std::string type = option.get_items_expected_max() == 0 ? "" : option.get_type_name();
  const std::size_t colon = type.find(':');
  const bool limited = colon != std::string::npos;
  return {{"names", names_of(option, positional)},
          {"value", type.substr(0, colon)},
          {"limits", limited ? type.substr(colon + 1) : ""},
          {"about", option.get_description()},
          {"environment", option.get_envname()},
          {"required", option.get_required()},
          {"many", option.get_items_expected_max() > 1}};
}

Json command_json(const CLI::App& command, const std::string& inherited_footer) {
  Json positionals = Json::array();
  Json options = Json::array();
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    if (option->get_positional()) positionals.push_back(argument_json(*option, true));
    if (option->nonpositional()) options.push_back(argument_json(*option, false));
  }
  Json commands = Json::array();
  for (const CLI::App* below : command.get_subcommands({})) {
    commands.push_back(command_json(*below, command.get_footer()));
  }
  const std::string footer = command.get_footer();
  return {{"name", command.get_name()},
          {"about", command.get_description()},
          {"footer", footer == inherited_footer ? "" : footer},
          {"positionals", std::move(positionals)},
          {"options", std::move(options)},
          {"commands", std::move(commands)}};
}

}  // namespace

std::string command_tree(const CLI::App& app) { return command_json(app, "").dump(1); }

}  // namespace archive
