// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/modifier.h"

#include <gtest/gtest.h>

namespace catena::sigma {
namespace {

TEST(Modifier, HasTheNamesOfTheAppendix) {
  for (const char* name :
       {"all",    "startswith",   "endswith", "contains", "exists", "cased",
        "neq",    "windash",      "re",       "i",        "m",      "s",
        "base64", "base64offset", "utf16le",  "utf16be",  "utf16",  "lt",
        "lte",    "gt",           "gte",      "minute",   "hour",   "day",
        "week",   "month",        "year",     "cidr",     "expand", "fieldref"}) {
    const auto modifier = parse_modifier(name);
    ASSERT_TRUE(modifier.has_value()) << name;
    EXPECT_EQ(modifier_name(*modifier), name);
  }
  EXPECT_EQ(parse_modifier("wide"), Modifier::kUtf16Le);
  EXPECT_EQ(parse_modifier("ignorecase"), Modifier::kRegexIgnoreCase);
  EXPECT_EQ(parse_modifier("Contains"), std::nullopt);
  EXPECT_EQ(parse_modifier(""), std::nullopt);
}

TEST(Modifier, SuggestsTheNearestName) {
  EXPECT_EQ(nearest_modifier_name("contain"), "contains");
  EXPECT_EQ(nearest_modifier_name("startwith"), "startswith");
  EXPECT_EQ(nearest_modifier_name("base64ofset"), "base64offset");
  EXPECT_EQ(nearest_modifier_name("rex"), "re");
  EXPECT_EQ(nearest_modifier_name("nonsense"), "");
  EXPECT_EQ(nearest_modifier_name(std::string(100'000, 'x')), "");
}

}  // namespace
}  // namespace catena::sigma
