// SPDX-License-Identifier: Apache-2.0
#include "engine/event/event_batch.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace catena {
namespace {

TEST(EventBatch, ClearForgetsEverything) {
  EventBatch batch;
  batch.size = 3;
  batch.reference_time = 5;
  batch.events.emplace_back();
  batch.dead_letters.emplace_back();
  batch.clear();
  EXPECT_TRUE(batch.events.empty() && batch.dead_letters.empty());
  EXPECT_EQ(batch.received(), "");
  EXPECT_EQ(batch.reference_time, kNoTime);
}

TEST(EventBatch, EveryDeadLetterReasonHasItsOwnName) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kDeadLetterReasonCount; ++i) {
    names.insert(dead_letter_reason_name(static_cast<DeadLetterReason>(i)));
  }
  EXPECT_EQ(names.size(), kDeadLetterReasonCount);
  EXPECT_FALSE(names.contains("unknown"));
}

TEST(EventBatch, TimelessEventsInheritFromTheOneBefore) {
  EventBatch batch;
  for (const Timestamp time : {kNoTime, Timestamp{10}, kNoTime, kNoTime, Timestamp{20}, kNoTime}) {
    Event& event = batch.events.emplace_back();
    event.time = time;
    event.time_source = time == kNoTime ? TimeSource::kNone : TimeSource::kHeader;
  }
  EXPECT_EQ(inherit_times(batch), 20);
  std::vector<Timestamp> times;
  for (const Event& event : batch.events) times.push_back(event.time);
  EXPECT_EQ(times, (std::vector<Timestamp>{0, 10, 10, 10, 20, 20}));
  EXPECT_EQ(batch.events[0].time_source, TimeSource::kNone);
  EXPECT_EQ(batch.events[2].time_source, TimeSource::kInherited);
  EventBatch empty;
  EXPECT_EQ(inherit_times(empty), kNoTime);
}

}  // namespace
}  // namespace catena
