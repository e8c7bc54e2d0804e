// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/json_walk.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::harness {
namespace {

void walk(JsonWalk& walk, const std::string& text) {
  const std::string padded = text + std::string(64, '\0');
  walk.walk(std::string_view(padded).substr(0, text.size()), padded.size());
}

TEST(JsonWalk, VisitsObjectsLineByLine) {
  JsonWalk counter;
  walk(counter, "{\"a\":1,\"b\":[{\"c\":\"x\"},true,null]}\n\nplain text\n{\"d\":2}");
  EXPECT_EQ(counter.objects(), 2U);
  EXPECT_EQ(counter.bytes(), 33U + 7U);
  EXPECT_GT(counter.check(), 0U);
}

TEST(JsonWalk, BadLinesCountForNothing) {
  JsonWalk counter;
  walk(counter, "{\"a\":\n{\"a\" 1}\n{]\n{\"a\":1}\n");
  EXPECT_EQ(counter.objects(), 1U);
}

TEST(JsonWalk, DepthIsBounded) {
  JsonWalk counter;
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
  walk(counter, deep);
  EXPECT_EQ(counter.objects(), 0U);
}

}  // namespace
}  // namespace catena::harness
