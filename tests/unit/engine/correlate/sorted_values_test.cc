// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/sorted_values.h"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace catena::correlate {
namespace {

TEST(SortedValues, AgreesWithASortedVector) {
  std::mt19937 random(1);
  SortedValues values;
  std::vector<Int128> plain;
  for (int step = 0; step < 20'000; ++step) {
    if (plain.size() > 3'000 || (!plain.empty() && random() % 3 == 0)) {
      const std::size_t at = random() % plain.size();
      values.remove(plain[at]);
      plain.erase(plain.begin() + static_cast<std::ptrdiff_t>(at));
    } else {
      const Int128 value = static_cast<Int128>(random() % 500) - 250;
      values.insert(value);
      plain.insert(std::upper_bound(plain.begin(), plain.end(), value), value);
    }
    ASSERT_EQ(values.size(), plain.size());
    if (plain.empty()) continue;
    const std::size_t rank = random() % plain.size();
    ASSERT_TRUE(values.at(rank) == plain[rank]) << step;
  }
  for (const Int128 value : plain) values.remove(value);
  EXPECT_EQ(values.size(), 0U);
}

}  // namespace
}  // namespace catena::correlate
