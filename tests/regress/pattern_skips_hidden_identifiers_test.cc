// SPDX-License-Identifier: Apache-2.0
// "1 of *" is "1 of them" by another name: a pattern that does not itself start with "_" leaves out
// the search identifiers that do. They were counted in.
#include <cstdint>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "rules/sigma/condition_parser.h"

namespace catena::sigma {
namespace {

using Indices = std::vector<std::uint32_t>;

Indices bound(std::string_view text) {
  Condition condition;
  EXPECT_FALSE(parse_condition(text, condition).has_value()) << text;
  const std::vector<std::string_view> names = {"sel", "_opt", "_sel"};
  EXPECT_FALSE(resolve_condition(names, condition).has_value()) << text;
  return condition.nodes[condition.root].identifiers;
}

TEST(PatternOfIdentifiers, SkipsHiddenOnesUnlessItNamesThem) {
  EXPECT_EQ(bound("1 of *"), (Indices{0}));
  EXPECT_EQ(bound("all of *sel"), (Indices{0}));
  EXPECT_EQ(bound("1 of _*"), (Indices{1, 2}));
  EXPECT_EQ(bound("1 of _sel"), (Indices{2}));
}

}  // namespace
}  // namespace catena::sigma
