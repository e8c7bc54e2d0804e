// SPDX-License-Identifier: Apache-2.0
// What JsonWalker promises beyond what its twin shows (tests/property/json_walker_twin_test.cc):
// views instead of copies, limits with their reasons, the flags.
#include "connectors/codec/json_walker.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "engine/normalise/normalisation_table.h"

namespace catena::codec {
namespace {

class JsonWalkerTest : public ::testing::Test {
 protected:
  JsonWalkerTest() {
    normalise::MappingDefinition definition;
    normalise::Shape shape;
    shape.name = "json";
    for (std::size_t i = 0; i < normalise::kRecordFormatCount; ++i) {
      shape.formats.push_back(static_cast<normalise::RecordFormat>(i));
    }
    shape.embedded = {"message"};
    definition.shapes = {shape};
    table_ = *normalise::NormalisationTable::create(std::move(definition));
    for (const char* name : {"a", "a.b", "EventData.a"}) fields_.intern(name);
    table_->finish(fields_);
    walker_ = std::make_unique<JsonWalker>(*table_);
  }

  std::optional<DeadLetterReason> walk(const std::string& document, std::string_view prefix = "") {
    bytes_ = document + std::string(kJsonPadding, '\0');
    record_.clear();
    arena_.clear();
    return walker_->walk(std::string_view(bytes_).substr(0, document.size()), prefix, arena_,
                         record_);
  }
  [[nodiscard]] bool is_view(std::size_t field) const {
    const char* const text = record_.fields[field].text.data();
    return text >= bytes_.data() && text < bytes_.data() + bytes_.size();
  }
  [[nodiscard]] std::string path(std::size_t field) const {
    return std::string(table_->path_name(record_.fields[field].path));
  }

  FieldCatalog fields_;
  std::unique_ptr<normalise::NormalisationTable> table_;
  std::unique_ptr<JsonWalker> walker_;
  std::string bytes_;
  Arena arena_;
  normalise::FlatRecord record_;
};

TEST_F(JsonWalkerTest, ValuesAreViewsOfTheDocument) {
  ASSERT_FALSE(walk(R"({"a":"x","z":"y\\\n","a":12,"z":true,"z":null})"));
  ASSERT_EQ(record_.fields.size(), 5U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(is_view(i)) << i;
  EXPECT_FALSE(record_.fields[0].escaped);
  EXPECT_TRUE(record_.fields[1].escaped);
  EXPECT_EQ(record_.fields[1].text, R"(y\\\n)");
  EXPECT_TRUE(record_.fields[4].text.empty());
  EXPECT_TRUE(walker_->embedded().empty());
}

TEST_F(JsonWalkerTest, OtherEscapesAreUndoneAtOnce) {
  ASSERT_FALSE(walk(R"({"a":"x\n","z":"\u0041"})"));
  EXPECT_FALSE(record_.raw_holds_values);
  EXPECT_EQ(record_.fields[0].text, "x\n");  // one "\u" decides for the whole document
  EXPECT_FALSE(record_.fields[0].escaped);
  EXPECT_EQ(record_.fields[1].text, "A");
  ASSERT_FALSE(walk(R"({"a":"x\n"})"));
  EXPECT_TRUE(record_.raw_holds_values);
  EXPECT_TRUE(record_.fields[0].escaped);
}

TEST_F(JsonWalkerTest, EmbeddedRecordsAreNeverEscaped) {
  ASSERT_FALSE(walk(R"({"a":[1,2],"message":"{\"a\":1}","z":"\n"})"));
  ASSERT_EQ(walker_->embedded().size(), 1U);
  const std::uint32_t index = walker_->embedded()[0];
  EXPECT_EQ(path(index), "message");
  EXPECT_FALSE(record_.fields[index].escaped);
  EXPECT_EQ(record_.fields[index].text, R"({"a":1})");
}

TEST_F(JsonWalkerTest, PrefixesComeBeforePaths) {
  ASSERT_FALSE(walk(R"({"a":1,"b":2})", "EventData"));
  EXPECT_EQ(path(0), "EventData.a");
  EXPECT_EQ(path(1), "");
}

TEST_F(JsonWalkerTest, ContainersWithPathsAreComposites) {
  ASSERT_FALSE(walk(R"({"a":{ "b" : [1, 2] }, "z":{"a":1}})"));
  ASSERT_EQ(record_.fields.size(), 4U);
  EXPECT_EQ(record_.fields[0].kind, ValueKind::kComposite);
  EXPECT_EQ(record_.fields[0].text, R"({ "b" : [1, 2] })");
  EXPECT_EQ(path(1), "a.b");
  EXPECT_EQ(path(2), "a.b");
  EXPECT_EQ(path(3), "");
}

TEST_F(JsonWalkerTest, LimitsHaveReasons) {
  const auto deep = [](std::size_t depth) {
    std::string out;
    for (std::size_t i = 0; i < depth; ++i) out += "{\"a\":";
    return out + "1" + std::string(depth, '}');
  };
  EXPECT_FALSE(walk(deep(kMaxJsonDepth)));
  EXPECT_EQ(walk(deep(kMaxJsonDepth + 1)), DeadLetterReason::kTooDeep);
  const auto many = [](std::size_t count, const std::string& value) {
    std::string out = "{\"z\":" + value;
    for (std::size_t i = 1; i < count; ++i) out += ",\"z\":" + value;
    return out + "}";
  };
  EXPECT_FALSE(walk(many(kMaxFields, "1")));
  EXPECT_EQ(walk(many(kMaxFields + 1, "1")), DeadLetterReason::kTooManyFields);
  EXPECT_FALSE(walk(many(kMaxKeys, "{}")));
  EXPECT_EQ(walk(many(kMaxKeys + 1, "{}")), DeadLetterReason::kTooManyFields);
  EXPECT_FALSE(walk("{\"" + std::string(kMaxKeyBytes, 'k') + "\":1}"));
  EXPECT_EQ(walk("{\"" + std::string(kMaxKeyBytes + 1, 'k') + "\":1}"),
            DeadLetterReason::kKeyTooLong);
  ASSERT_FALSE(walk("{\"a\":\"" + std::string(kMaxValueBytes + 1, 'v') + "\"}"));
  EXPECT_EQ(record_.fields[0].text.size(), kMaxValueBytes);
  EXPECT_EQ(record_.flags, kFlagTruncatedField);
  EXPECT_FALSE(record_.raw_holds_values);
}

TEST_F(JsonWalkerTest, DamageHasReasons) {
  EXPECT_EQ(walk("[]"), DeadLetterReason::kNotARecord);
  EXPECT_EQ(walk("{\"a\":\"b"), DeadLetterReason::kTruncated);
  EXPECT_EQ(walk("{\"a\":1,"), DeadLetterReason::kTruncated);
  EXPECT_EQ(walk("{\"a\":1}}"), DeadLetterReason::kInvalidJson);
  EXPECT_EQ(walk("{\"a\":\"\\q\"}"), DeadLetterReason::kInvalidJson);
  EXPECT_EQ(walk("{\"a\":\"" + std::string(64, '\x01') + "\"}"), DeadLetterReason::kBinary);
  EXPECT_FALSE(walk("{}"));
  EXPECT_TRUE(record_.fields.empty());
}

TEST_F(JsonWalkerTest, FlagsTellWhatWasOdd) {
  ASSERT_FALSE(walk("{\"a\":\"\xFF\"}"));
  EXPECT_EQ(record_.flags, kFlagInvalidUtf8);
  EXPECT_EQ(record_.fields[0].text, "\xEF\xBF\xBD");
  EXPECT_FALSE(record_.raw_holds_values);
  ASSERT_FALSE(walk(R"({"a":"\ud800"})"));
  EXPECT_EQ(record_.flags, kFlagInvalidUtf8);
  ASSERT_FALSE(walk(R"({"a":1,"b":{"a":1},"a":2})"));
  EXPECT_EQ(record_.flags, kFlagDuplicateKey);
  ASSERT_FALSE(walk(R"({"a":1,"b":[{"a":1},{"a":1}]})"));
  EXPECT_EQ(record_.flags, 0);
}

}  // namespace
}  // namespace catena::codec
