// SPDX-License-Identifier: Apache-2.0
#include "rules/yaml/yaml_tree_builder.h"

#include <string>

#include <gtest/gtest.h>

#include "rules/yaml/yaml_reader.h"

namespace catena::yaml {
namespace {

// The builder lives on libyaml's events, so it is tested through the reader.
StatusCode code_of(std::string_view text) {
  const auto result = read_yaml(text, "f.yml");
  return result.ok() ? StatusCode::kOk : result.status().code();
}

std::string message_of(std::string_view text) {
  const auto result = read_yaml(text, "f.yml");
  return result.ok() ? "ok" : result.status().message();
}

TEST(YamlTreeBuilder, RefusesAnAliasBombAtOnce) {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c <= 'h'; ++c) {
    const char before = static_cast<char>(c - 1);
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 9; ++i) bomb += std::string(i > 0 ? "," : "") + "*" + before;
    bomb += "]\n";
  }
  EXPECT_EQ(code_of(bomb), StatusCode::kUnsupported);
}

TEST(YamlTreeBuilder, DuplicateKeysAreFoundAmongMany) {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(code_of(text), StatusCode::kOk);
  text += "k17: 1\n";
  EXPECT_EQ(message_of(text), "f.yml:40001:1: key 'k17' occurs twice");
}

}  // namespace
}  // namespace catena::yaml
