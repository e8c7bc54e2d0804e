// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/hub.h"

#include <gtest/gtest.h>

namespace catena::incident {
namespace {

TEST(Hub, KnowsWhatEverybodyShares) {
  for (const Entity& entity :
       {Entity{EntityType::kUser, "system"}, Entity{EntityType::kUser, "dc01$"},
        Entity{EntityType::kIp, "127.0.0.53"}, Entity{EntityType::kIp, "239.255.255.250"},
        Entity{EntityType::kIp, "::"}, Entity{EntityType::kLogon, "ws1|0x3e7"},
        Entity{EntityType::kLogon, "guid:d273d0f0-e865-5f64-e703-000000000000"}}) {
    EXPECT_TRUE(is_static_hub(entity)) << entity.value;
  }
  for (const Entity& entity :
       {Entity{EntityType::kUser, "alice"}, Entity{EntityType::kIp, "10.0.0.1"},
        Entity{EntityType::kIp, "2001:db8::1"}, Entity{EntityType::kLogon, "ws1|0x5af3"},
        Entity{EntityType::kLogon, "guid:b34bc01c-22a7-5f69-dfa7-100000000000"},
        Entity{EntityType::kHost, "ws1"}}) {
    EXPECT_FALSE(is_static_hub(entity)) << entity.value;
  }
}

TEST(Hub, KnowsRootProcessesByTheirFileName) {
  EXPECT_TRUE(is_root_image("C:\\Windows\\System32\\SvcHost.exe"));
  EXPECT_TRUE(is_root_image("/usr/lib/systemd/systemd"));
  EXPECT_TRUE(is_root_image("services.exe"));
  EXPECT_FALSE(is_root_image("C:\\Users\\x\\my-services.exe"));
  EXPECT_FALSE(is_root_image("/bin/bash"));
}

}  // namespace
}  // namespace catena::incident
