#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/forms.h"
#include "config/protected_fields.h"
#include "config/table_path.h"

namespace archive {

/// How much of a value somebody sees.
enum class Sight {
  show,
  mask,  ///< stars until a person says why
  hide,  ///< never
};

/// A way by which records are asked for (查询渠道, R54).
struct Channel {
  std::string id;  ///< "counter", "self_service", "employer", "telephone"
  std::string zh, en;
  bool own_only = false;  ///< the applicant's pages alone
  bool text = true;       ///< running text of pages, snippets of hits
  bool pictures = true;
};

/// Fields that are told alike.
struct FieldGroup {
  std::string id;
  std::string zh, en;
  std::vector<std::string> fields;  ///< ids of domain/fields.csv; of the last ones what is left
  std::vector<Sight> by_channel;    ///< in the order of Channels::all()
};

/// What each channel may be told: config/duties/channels.csv and channel_fields.csv, which are
/// published (R54). Immutable after loading.
class Channels {
 public:
  /// Throws ArchiveError{settings} with file and line: a field that is none or stands twice, a
  /// word that is none, no group for what is left.
  static Channels load(const TablePath& config_folder);

  /// Fields that forms have beside those of the domain: in the group of what they stand for, else
  /// by the highest of their sensitivities.
  void add_forms(const FormCatalogue& forms);

  const std::vector<Channel>& all() const { return channels_; }
  const std::vector<FieldGroup>& groups() const { return groups_; }
  /// Nothing for a word that is no channel.
  const Channel* named(std::string_view id) const;
  /// REQUIRES: `channel` is one of all(). A field nobody knows is seen as those of P2 are.
  Sight sight(const Channel& channel, std::string_view field) const;

 private:
  std::vector<Channel> channels_;
  std::vector<FieldGroup> groups_;
  std::map<std::string, std::size_t, std::less<>> group_of_;
  std::size_t unknown_ = 0;  // group of what nobody knows
};

/// What one answer may show: protected values as stars, and less where a channel says so.
class FieldSight {
 public:
  /// No channel: what is P2 is masked, anything else is shown.
  FieldSight(const ProtectedFields& fields)  // NOLINT: rules of masking are such a sight
      : fields_(&fields) {}
  FieldSight(const ProtectedFields& fields, const Channels& channels, const Channel* channel,
             bool revealed)
      : fields_(&fields), channels_(&channels), channel_(channel), revealed_(revealed) {}

  Sight of(std::string_view field) const;
  bool covers(std::string_view field) const { return of(field) != Sight::show; }
  /// The value of such a field as it may be told.
  std::string told(std::string_view field, std::string_view value) const;
  /// Running text may be told.
  bool text() const { return channel_ == nullptr || channel_->text; }
  bool pictures() const { return channel_ == nullptr || channel_->pictures; }
  bool revealed() const { return revealed_; }
  const ProtectedFields& fields() const { return *fields_; }

 private:
  const ProtectedFields* fields_;
  const Channels* channels_ = nullptr;
  const Channel* channel_ = nullptr;
  bool revealed_ = false;
};

}  // namespace archive
