#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/source_root.h"
#include "viewer/api/service.h"

// What is described is there, by whom it may be asked for is as described, and nothing else is
// there: docs/openapi is what others build on.

namespace archive {
namespace {

namespace fs = std::filesystem;
using Document = nlohmann::json;

std::map<std::string, Document> described() {
  std::map<std::string, Document> operations;
  for (const auto& file : fs::directory_iterator(source_root() / "docs" / "openapi")) {
    std::ifstream in(file.path());
    const Document area = Document::parse(in);
    if (!area.contains("paths")) continue;
    for (const auto& [path, methods] : area["paths"].items()) {
      for (const auto& [method, operation] : methods.items()) {
        operations[method + " " + path] = operation;
      }
    }
  }
  return operations;
}

std::string name_of(const Service::RouteFacts& route) {
  std::string method(route.method);
  for (char& c : method) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return method + " " + std::string(route.pattern);
}

TEST(Routes, AreThoseOfTheDescription) {
  std::set<std::string> there, told;
  for (const auto& route : Service::routes()) {
    EXPECT_TRUE(there.insert(name_of(route)).second) << name_of(route) << " stands twice";
  }
  for (const auto& [name, operation] : described()) told.insert(name);
  EXPECT_EQ(there, told);
}

TEST(Routes, WantTheRightsOfTheDescription) {
  const auto operations = described();
  for (const auto& route : Service::routes()) {
    const auto found = operations.find(name_of(route));
    if (found == operations.end()) continue;
    const Document& operation = found->second;
    EXPECT_EQ(route.open, operation.contains("security")) << name_of(route);
    std::set<std::string> wanted, told;
    for (const Right right : route.any_of) wanted.insert(std::string(archive::name_of(right)));
    for (const auto& right : operation.value("x-rights", Document::array())) told.insert(right);
    EXPECT_EQ(wanted, told) << name_of(route);
  }
}

TEST(Routes, NameEveryPartOfTheirPath) {
  for (const auto& [name, operation] : described()) {
    std::set<std::string> in_path, told;
    for (std::size_t at = 0; (at = name.find('{', at)) != std::string::npos; ++at) {
      in_path.insert(name.substr(at + 1, name.find('}', at) - at - 1));
    }
    for (const auto& parameter : operation.value("parameters", Document::array())) {
      if (parameter["in"] == "path") told.insert(parameter["name"]);
    }
    EXPECT_EQ(in_path, told) << name;
    EXPECT_FALSE(operation.value("summary", "").empty()) << name;
    EXPECT_TRUE(operation["responses"].contains("default")) << name;
  }
}

}  // namespace
}  // namespace archive
