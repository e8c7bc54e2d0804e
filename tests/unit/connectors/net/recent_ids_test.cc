// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/recent_ids.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::net {
namespace {

TEST(RecentIds, RemembersAnIdWithItsScopeAndContent) {
  RecentIds recent;
  recent.insert(RecentIds::key("a", "1", "x"));
  EXPECT_TRUE(recent.contains(RecentIds::key("a", "1", "x")));
  EXPECT_FALSE(recent.contains(RecentIds::key("b", "1", "x")));
  EXPECT_FALSE(recent.contains(RecentIds::key("a", "2", "x")));
  EXPECT_FALSE(recent.contains(RecentIds::key("a", "1", "y")));
  EXPECT_FALSE(recent.contains(RecentIds::key("a1", "", "x")));  // parts do not run together
}

TEST(RecentIds, ForgetsTheOldestFirst) {
  RecentIds recent(2);
  const auto key = [](int n) { return RecentIds::key("", std::to_string(n), ""); };
  for (int n : {1, 2, 2, 3}) recent.insert(key(n));
  EXPECT_FALSE(recent.contains(key(1)));
  EXPECT_TRUE(recent.contains(key(2)));
  EXPECT_TRUE(recent.contains(key(3)));
}

}  // namespace
}  // namespace catena::net
