#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "config/settings.h"
#include "core/error.h"
#include "tests/config/temporary_folder.h"
#include "tests/source_root.h"

namespace archive {
namespace {

using testing::HasSubstr;

/// Sets a variable of the environment for one test.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    setenv(name, value.c_str(), 1);
  }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

TEST(Places, TheSettingComesBeforeTheEnvironment) {
  const TemporaryFolder named, other;
  named.write("domain/document_types.csv", "");
  other.write("domain/document_types.csv", "");
  const Variable variable("JUANZONG_CONFIG", other.path().string());
  Settings settings;
  EXPECT_EQ(find_config_folder(settings).root(), other.path());
  settings.config_folder = named.path();
  EXPECT_EQ(find_config_folder(settings).root(), named.path());
}

TEST(Places, ABuildTreeFindsTheTablesOfItsSource) {
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  if (!program.starts_with(source_root().string())) GTEST_SKIP() << "built outside the source tree";
  EXPECT_TRUE(std::filesystem::equivalent(find_config_folder(Settings{}).root(),
                                          source_root() / "config"));
}

TEST(Places, ANamedFolderThatIsWrongIsNotPassedOver) {
  const Variable variable("JUANZONG_CONFIG", "/nowhere/tables");
  try {
    find_config_folder(Settings{});
    FAIL() << "another place was taken without a word";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::settings);
    EXPECT_EQ(error.where(), "/nowhere/tables");
    EXPECT_THAT(error.what_to_do(), HasSubstr("JUANZONG_CONFIG"));
  }
}

TEST(Places, MissingModelsAreAnErrorOfTheirOwn) {
  Settings settings;
  settings.ocr.model_folder = "/nowhere/models";
  try {
    find_model_folder(settings);
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::model_missing);
    EXPECT_EQ(error.where(), "/nowhere/models");
  }
}

}  // namespace
}  // namespace archive
