// SPDX-License-Identifier: Apache-2.0
#include "rules/yaml/yaml_node.h"

#include <gtest/gtest.h>

namespace catena::yaml {
namespace {

TEST(DecimalNumber, IsWhatAPersonWouldCallOne) {
  for (const char* text :
       {"0", "7", "-1", "+3", "1.5", ".5", "1.", "-2.50", "1e3", "1E-3", "007"}) {
    EXPECT_TRUE(is_decimal_number(text)) << text;
  }
  for (const char* text : {"", "-", ".", "0x10", "1e", "e3", "inf", "nan", ".inf", "1 ", " 1",
                           "1,000", "1_000", "12:30", "--1", "1.2.3"}) {
    EXPECT_FALSE(is_decimal_number(text)) << text;
  }
}

TEST(AtPlace, IsFileLineColumnReason) {
  EXPECT_EQ(at_place("a.yml", 3, 14, "wrong"), "a.yml:3:14: wrong");
}

}  // namespace
}  // namespace catena::yaml
