// SPDX-License-Identifier: Apache-2.0
#include "engine/app/build_identity.h"

#include <gtest/gtest.h>

namespace catena::app {
namespace {

TEST(BuildIdentity, IsTheLinkersHash) {
  const std::string id = build_identity();
  EXPECT_EQ(id.size(), 40u) << "linked without --build-id=sha1";
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(build_identity(), id);
}

}  // namespace
}  // namespace catena::app
