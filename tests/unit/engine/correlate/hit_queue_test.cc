// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/hit_queue.h"

#include <gtest/gtest.h>

namespace catena::correlate {
namespace {

Hit hit(Timestamp time, std::uint64_t offset, std::uint32_t rule = 0) {
  Hit hit;
  hit.event.time = time;
  hit.event.place.offset = offset;
  hit.rule = rule;
  return hit;
}

std::string taken(HitQueue& queue) {
  std::string text;
  Hit next;
  while (queue.take(next)) {
    text += std::to_string(next.event.time) + "/" + std::to_string(next.event.place.offset) + "/" +
            std::to_string(next.rule) + " ";
  }
  return text;
}

TEST(HitQueue, GivesHitsByTimeThenPlaceThenRule) {
  HitQueue queue({1, std::nullopt, HitQueue::kDefaultWaitingBytes});
  for (const Hit& one : {hit(5, 3), hit(5, 1, 2), hit(5, 1, 0), hit(4, 9)}) {
    EXPECT_TRUE(queue.add(one));
  }
  EXPECT_EQ(taken(queue), "");
  queue.close(0);
  EXPECT_EQ(taken(queue), "4/9/0 5/1/0 5/1/2 5/3/0 ");
}

TEST(HitQueue, LetsGoWhatTheWatermarkHasPassed) {
  HitQueue queue({1, 10, HitQueue::kDefaultWaitingBytes});
  queue.add(hit(100, 1));
  queue.add(hit(95, 2));
  EXPECT_EQ(taken(queue), "");
  queue.add(hit(106, 3));
  EXPECT_EQ(taken(queue), "95/2/0 ");
  EXPECT_FALSE(queue.add(hit(95, 4)));
  EXPECT_EQ(queue.late(), 1U);
  queue.close(0);
  EXPECT_EQ(taken(queue), "100/1/0 106/3/0 ");
}

TEST(HitQueue, LetsTheOldestGoWhenTooMuchWaits) {
  HitQueue queue({1, std::nullopt, 2 * (sizeof(Hit) + HitPayload().capacity())});
  queue.add(hit(3, 1));
  queue.add(hit(2, 2));
  EXPECT_EQ(taken(queue), "");
  queue.add(hit(1, 3));
  queue.add(hit(4, 4));
  EXPECT_EQ(taken(queue), "1/3/0 2/2/0 ");
  EXPECT_EQ(queue.hurried(), 2U);
  EXPECT_FALSE(queue.add(hit(1, 5)));  // its turn is over
  EXPECT_EQ(queue.late(), 1U);
  EXPECT_EQ(queue.waiting(), 2U);
}

TEST(HitQueue, LetsEverythingGoWhenTheInputPauses) {
  HitQueue queue({1, 10, HitQueue::kDefaultWaitingBytes});
  queue.add(hit(100, 1));
  queue.add(hit(95, 2));
  queue.settle();
  EXPECT_EQ(taken(queue), "95/2/0 100/1/0 ");
  EXPECT_FALSE(queue.add(hit(99, 3)));  // came after all
  EXPECT_TRUE(queue.add(hit(101, 4)));
  EXPECT_EQ(taken(queue), "");  // waits again
  EXPECT_EQ(queue.late(), 1U);
}

}  // namespace
}  // namespace catena::correlate
