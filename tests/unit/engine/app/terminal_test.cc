// SPDX-License-Identifier: Apache-2.0
#include "engine/app/terminal.h"

#include <gtest/gtest.h>

namespace catena::app {
namespace {

TEST(Style, PaintsOnlyWhereColourIsWanted) {
  EXPECT_EQ(TextStyle{}.paint(Colour::kRed, "x"), "x");
  EXPECT_EQ((TextStyle{true, 80}.paint(Colour::kRed, "x")), "\x1b[31mx\x1b[0m");
}

}  // namespace
}  // namespace catena::app
