// SPDX-License-Identifier: Apache-2.0
// What the table knows and what it refuses to keep; that decoding with it gives the same events is
// held by tests/property/outline_twin_test.cc.
#include "connectors/codec/outline_table.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "connectors/codec/json_walker.h"
#include "engine/normalise/mapping_definition.h"

namespace catena::codec {
namespace {

class OutlineTableTest : public testing::TestWithParam<BlockWidth> {
 protected:
  OutlineTableTest() {
    normalise::MappingDefinition definition;
    normalise::Shape shape;
    shape.name = "json";
    for (std::size_t i = 0; i < normalise::kRecordFormatCount; ++i) {
      shape.formats.push_back(static_cast<normalise::RecordFormat>(i));
    }
    definition.shapes = {shape};
    table_ = *normalise::NormalisationTable::create(std::move(definition));
    for (const char* name : {"a", "b", "c", "a.b"}) fields_.intern(name);
    table_->finish(fields_);
    walker_ = std::make_unique<JsonWalker>(*table_);
    outlines_ = std::make_unique<OutlineTable>(*table_, GetParam());
  }

  Outline* find(const std::string& line) {
    bytes_ = line + std::string(64, '"');
    const std::string_view document = std::string_view(bytes_).substr(0, line.size());
    known_ = outlines_->find(document);
    return known_.outline;
  }
  void learn(const std::string& line) {
    bytes_ = line + std::string(64, '"');
    const std::string_view document = std::string_view(bytes_).substr(0, line.size());
    normalise::FlatRecord record;
    ASSERT_FALSE(walker_->walk(document, "", arena_, record)) << line;
    outlines_->learn(document, record);
  }
  void learn_twice(const std::string& line) {
    learn(line);
    learn(line);
  }

  FieldCatalog fields_;
  std::unique_ptr<normalise::NormalisationTable> table_;
  std::unique_ptr<JsonWalker> walker_;
  std::unique_ptr<OutlineTable> outlines_;
  OutlineTable::Known known_;
  Arena arena_;
  std::string bytes_;
};

TEST_P(OutlineTableTest, KnowsWhatItSawTwice) {
  learn(R"({"a":"x","b":1})");
  EXPECT_EQ(find(R"({"a":"x","b":1})"), nullptr);
  learn(R"({"a":"x","b":1})");
  const Outline* outline = find(R"({"a":"a longer text \n","b":null})");
  ASSERT_NE(outline, nullptr);
  EXPECT_EQ(outline->scalars, 2U);
  EXPECT_EQ(outlines_->values()[0].text, "a longer text \\n");
  EXPECT_TRUE(outlines_->values()[0].escaped);
  EXPECT_EQ(outlines_->values()[1].kind, ValueKind::kNull);
}

TEST_P(OutlineTableTest, OtherOutlinesAreOthers) {
  learn_twice(R"({"a":"x","b":1})");
  for (const char* line : {R"({"a":"x","b":"1"})", R"({"a":1,"b":1})", R"({"a":"x","b":1,"c":1})",
                           R"({"a":"x"})", R"({"a":"x", "b":1})", R"({"b":1,"a":"x"})",
                           R"({"a":"x","b":1}})", R"({"a":"x","b":})", R"({"a":"x","b":01})",
                           R"({"a":"x","b":[1]})", R"({"a":"x","b":1)", R"({"a":"x)", "{", "{}"}) {
    EXPECT_EQ(find(line), nullptr) << line;
  }
}

TEST_P(OutlineTableTest, SaysWhatItSawOfTheLine) {
  const std::string document = R"({"a":"x","b":1})";
  learn_twice(document);
  for (const char* end : {"", "\n", "\r\n", " \t\n", "\n{}", " "}) {
    ASSERT_NE(find(document + end), nullptr) << end;
    EXPECT_EQ(known_.size, document.size());
    EXPECT_EQ(known_.line_end,
              document.size() + std::min(std::string(end).find('\n'), std::string(end).size()));
  }
  for (const char* end : {"x", " x\n", "}", "{\n"}) EXPECT_EQ(find(document + end), nullptr) << end;
  EXPECT_TRUE(known_.outline == nullptr);
  ASSERT_NE(find(R"({"a":"caf\u00e9","b":1})"), nullptr);
  EXPECT_TRUE(known_.unicode_escapes);
  EXPECT_TRUE(known_.is_ascii);
  ASSERT_NE(find("{\"a\":\"caf\xC3\xA9\",\"b\":1}"), nullptr);
  EXPECT_FALSE(known_.unicode_escapes);
  EXPECT_FALSE(known_.is_ascii);
  learn_twice(R"({"\u0061":"x"})");
  ASSERT_NE(find(R"({"\u0061":"x"})"), nullptr);
  EXPECT_TRUE(known_.unicode_escapes);
}

TEST_P(OutlineTableTest, LeavesLongerLinesAlone) {
  learn_twice(R"({"a":"x"})");
  const std::size_t frame = std::string_view(R"({"a":""})").size();
  for (const std::size_t size : {kMaxComparedLine - 1, kMaxComparedLine, kMaxComparedLine + 1}) {
    const std::string line = R"({"a":")" + std::string(size - frame, 'x') + R"("})";
    EXPECT_EQ(find(line) != nullptr, size <= kMaxComparedLine) << size;
    EXPECT_EQ(find(line + "\n{}") != nullptr, size < kMaxComparedLine) << size;
  }
}

TEST_P(OutlineTableTest, PlacesComposites) {
  learn_twice(R"({"b":[{"x":"1"},{}],"a":{"b":"y"}})");
  const std::string line = R"({"b":[{"x":"longer"},{}],"a":{"b":"\\"}})";
  const Outline* outline = find(line);
  ASSERT_NE(outline, nullptr);
  ASSERT_EQ(outline->composites.size(), 2U);
  EXPECT_EQ(outlines_->values()[2].text, R"([{"x":"longer"},{}])");
  EXPECT_EQ(outlines_->values()[3].text, R"({"b":"\\"})");
}

TEST_P(OutlineTableTest, LearnsOnlySoMuchWithoutUse) {
  for (std::size_t i = 0; i < 2 * kFirstCredit; ++i) {
    // Two ways at each of twelve places.
    std::string line = "{\"a\":\"x\"";
    for (std::size_t bit = 1; bit <= 2048; bit *= 2) {
      line += (i & bit) != 0 ? ",\"a\":1" : ",\"b\":1";
    }
    learn_twice(line + "}");
  }
  EXPECT_EQ(outlines_->size(), kFirstCredit);
}

TEST_P(OutlineTableTest, LeavesTooLargeRecordsAlone) {
  std::string many = "{\"a\":1";
  for (std::size_t i = 0; i < kMaxOutlineValues; ++i) many += ",\"b\":1";
  learn_twice(many + "}");
  EXPECT_EQ(find(many + "}"), nullptr);
  std::string wide = "{\"a\":[";
  for (std::size_t i = 0; i < kMaxPieceBytes; ++i) wide += "[],";
  learn_twice(wide + "1]}");
  EXPECT_EQ(find(wide + "1]}"), nullptr);
  EXPECT_EQ(outlines_->size(), 0U);
}

// Records that share a beginning and then differ: only so many branches are kept or compared.
TEST_P(OutlineTableTest, BoundsTheBranchesOfOneBeginning) {
  for (std::size_t i = 0; i < 2 * kMaxBranches; ++i) {
    learn_twice("{\"a\":\"x\",\"k" + std::to_string(i) + "\":\"y\",\"b\":[" +
                std::string(i, '1').append(i == 0 ? "" : ",").append("1]}"));
  }
  EXPECT_LE(outlines_->size(), kMaxBranches);
  EXPECT_EQ(find("{\"a\":\"x\",\"other\":\"y\"}"), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Widths, OutlineTableTest,
                         testing::Values(BlockWidth::kPortable, BlockWidth::k32, BlockWidth::k64));

}  // namespace
}  // namespace catena::codec
