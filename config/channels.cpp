#include "config/channels.h"

#include <algorithm>
#include <array>
#include <utility>

#include "config/csv_table.h"

namespace archive {
namespace {

constexpr const char* kNothingTold = "******";
constexpr std::array kLeft = {"P0", "P1", "P2"};

bool shown(const CsvTable& table, const CsvTable::Row& row, const char* column) {
  const std::string& cell = table.cell(row, column);
  if (cell != "show" && cell != "hide") {
    table.refuse(row, "'" + std::string(column) + "' is neither show nor hide");
  }
  return cell == "show";
}

std::vector<Channel> channels_of(const CsvTable& table) {
  std::vector<Channel> channels;
  for (const CsvTable::Row& row : table.rows()) {
    Channel channel{table.cell(row, "channel"), table.cell(row, "zh"), table.cell(row, "en")};
    if (channel.id.empty() || channel.zh.empty() || channel.en.empty()) {
      table.refuse(row, "a channel has an id and two names");
    }
    if (std::ranges::find(channels, channel.id, &Channel::id) != channels.end()) {
      table.refuse(row, "'" + channel.id + "' stands twice");
    }
    const std::string& scope = table.cell(row, "scope");
    if (scope != "any" && scope != "own") table.refuse(row, "the scope is neither any nor own");
    channel.own_only = scope == "own";
    channel.text = shown(table, row, "text");
    channel.pictures = shown(table, row, "pictures");
    channels.push_back(std::move(channel));
  }
  return channels;
}

Sight sight_named(const CsvTable& table, const CsvTable::Row& row, const std::string& channel) {
  const std::string& cell = table.cell(row, channel);
  if (cell == "show") return Sight::show;
  if (cell == "mask") return Sight::mask;
  if (cell == "hide") return Sight::hide;
  table.refuse(row, "'" + channel + "' is none of show, mask, hide");
}

/// Every field of the domain with the highest of its sensitivities on any paper.
std::map<std::string, std::string> sensitivities(const CsvTable& fields) {
  std::map<std::string, std::string> known;
  for (const CsvTable::Row& row : fields.rows()) {
    std::string& most = known[fields.cell(row, "field")];
    most = std::max(most, fields.cell(row, "sensitivity"));
  }
  return known;
}

}  // namespace

Channels Channels::load(const TablePath& config_folder) {
  const auto duties = config_folder / "duties";
  Channels made;
  made.channels_ = channels_of(CsvTable::read(duties / "channels.csv"));
  const auto known = sensitivities(CsvTable::read(config_folder / "domain" / "fields.csv"));
  const CsvTable table = CsvTable::read(duties / "channel_fields.csv");
  std::map<std::string, std::size_t> left;
  for (const CsvTable::Row& row : table.rows()) {
    FieldGroup group{table.cell(row, "group"), table.cell(row, "zh"), table.cell(row, "en"),
                     list_of(table.cell(row, "fields")), {}};
    const std::size_t number = made.groups_.size();
    for (const std::string& field : group.fields) {
      if (!known.contains(field)) table.refuse(row, "there is no field '" + field + "'");
      if (!made.group_of_.emplace(field, number).second) {
        table.refuse(row, "'" + field + "' stands in two groups");
      }
    }
    if (group.fields.empty()) left[group.id] = number;
    for (const Channel& channel : made.channels_) {
      group.by_channel.push_back(sight_named(table, row, channel.id));
    }
    made.groups_.push_back(std::move(group));
  }
  for (const char* name : kLeft) {
    if (left.contains(name)) continue;
    throw ArchiveError(ErrorKind::settings, (duties / "channel_fields.csv").string(),
                       "the group " + std::string(name) + " without fields is missing",
                       "add it: it tells what holds for fields in no other group");
  }
  for (const auto& [field, sensitivity] : known) {
    if (!made.group_of_.emplace(field, left.at(sensitivity)).second) continue;
    made.groups_[left.at(sensitivity)].fields.push_back(field);
  }
  made.unknown_ = left.at("P2");
  return made;
}

void Channels::add_forms(const FormCatalogue& forms) {
  struct Known {
    std::string domain, sensitivity;
  };
  std::map<std::string, Known> left;
  for (const auto& [code, form] : forms.forms()) {
    for (const FieldDescription& field : form.fields) {
      if (group_of_.contains(field.id)) continue;
      Known& known = left[field.id];
      if (group_of_.contains(field.domain)) known.domain = field.domain;
      known.sensitivity = std::max(known.sensitivity, field.sensitivity);
    }
  }
  for (const auto& [field, known] : left) {
    std::size_t group = unknown_;
    if (known.sensitivity != "P2" && !known.domain.empty()) {
      group = group_of_.find(known.domain)->second;
    } else if (const auto named =
                   std::ranges::find(groups_, known.sensitivity, &FieldGroup::id);
               named != groups_.end()) {
      group = static_cast<std::size_t>(named - groups_.begin());
    }
    group_of_.emplace(field, group);
    groups_[group].fields.push_back(field);
  }
}

const Channel* Channels::named(std::string_view id) const {
  const auto found = std::ranges::find(channels_, id, &Channel::id);
  return found == channels_.end() ? nullptr : &*found;
}

Sight Channels::sight(const Channel& channel, std::string_view field) const {
  const auto found = group_of_.find(field);
  const FieldGroup& group = groups_[found == group_of_.end() ? unknown_ : found->second];
  return group.by_channel[static_cast<std::size_t>(&channel - channels_.data())];
}

Sight FieldSight::of(std::string_view field) const {
  Sight sight = fields_->covers(field) ? Sight::mask : Sight::show;
  if (channel_ != nullptr) sight = channels_->sight(*channel_, field);
  return sight == Sight::mask && revealed_ ? Sight::show : sight;
}

std::string FieldSight::told(std::string_view field, std::string_view value) const {
  switch (of(field)) {
    case Sight::show:
      return std::string(value);
    case Sight::mask:
      return fields_->masked(value);
    case Sight::hide:
      break;
  }
  return value.empty() ? "" : kNothingTold;
}

}  // namespace archive
