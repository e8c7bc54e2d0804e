// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/watermark.h"

#include <gtest/gtest.h>

namespace catena::correlate {
namespace {

TEST(Watermark, IsTheLeastPromiseOfTheOpenSources) {
  Watermark watermark(2, 10);
  EXPECT_EQ(watermark.value(), Watermark::kStart);
  EXPECT_TRUE(watermark.advance(0, 100));
  EXPECT_EQ(watermark.value(), Watermark::kStart);  // the other has said nothing
  EXPECT_TRUE(watermark.advance(1, 60));
  EXPECT_EQ(watermark.value(), 50);
  watermark.close(1);
  watermark.close(1);
  EXPECT_EQ(watermark.value(), 90);
  watermark.close(0);
  EXPECT_EQ(watermark.value(), Watermark::kEnd);
}

TEST(Watermark, CallsLateWhatIsOlderThanTheLateness) {
  Watermark watermark(1, 10);
  EXPECT_TRUE(watermark.advance(0, 100));
  EXPECT_TRUE(watermark.advance(0, 90));
  EXPECT_FALSE(watermark.advance(0, 89));
  EXPECT_EQ(watermark.value(), 90);  // a late event moves nothing
}

TEST(Watermark, WithoutALatenessNothingIsLate) {
  Watermark watermark(1, std::nullopt);
  EXPECT_TRUE(watermark.advance(0, 100));
  EXPECT_TRUE(watermark.advance(0, Watermark::kStart));
  EXPECT_EQ(watermark.value(), Watermark::kStart);
  watermark.close(0);
  EXPECT_EQ(watermark.value(), Watermark::kEnd);
}

}  // namespace
}  // namespace catena::correlate
