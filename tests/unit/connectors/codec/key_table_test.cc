// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/key_table.h"

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/normalise/normalisation_table.h"

namespace catena::codec {
namespace {

class KeyTableTest : public ::testing::Test {
 protected:
  KeyTableTest() {
    normalise::MappingDefinition definition;
    normalise::Shape shape;
    shape.name = "json";
    for (std::size_t i = 0; i < normalise::kRecordFormatCount; ++i) {
      shape.formats.push_back(static_cast<normalise::RecordFormat>(i));
    }
    shape.embedded = {"message"};
    definition.shapes = {shape};
    table_ = *normalise::NormalisationTable::create(std::move(definition));
    for (const char* name : {"a", "a.b", "ThreatName", "EventData.x"}) fields_.intern(name);
    table_->finish(fields_);
  }

  // find() on a copy with exactly the readable bytes that are promised.
  static KeyId find(KeyTable& keys, KeyId container, const std::string& key) {
    std::string padded;
    padded.reserve(key.size() + kKeyPadding);
    padded.assign(key);
    padded.append(kKeyPadding, '?');
    return keys.find(container, std::string_view(padded).substr(0, key.size()));
  }
  std::string_view path(const KeyTable& keys, KeyId id) { return table_->path_name(keys[id].path); }

  FieldCatalog fields_;
  std::unique_ptr<normalise::NormalisationTable> table_;
};

TEST_F(KeyTableTest, FindsPathsThroughContainers) {
  KeyTable keys(*table_, 1);
  const KeyId a = find(keys, keys.root(""), "a");
  EXPECT_NE(a, kNoKey);
  EXPECT_EQ(path(keys, a), "a");
  EXPECT_EQ(path(keys, find(keys, a, "b")), "a.b");
  EXPECT_EQ(keys[find(keys, a, "z")].path, normalise::kUnknownPath);
  EXPECT_EQ(keys[find(keys, kNoKey, "b")].path, normalise::kUnknownPath);
  EXPECT_EQ(path(keys, find(keys, keys.root("EventData"), "x")), "EventData.x");
  EXPECT_TRUE(keys[find(keys, kNoKey, "message")].maybe_embedded);
  EXPECT_FALSE(keys[a].maybe_embedded);
}

TEST_F(KeyTableTest, TellsLookAlikesApart) {
  KeyTable keys(*table_, 2);
  std::map<std::pair<KeyId, std::string>, KeyId> known;
  std::set<KeyId> ids;
  for (const std::size_t size :
       {0U, 1U, 7U, 8U, 9U, 15U, 16U, 17U, 18U, 23U, 24U, 25U, 26U, 64U, 1024U}) {
    for (std::size_t at = 0; at <= size; ++at) {
      if (size > 64 && at % 97 != 0) continue;
      std::string key(size, 'k');
      if (at < size) key[at] = 'l';  // one byte differs
      for (const KeyId container : {kNoKey, find(keys, kNoKey, "a")}) {
        const KeyId id = find(keys, container, key);
        const auto [entry, is_new] = known.try_emplace({container, key}, id);
        ASSERT_EQ(entry->second, id);
        const bool is_new_id = ids.insert(id).second;
        ASSERT_EQ(is_new, is_new_id) << key;
      }
    }
  }
  // All again, warm.
  for (const auto& [place, id] : known) ASSERT_EQ(find(keys, place.first, place.second), id);
}

TEST_F(KeyTableTest, RepeatsAreToldWithinOneObject) {
  KeyTable keys(*table_, 3);
  const KeyId a = find(keys, kNoKey, "a");
  const KeyId one = find(keys, kNoKey, "ThreatName");
  const KeyId two = find(keys, kNoKey, "Threat Name");
  EXPECT_NE(one, two);
  const std::uint32_t first = keys.next_object();
  EXPECT_FALSE(keys.is_repeated(a, first));
  EXPECT_TRUE(keys.is_repeated(a, first));
  EXPECT_FALSE(keys.is_repeated(one, first));
  EXPECT_TRUE(keys.is_repeated(two, first));  // the same path
  const std::uint32_t second = keys.next_object();
  EXPECT_FALSE(keys.is_repeated(a, second));
  EXPECT_FALSE(keys.is_repeated(two, second));
  EXPECT_TRUE(keys.is_repeated(one, second));
  // Unknown paths are repeated by their own text only.
  EXPECT_FALSE(keys.is_repeated(find(keys, kNoKey, "x y"), second));
  EXPECT_FALSE(keys.is_repeated(find(keys, kNoKey, "xy"), second));
}

// Another object's key of the same path lies between.
TEST_F(KeyTableTest, RepeatsAreToldAcrossInnerObjects) {
  KeyTable keys(*table_, 4);
  const KeyId dotted = find(keys, kNoKey, "a.b");
  const KeyId inner = find(keys, find(keys, kNoKey, "a"), "b");
  EXPECT_EQ(keys[dotted].path, keys[inner].path);
  const std::uint32_t outer_object = keys.next_object();
  EXPECT_FALSE(keys.is_repeated(dotted, outer_object));
  const std::uint32_t inner_object = keys.next_object();
  EXPECT_FALSE(keys.is_repeated(inner, inner_object));
  EXPECT_TRUE(keys.is_repeated(dotted, outer_object));
}

TEST_F(KeyTableTest, ForgetsWhenItKnowsTooMuch) {
  KeyTable keys(*table_, 5);
  const auto learn = [&](std::size_t count, const std::string& prefix) {
    for (std::size_t i = 0; i < count; ++i) find(keys, kNoKey, prefix + std::to_string(i));
  };
  keys.begin_document();
  learn(kMaxLearnedKeys, "k");
  EXPECT_EQ(keys.size(), kMaxLearnedKeys);
  keys.begin_document();
  EXPECT_EQ(keys.size(), kMaxLearnedKeys);  // as many as may be kept
  learn(1, "one more");
  learn(20'000, "of one document");
  EXPECT_EQ(keys.size(), kMaxLearnedKeys + 20'001);
  keys.begin_document();
  EXPECT_EQ(keys.size(), 0U);
  const KeyId a = find(keys, kNoKey, "a");
  EXPECT_EQ(path(keys, a), "a");
  EXPECT_FALSE(keys.is_repeated(a, keys.next_object()));
}

// Longer paths than any that is known.
TEST_F(KeyTableTest, LongPathsAreUnknown) {
  KeyTable keys(*table_, 6);
  KeyId container = kNoKey;
  for (int i = 0; i < 10; ++i) {
    container = find(keys, container, std::string(1'000, 'a'));
    EXPECT_EQ(keys[container].path, normalise::kUnknownPath);
  }
}

}  // namespace
}  // namespace catena::codec
