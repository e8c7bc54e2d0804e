// SPDX-License-Identifier: Apache-2.0
#include "storage/incidents/record_codec.h"

#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/incident_samples.h"

namespace catena::storage {
namespace {

// Every shorter value and every longer one is refused, and so are other versions.
void expect_exact(const std::string& value, const std::function<Status(std::string_view)>& decode,
                  std::uint8_t newest = kRecordVersion) {
  EXPECT_TRUE(decode(value).ok());
  for (std::size_t size = 0; size < value.size(); ++size) {
    EXPECT_EQ(decode(std::string_view(value).substr(0, size)).code(), StatusCode::kCorrupt) << size;
  }
  EXPECT_EQ(decode(value + "x").code(), StatusCode::kCorrupt);
  std::string newer = value;
  newer[0] = static_cast<char>(newest + 1);
  EXPECT_EQ(decode(newer).code(), StatusCode::kVersion);
  newer[0] = 0;
  EXPECT_EQ(decode(newer).code(), StatusCode::kCorrupt);
}

TEST(RecordCodec, DetectionsComeBackAndPartsOfThemDoNot) {
  const incident::Detection detection = tests::sample_detection(3);
  const std::string value = encode_detection(detection);
  const auto decoded = decode_detection(detection.id, value);
  ASSERT_TRUE(decoded.ok()) << decoded.status().message();
  EXPECT_TRUE(tests::same(*decoded, detection));
  EXPECT_EQ(encode_detection(*decoded), value);
  const auto decode = [&](std::string_view v) {
    return decode_detection(detection.id, v).status();
  };
  expect_exact(value, decode, kCorrelationRecordVersion);
}

TEST(RecordCodec, DetectionsOfCorrelationsKeepTheirEvidence) {
  incident::Detection detection = tests::sample_detection(3);
  incident::CorrelationEvidence evidence;
  evidence.type = "value_count";
  evidence.condition = ">= 3";
  evidence.fields = {"User", "Domain"};
  evidence.span_seconds = 600;
  evidence.group = {{"IpAddress", "10.0.0.1"}};
  evidence.value = "3";
  evidence.value_is_floor = true;
  evidence.event_count = 7;
  evidence.event_count_is_floor = true;
  evidence.first = -5;
  evidence.events = {{hash128("e"), "rule", 9, {"a.log", 4, 100}}};
  detection.correlation = std::make_shared<const incident::CorrelationEvidence>(evidence);
  const std::string value = encode_detection(detection);
  EXPECT_EQ(value[0], static_cast<char>(kCorrelationRecordVersion));
  const auto decoded = decode_detection(detection.id, value);
  ASSERT_TRUE(decoded.ok()) << decoded.status().message();
  ASSERT_NE(decoded->correlation, nullptr);
  EXPECT_EQ(decoded->correlation->fields, evidence.fields);
  EXPECT_EQ(decoded->correlation->events[0].origin.line, 4U);
  EXPECT_EQ(encode_detection(*decoded), value);
  const auto decode = [&](std::string_view v) {
    return decode_detection(detection.id, v).status();
  };
  EXPECT_EQ(decode(value + "x").code(), StatusCode::kCorrupt);
  for (std::size_t size = 0; size < value.size(); ++size) {
    EXPECT_EQ(decode(std::string_view(value).substr(0, size)).code(), StatusCode::kCorrupt) << size;
  }
}

TEST(RecordCodec, EmptyDetectionComesBack) {
  const incident::Detection empty;
  const auto decoded = decode_detection(empty.id, encode_detection(empty));
  ASSERT_TRUE(decoded.ok());
  EXPECT_TRUE(tests::same(*decoded, empty));
}

TEST(RecordCodec, ChainsComeBackWithoutTheirSteps) {
  incident::Chain chain =
      tests::sample_chain("a", {tests::sample_detection(1), tests::sample_detection(2)});
  const std::string value = encode_chain(chain);
  const auto decoded = decode_chain(chain.id, value);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->step_count, 2U);
  chain.steps.clear();
  EXPECT_TRUE(tests::same(decoded->chain, chain));
  const auto decode = [&](std::string_view v) { return decode_chain(chain.id, v).status(); };
  expect_exact(value, decode, kChainRecordVersion);
}

TEST(RecordCodec, StepsComeBack) {
  const incident::Step step =
      tests::sample_chain("a", {tests::sample_detection(1), tests::sample_detection(2)}).steps[1];
  const std::string value = encode_step(step);
  const auto decoded = decode_step(step.detection, step.time, value);
  ASSERT_TRUE(decoded.ok());
  EXPECT_TRUE(tests::same(*decoded, step));
  const auto decode = [&](std::string_view v) {
    return decode_step(step.detection, step.time, v).status();
  };
  expect_exact(value, decode, kChainRecordVersion);
}

// A store of an earlier program: records of version 1 lack what came later.
TEST(RecordCodec, RecordsOfVersionOneAreRead) {
  incident::Chain chain = tests::sample_chain("a", {tests::sample_detection(1)});
  chain.inferences.clear();
  chain.launch = incident::LaunchOutcome::kNone;
  std::string value = encode_chain(chain);
  value[0] = 1;
  value.resize(value.size() - 3);  // no inferences, the outcome, the mark
  const auto decoded = decode_chain(chain.id, value);
  ASSERT_TRUE(decoded.ok()) << decoded.status().message();
  chain.steps.clear();
  EXPECT_TRUE(tests::same(decoded->chain, chain));
  incident::Step step = tests::sample_chain("a", {tests::sample_detection(1)}).steps[0];
  step.background = false;
  std::string old = encode_step(step);
  old[0] = 1;
  old.pop_back();
  const auto old_step = decode_step(step.detection, step.time, old);
  ASSERT_TRUE(old_step.ok());
  EXPECT_TRUE(tests::same(*old_step, step));
}

TEST(RecordCodec, PositionsAndCountersComeBack) {
  const pipeline::SourcePosition position{"/log", 1ULL << 40U, 77, ~0ULL};
  const std::string value = encode_position(position);
  const auto decoded = decode_position("/log", value);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->offset, position.offset);
  EXPECT_EQ(decoded->lines, position.lines);
  EXPECT_EQ(decoded->content_hash, position.content_hash);
  expect_exact(value, [](std::string_view v) { return decode_position("/log", v).status(); });
  const std::string counters = encode_counters({1000, 2, 3});
  EXPECT_EQ(decode_counters(counters)->events, 1000U);
  EXPECT_EQ(decode_counters(counters)->dead_letters, 2U);
  EXPECT_EQ(decode_counters(counters)->epochs, 3U);
  expect_exact(counters, [](std::string_view v) { return decode_counters(v).status(); });
}

TEST(RecordCodec, ErrorNamesTheRecord) {
  const Id128 id = hash128("x");
  const auto decoded = decode_detection(id, "\x01short");
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.status().message(),
            "detection " + id.hex() + ": record ends too early at byte 1");
}

// The worked example of storage/FORMAT.md.
TEST(RecordCodec, WorkedExampleOfTheFormat) {
  incident::Step step;
  step.phase = attack::Phase::kEscalatePrivileges;
  step.has_phase = true;
  step.join = {{0x0123456789abcdefULL, 0xfedcba9876543210ULL},
               {incident::EntityType::kHost, "web-1"},
               49'152};
  EXPECT_EQ(encode_step(step),
            std::string("\x02\x01\x0a\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32"
                        "\x10\x07\x05web-1\x80\x80\x03\x00",
                        30));
}

}  // namespace
}  // namespace catena::storage
