// SPDX-License-Identifier: Apache-2.0
#include "engine/base/hash.h"

#include <gtest/gtest.h>

namespace catena {
namespace {

TEST(Id128, TextAndBytesRoundTripAndKeepOrder) {
  const Id128 id = hash128("catena");
  EXPECT_EQ(Id128::from_hex(id.hex()), id);
  const auto bytes = id.bytes();
  EXPECT_EQ(Id128::from_bytes({bytes.data(), bytes.size()}), id);
  const Id128 small{1, UINT64_MAX};
  const Id128 large{2, 0};
  EXPECT_LT(small, large);
  EXPECT_LT(small.bytes(), large.bytes());
  EXPECT_LT(small.hex(), large.hex());
  EXPECT_FALSE(Id128::from_hex("xyz").has_value());
  EXPECT_FALSE(Id128::from_hex(std::string(32, 'g')).has_value());
}

// Ids are on disk and in reports: a change of the hash is a change of format.
TEST(Id128, HashIsFixed) {
  EXPECT_EQ(hash128("").hex(), "99aa06d3014798d86001c324468d497f");
  EXPECT_NE(hash128_parts({"ab", "c"}), hash128_parts({"a", "bc"}));
}

}  // namespace
}  // namespace catena
