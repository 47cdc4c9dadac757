#include "config/channels.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "core/error.h"
#include "tests/config/temporary_folder.h"
#include "tests/source_root.h"

namespace archive {
namespace {

Channels channels_of(const std::string& channels, const std::string& groups) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "domain");
  std::filesystem::create_directory(folder.path() / "duties");
  folder.write("domain/fields.csv", "field,sensitivity\nname,P1\nnumber,P2\nunit,P0\n");
  folder.write("duties/channels.csv", "channel,zh,en,scope,text,pictures\n" + channels);
  folder.write("duties/channel_fields.csv", "group,zh,en,fields,desk\n" + groups);
  return Channels::load(folder.path());
}

constexpr const char* kDesk = "desk,窗口,desk,any,show,hide\n";
constexpr const char* kGroups = "P0,a,a,,show\nP1,b,b,,show\nP2,c,c,,mask\n";

TEST(Channels, EveryFieldIsInOneGroup) {
  const Channels channels = Channels::load(source_root() / "config");
  EXPECT_EQ(channels.all().size(), 4u);
  std::set<std::string> seen;
  for (const FieldGroup& group : channels.groups()) {
    EXPECT_EQ(group.by_channel.size(), channels.all().size());
    for (const std::string& field : group.fields) EXPECT_TRUE(seen.insert(field).second) << field;
  }
  EXPECT_GT(seen.size(), 190u);
}

// R54, and what reference section 11 says of each.
TEST(Channels, WhatEachMayBeTold) {
  const Channels channels = Channels::load(source_root() / "config");
  const auto sight = [&](const char* channel, const char* field) {
    return channels.sight(*channels.named(channel), field);
  };
  for (const char* field : {"diagnosis", "monthly_total", "disability_grade", "account_balance"}) {
    EXPECT_EQ(sight("employer", field), Sight::hide) << field;
    EXPECT_EQ(sight("counter", field), Sight::mask) << field;
    EXPECT_EQ(sight("self_service", field), Sight::show) << field;
    EXPECT_EQ(sight("telephone", field), Sight::hide) << field;
  }
  EXPECT_EQ(sight("employer", "person_amount"), Sight::show);
  EXPECT_EQ(sight("employer", "unit_name"), Sight::show);
  EXPECT_EQ(sight("telephone", "id_number"), Sight::hide);
  EXPECT_EQ(sight("counter", "no_such_field"), Sight::mask) << "what nobody knows is sensitive";
  EXPECT_TRUE(channels.named("self_service")->own_only);
  EXPECT_EQ(channels.named("web"), nullptr);
}

// Fields that one form alone has are sensitive where the form says so, in every channel.
TEST(Channels, FieldsOfFormsAreInAGroupToo) {
  const FormCatalogue forms = FormCatalogue::load(source_root() / "config");
  Channels channels = Channels::load(source_root() / "config");
  channels.add_forms(forms);
  ProtectedFields fields = ProtectedFields::load(source_root() / "config");
  fields.add_forms(forms);
  std::set<std::string> grouped;
  for (const FieldGroup& group : channels.groups()) {
    grouped.insert(group.fields.begin(), group.fields.end());
  }
  int sensitive = 0;
  for (const auto& [code, form] : forms.forms()) {
    for (const FieldDescription& field : form.fields) {
      EXPECT_TRUE(grouped.contains(field.id)) << code << " " << field.id;
      if (field.sensitivity != "P2") continue;
      ++sensitive;
      EXPECT_TRUE(fields.covers(field.id)) << code << " " << field.id;
      EXPECT_EQ(channels.sight(*channels.named("telephone"), field.id), Sight::hide)
          << code << " " << field.id;
    }
  }
  EXPECT_GT(sensitive, 100);
  EXPECT_EQ(channels.sight(*channels.named("employer"), "category"), Sight::show);
  EXPECT_EQ(channels.sight(*channels.named("employer"), "self_paid"), Sight::hide);
}

// No value that is P2 is told at the counter without a reason, whatever an office writes elsewhere.
TEST(Channels, NothingSensitiveIsShownAtTheCounter) {
  const Channels channels = Channels::load(source_root() / "config");
  const ProtectedFields fields = ProtectedFields::load(source_root() / "config");
  for (const FieldGroup& group : channels.groups()) {
    for (const std::string& field : group.fields) {
      if (!fields.covers(field)) continue;
      EXPECT_NE(channels.sight(*channels.named("counter"), field), Sight::show) << field;
    }
  }
}

TEST(Channels, AReasonShowsWhatIsMaskedAndNothingThatIsHidden) {
  const Channels channels = Channels::load(source_root() / "config");
  const ProtectedFields fields = ProtectedFields::load(source_root() / "config");
  const std::string number = "11010519491231002X";
  const auto told = [&](const char* channel, bool revealed) {
    return FieldSight(fields, channels, channels.named(channel), revealed)
        .told("id_number", number);
  };
  EXPECT_EQ(told("counter", false), "1101**********002X");
  EXPECT_EQ(told("counter", true), number);
  EXPECT_EQ(told("telephone", false), "******");
  EXPECT_EQ(told("telephone", true), "******");
  EXPECT_EQ(FieldSight(fields).told("id_number", number), "1101**********002X");
  EXPECT_EQ(FieldSight(fields).told("person_name", "张三"), "张三");
}

TEST(Channels, AWrongTableIsRefused) {
  EXPECT_EQ(channels_of(kDesk, kGroups).groups().size(), 3u);
  for (const char* channels :
       {"desk,窗口,desk,all,show,hide\n", "desk,窗口,desk,any,maybe,hide\n",
        "desk,,desk,any,show,hide\n",
        "desk,窗口,desk,any,show,hide\ndesk,窗口,desk,any,show,hide\n"}) {
    EXPECT_THROW(channels_of(channels, kGroups), ArchiveError) << channels;
  }
  for (const char* groups :
       {"P0,a,a,,show\nP1,b,b,,show\n", "P0,a,a,,show\nP1,b,b,,show\nP2,c,c,,perhaps\n",
        "x,x,x,nobody,show\nP0,a,a,,show\nP1,b,b,,show\nP2,c,c,,mask\n",
        "x,x,x,name,show\ny,y,y,name,hide\nP0,a,a,,show\nP1,b,b,,show\nP2,c,c,,mask\n"}) {
    EXPECT_THROW(channels_of(kDesk, groups), ArchiveError) << groups;
  }
}

}  // namespace
}  // namespace archive
