// SPDX-License-Identifier: Apache-2.0
#include "engine/lineage/process_guid.h"

#include <gtest/gtest.h>

namespace catena::lineage {
namespace {

TEST(ProcessGuid, ReadsWhatItWrites) {
  const auto guid = ProcessGuid::parse("{3DDC5665-E7F3-5F51-DC00-000000000400}");
  EXPECT_FALSE(guid.is_zero());
  EXPECT_EQ(guid.entity_value(), "guid:3ddc5665-e7f3-5f51-dc00-000000000400");
  EXPECT_EQ(ProcessGuid::parse("3ddc5665-e7f3-5f51-dc00-000000000400"), guid);
}

TEST(ProcessGuid, AnythingElseIsNone) {
  for (const char* text :
       {"", "{}", "42", "3ddc5665-e7f3-5f51-dc00-00000000040",
        "3ddc5665-e7f3-5f51-dc00-0000000004000", "3ddc5665-e7f3-5f51-dc00-00000000040g",
        "3ddc5665_e7f3_5f51_dc00_000000000400", "{3ddc5665-e7f3-5f51-dc00-000000000400"}) {
    EXPECT_TRUE(ProcessGuid::parse(text).is_zero()) << text;
  }
}

}  // namespace
}  // namespace catena::lineage
