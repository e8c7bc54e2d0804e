// SPDX-License-Identifier: Apache-2.0
#include "engine/match/scan_buffer.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/base/json_escape.h"
#include "engine/base/text_fold.h"
#include "tests/support/event_fixture.h"

namespace catena::match {
namespace {

using plan::PlanLiteral;
using test::EventFixture;
using Anchor = PlanLiteral::Anchor;

class ScanBufferTest : public ::testing::Test {
 protected:
  // Rules that name the fields f0 to f<count - 1>.
  explicit ScanBufferTest(std::size_t count = 3) {
    for (std::size_t i = 0; i < count; ++i) {
      plan::Predicate predicate;
      predicate.field = fields_.intern("f" + std::to_string(i));
      rules_.predicates.push_back(predicate);
    }
    fields_.intern("unnamed");
  }

  // Whether the text of `literal` in field `name` is found in the buffer.
  bool finds(const ScanCodes& codes, const char* name, const char* text, Anchor anchor) {
    const FieldId field = fields_.find(name);
    const std::string bytes = ScanCodes::encode({field, anchor, text}, codes.of(field));
    return buffer_.text().find(bytes) != std::string_view::npos;
  }

  FieldCatalog fields_;
  plan::RuleSet rules_;
  ScanBuffer buffer_;
};

TEST_F(ScanBufferTest, AnchorsNameFieldAndBorder) {
  const ScanCodes codes(rules_, fields_.size());
  EventFixture fixture(fields_);
  const Event event = fixture.make({{"f0", "Alpha"}, {"f1", "beta"}, {"f0", ""}, {"f2", "alpha"}});
  ScanCodes::Set wanted;
  EXPECT_TRUE(wanted.empty());
  wanted.insert(codes.of(fields_.find("f0")));
  wanted.insert(codes.of(fields_.find("f1")));
  buffer_.take_fields(event, codes, wanted);
  EXPECT_TRUE(finds(codes, "f0", "alpha", Anchor::kBoth));
  EXPECT_TRUE(finds(codes, "f0", "al", Anchor::kStart));
  EXPECT_TRUE(finds(codes, "f0", "ha", Anchor::kEnd));
  EXPECT_TRUE(finds(codes, "f0", "lph", Anchor::kNone));
  EXPECT_FALSE(finds(codes, "f0", "lpha", Anchor::kStart));
  EXPECT_FALSE(finds(codes, "f0", "alph", Anchor::kEnd));
  EXPECT_FALSE(finds(codes, "f1", "alpha", Anchor::kStart));
  EXPECT_FALSE(finds(codes, "f2", "alpha", Anchor::kBoth));  // not wanted
  EXPECT_FALSE(finds(codes, "f0", "beta", Anchor::kBoth));
}

TEST_F(ScanBufferTest, SlicesAreTheFoldedValues) {
  const ScanCodes codes(rules_, fields_.size());
  EventFixture fixture(fields_);
  const Event event = fixture.make(
      {{"f0", "\u212Aelvin \u00c4"}, {"", "X"}, {"f1", "", ValueKind::kNull}, {"f1", ""}});
  buffer_.take_all(event);
  ASSERT_EQ(buffer_.slices().size(), 3U);
  EXPECT_EQ(buffer_.folded(buffer_.slices()[0]), "kelvin \u00e4");
  EXPECT_EQ(buffer_.slices()[1].field, 1U);
  EXPECT_EQ(buffer_.folded(buffer_.slices()[1]), "x");
  EXPECT_EQ(buffer_.slices()[2].field, 3U);
  EXPECT_EQ(buffer_.folded(buffer_.slices()[2]), "");
  const std::string keyword =
      ScanCodes::encode({kUnknownField, Anchor::kBoth, "x"}, ScanCodes::kNone);
  EXPECT_NE(buffer_.text().find(keyword), std::string_view::npos);
  buffer_.clear();
  EXPECT_TRUE(buffer_.text().empty());
  EXPECT_TRUE(buffer_.slices().empty());
}

TEST_F(ScanBufferTest, KeywordsLeaveCompositesOut) {
  EventFixture fixture(fields_);
  const Event event = fixture.make({{"f0", "{\"a\":1}", ValueKind::kComposite}, {"f0", "a"}});
  buffer_.take_all(event);
  EXPECT_EQ(buffer_.slices().size(), 1U);
  const ScanCodes codes(rules_, fields_.size());
  ScanCodes::Set wanted;
  wanted.insert(codes.of(fields_.find("f0")));
  buffer_.take_fields(event, codes, wanted);
  EXPECT_EQ(buffer_.slices().size(), 3U);  // they are added to what is there
}

// Escaped values come out as if they had been unescaped, then folded; the buffer grows as needed.
TEST_F(ScanBufferTest, EscapedValuesAreUnescaped) {
  for (std::size_t size = 0; size < 300; size += 7) {
    std::string body = std::string(size, 'A') + R"(\\B\/\"\n)" + "\u0130\u212A";
    std::string plain;
    ASSERT_TRUE(append_unescaped(body, plain));
    const std::size_t bytes = body.size();
    body.append(kEscapePadding, 'X');
    const std::vector<Field> values = {
        {fields_.find("f0"), ValueKind::kString, true, std::string_view(body).substr(0, bytes)}};
    Event event;
    event.fields = values;
    ScanBuffer fresh;
    fresh.take_all(event);
    ASSERT_EQ(fresh.slices().size(), 1U);
    EXPECT_EQ(fresh.folded(fresh.slices()[0]), folded(plain));
  }
}

TEST(ScanCodes, FieldsThatNoRuleNamesHaveNone) {
  FieldCatalog fields;
  plan::RuleSet rules;
  plan::Predicate keyword;
  keyword.any_field = true;
  rules.predicates.push_back(keyword);
  plan::Predicate predicate;
  predicate.field = fields.intern("named");
  rules.predicates.push_back(predicate);
  const FieldId unnamed = fields.intern("unnamed");
  const ScanCodes codes(rules, fields.size());
  EXPECT_NE(codes.of(predicate.field), ScanCodes::kNone);
  EXPECT_EQ(codes.of(unnamed), ScanCodes::kNone);
}

// Above kMaxCodes codes repeat: none is kNone, and none of their bytes is a border.
TEST(ScanCodes, ManyFieldsShareCodes) {
  FieldCatalog fields;
  plan::RuleSet rules;
  for (std::size_t i = 0; i < ScanCodes::kMaxCodes + 10; ++i) {
    plan::Predicate predicate;
    predicate.field = fields.intern(std::to_string(i));
    rules.predicates.push_back(predicate);
  }
  const ScanCodes codes(rules, fields.size());
  for (const plan::Predicate& predicate : rules.predicates) {
    const ScanCodes::Code code = codes.of(predicate.field);
    ASSERT_NE(code, ScanCodes::kNone);
    const std::string bytes = ScanCodes::encode({predicate.field, Anchor::kBoth, "a"}, code);
    ASSERT_EQ(bytes.size(), 7U);
    for (const std::size_t at : {1U, 2U, 5U, 6U}) {
      ASSERT_GE(bytes[at], 1);
      ASSERT_LE(bytes[at], 126);
    }
  }
  EXPECT_EQ(codes.of(rules.predicates.front().field),
            codes.of(rules.predicates[ScanCodes::kMaxCodes].field));
}

}  // namespace
}  // namespace catena::match
