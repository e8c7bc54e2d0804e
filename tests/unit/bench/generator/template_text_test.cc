// SPDX-License-Identifier: Apache-2.0
#include "bench/generator/template_text.h"

#include <gtest/gtest.h>

namespace catena::generator {
namespace {

TEST(TemplateText, FillsTheGaps) {
  Random random(3);
  EXPECT_EQ(fill_template("C:\\Users\\{user} on {host}", {"ana", "ws"}, random),
            "C:\\Users\\ana on ws");
  EXPECT_EQ(fill_template("{b64}", {}, random).size(), 120U);
  EXPECT_EQ(fill_template("{hex}", {}, random).size(), 8U);
  EXPECT_TRUE(fill_template("{ip}", {}, random).starts_with("10.20."));
}

TEST(TemplateText, LeavesOtherBracesAlone) {
  Random random(3);
  EXPECT_EQ(fill_template("if (x) { y } {unknown} {", {}, random), "if (x) { y } {unknown} {");
  const std::string nested = fill_template("{{guid}}", {}, random);
  EXPECT_EQ(nested.size(), 38U);
  EXPECT_EQ(nested.front(), '{');
  EXPECT_EQ(nested.back(), '}');
}

}  // namespace
}  // namespace catena::generator
