// SPDX-License-Identifier: Apache-2.0
#include "storage/dead_letter/dead_letter_store.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace catena::storage {
namespace {

KeptLetter letter(std::uint64_t record, const std::string& bytes) {
  KeptLetter out;
  out.record = record;
  out.reason = DeadLetterReason::kTruncated;
  out.received_at = 17;
  out.listener = "tcp";
  out.peer = "192.0.2.1:9";
  out.bytes = bytes;
  return out;
}

std::vector<std::uint64_t> records(const DeadLetterStore& store) {
  std::vector<std::uint64_t> out;
  EXPECT_TRUE(store
                  .for_each([&](const KeptLetter& kept) {
                    out.push_back(kept.record);
                    return true;
                  })
                  .ok());
  return out;
}

TEST(DeadLetterStore, KeepsWholeLettersOnceAndInOrder) {
  const tests::ScratchFolder scratch;
  const DeadLetterOptions options{.path = scratch.inside("d")};
  {
    auto store = DeadLetterStore::open(options);
    ASSERT_TRUE(store.ok()) << store.status().to_string();
    ASSERT_TRUE((*store)->put({letter(300, "{\"a\":"), letter(2, "x\ny")}).ok());
    ASSERT_TRUE((*store)->put({letter(2, "x\ny"), letter(5, "z")}).ok());
  }
  auto store = DeadLetterStore::open(options);
  ASSERT_TRUE(store.ok());
  EXPECT_EQ(records(**store), (std::vector<std::uint64_t>{2, 5, 300}));
  EXPECT_EQ((*store)->figures().letters, 3U);
  const auto kept = (*store)->get(2);
  ASSERT_TRUE(kept.ok() && kept->has_value());
  EXPECT_EQ((*kept)->bytes, "x\ny");
  EXPECT_EQ((*kept)->peer, "192.0.2.1:9");
  EXPECT_EQ((*kept)->reason, DeadLetterReason::kTruncated);
  EXPECT_TRUE((*store)->remove(2).ok());
  EXPECT_EQ((*store)->remove(2).code(), StatusCode::kNotFound);
  EXPECT_EQ(records(**store), (std::vector<std::uint64_t>{5, 300}));
}

TEST(DeadLetterStore, TheOldestGoWhenThereIsNoRoom) {
  const tests::ScratchFolder scratch;
  auto store = DeadLetterStore::open({.path = scratch.inside("d"), .max_letters = 3});
  ASSERT_TRUE(store.ok());
  for (std::uint64_t i = 1; i <= 5; ++i) ASSERT_TRUE((*store)->put({letter(i, "x")}).ok());
  EXPECT_EQ(records(**store), (std::vector<std::uint64_t>{3, 4, 5}));
  EXPECT_EQ((*store)->figures().dropped, 2U);
  auto small = DeadLetterStore::open({.path = scratch.inside("e"), .max_bytes = 500});
  ASSERT_TRUE(small.ok());
  for (std::uint64_t i = 1; i <= 5; ++i) {
    ASSERT_TRUE((*small)->put({letter(i, std::string(200, 'x'))}).ok());
  }
  EXPECT_EQ(records(**small), (std::vector<std::uint64_t>{4, 5}));
}

TEST(DeadLetterStore, DamageIsNamed) {
  const std::string value = encode_letter(letter(7, "abc"));
  EXPECT_TRUE(decode_letter(7, value).ok());
  for (std::size_t size = 0; size < value.size(); ++size) {
    EXPECT_FALSE(decode_letter(7, value.substr(0, size)).ok()) << size;
  }
  EXPECT_EQ(decode_letter(7, "\x02").status().code(), StatusCode::kVersion);
}

}  // namespace
}  // namespace catena::storage
