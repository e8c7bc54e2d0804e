// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/message_entities.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace catena::incident {
namespace {

std::vector<Entity> read(std::string_view message) {
  std::vector<Entity> entities;
  append_message_entities(message, entities);
  std::sort(entities.begin(), entities.end());
  entities.erase(std::unique(entities.begin(), entities.end()), entities.end());
  return entities;
}

TEST(MessageEntities, ReadsMailGatewayLines) {
  const auto found = read("4F2A: to=<Bob@shop.example>, relay=mx[198.51.100.7]:25, status=sent");
  const std::vector<Entity> expected = {{EntityType::kIp, "198.51.100.7"},
                                        {EntityType::kUser, "bob"},
                                        {EntityType::kMail, "bob@shop.example"}};
  EXPECT_EQ(found, expected);
}

TEST(MessageEntities, TakesNoVersionNumbersOrTimesForAddresses) {
  EXPECT_TRUE(read("release 4.7.1 at 12:30:05 took 3.5s of 1.2.3.4.5").empty());
}

TEST(MessageEntities, ReadsAddressesWithPorts) {
  const std::vector<Entity> expected = {{EntityType::kIp, "192.0.2.1"},
                                        {EntityType::kIp, "2001:db8::1"}};
  EXPECT_EQ(read("from 192.0.2.1:443 and [2001:db8::1]:80."), expected);
}

TEST(MessageEntities, IsBounded) {
  std::string flood;
  for (int i = 0; i < 5000; ++i) flood += "10.0." + std::to_string(i % 200) + ".1 ";
  std::vector<Entity> entities;
  append_message_entities(flood, entities);
  EXPECT_LE(entities.size(), kMaxPerMessage);
}

}  // namespace
}  // namespace catena::incident
