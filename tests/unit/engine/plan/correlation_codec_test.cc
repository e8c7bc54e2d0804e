// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/correlation_codec.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "engine/base/byte_archive.h"

namespace catena::plan {
namespace {

constexpr std::size_t kRules = 3;
constexpr std::size_t kFields = 9;

CorrelationProgram sample() {
  CorrelationProgram program;
  program.rules = {{0, true, {1, 2}}, {2, false, {8}}};
  Correlation below;
  below.id = "b";
  below.title = "Below";
  below.level = Level::kHigh;
  below.tags = {"attack.t1110"};
  below.file = "f.yml";
  below.line = 7;
  below.alerts = false;
  below.repeat = true;
  below.type = CorrelationType::kValuePercentile;
  below.span = 5 * kNanosPerMinute;
  below.group_names = {"user"};
  below.value_names = {"bytes"};
  below.bounds = {{Comparator::kNotEqual, *parse_decimal("-2.5")},
                  {Comparator::kLess, *parse_decimal("999999999999999999")}};
  below.percentile = 99'900;
  below.condition = "!= -2.5";
  below.export_count = 1;
  below.inputs = {{false, 0, {0}, {1}, {1}}};
  Correlation above = below;
  above.id = "a";
  above.type = CorrelationType::kTemporalOrdered;
  above.value_names = {};
  above.bounds = {};
  above.export_count = 0;
  above.inputs = {{true, 0, {0}, {}, {}}, {false, 1, {0}, {}, {}}};
  above.presence = {{PresenceNode::Kind::kInput, 1, {}}, {PresenceNode::Kind::kAtLeast, 1, {0}}};
  above.terms = {{{0, 1}, 4}};
  program.correlations = {below, above};
  return program;
}

std::string bytes_of(const CorrelationProgram& program) {
  ByteWriter writer;
  transfer_correlations(writer, program);
  return writer.take();
}

TEST(CorrelationCodec, GivesBackEverything) {
  const std::string bytes = bytes_of(sample());
  CorrelationProgram again;
  ByteReader reader(bytes);
  transfer_correlations(reader, again);
  ASSERT_TRUE(reader.finished());
  EXPECT_EQ(bytes_of(again), bytes);
  EXPECT_TRUE(check_correlations(again, kRules, kFields).ok());
  EXPECT_EQ(format_decimal(again.correlations[0].bounds[0].value), "-2.5");
}

TEST(CorrelationCodec, IsWellFormedOrRefusedForEveryFlippedByte) {
  const std::string bytes = bytes_of(sample());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string bad = bytes;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      CorrelationProgram program;
      ByteReader reader(bad);
      transfer_correlations(reader, program);
      if (reader.finished()) static_cast<void>(check_correlations(program, kRules, kFields));
    }
  }
}

TEST(CheckCorrelations, NamesWhatIsWrong) {
  const auto broken = [](const std::function<void(CorrelationProgram&)>& change) {
    CorrelationProgram program = sample();
    change(program);
    return check_correlations(program, kRules, kFields).message();
  };
  EXPECT_EQ(broken([](auto&) {}), "");
  EXPECT_EQ(broken([](auto& p) { p.rules[1].rule = 3; }),
            "rule set: a correlation of a rule that does not exist");
  EXPECT_EQ(broken([](auto& p) { p.rules[1].rule = 0; }),
            "rule set: a correlation of a rule that does not exist");
  EXPECT_EQ(broken([](auto& p) { p.rules[0].captures[0] = 9; }),
            "rule set: a field that does not exist");
  EXPECT_EQ(broken([](auto& p) { p.correlations[1].inputs[0].index = 1; }),
            "rule set: a correlation of what does not stand before it");
  EXPECT_EQ(broken([](auto& p) { p.correlations[0].inputs[0].index = 2; }),
            "rule set: a correlation of what does not stand before it");
  EXPECT_EQ(broken([](auto& p) { p.correlations[0].inputs[0].group_slots[0] = 2; }),
            "rule set: a correlation's field that does not exist");
  EXPECT_EQ(broken([](auto& p) { p.correlations[0].inputs[0].value_slots.clear(); }),
            "rule set: a correlation without a field");
  EXPECT_EQ(broken([](auto& p) { p.correlations[0].span = 0; }),
            "rule set: a correlation without a window");
  EXPECT_EQ(broken([](auto& p) { p.correlations[0].inputs.clear(); }),
            "rule set: the rules of a correlation");
  EXPECT_EQ(broken([](auto& p) { p.correlations[0].value_names.clear(); }),
            "rule set: the fields of a correlation");
  EXPECT_EQ(broken([](auto& p) { p.correlations[0].percentile = 100'001; }),
            "rule set: a percentile");
  EXPECT_EQ(broken([](auto& p) { p.correlations[1].terms.clear(); }),
            "rule set: an order of nothing");
  EXPECT_EQ(broken([](auto& p) { p.correlations[1].terms[0].steps = {2}; }),
            "rule set: a step that does not exist");
  EXPECT_EQ(broken([](auto& p) { p.correlations[1].presence[1].children = {1}; }),
            "rule set: a condition that does not stand behind its parts");
  EXPECT_EQ(broken([](auto& p) { p.correlations[1].presence[0].number = 2; }),
            "rule set: a condition over a rule that does not exist");
}

}  // namespace
}  // namespace catena::plan
