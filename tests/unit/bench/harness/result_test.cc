// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/result.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace catena::harness {
namespace {

BenchResult example() {
  BenchResult result;
  result.kind = "match";
  result.lane = "generated-windows";
  result.label = "abc \"quoted\"";
  result.machine = {"A processor", 2};
  result.clock = "cpu";
  result.threads = 2;
  result.repetitions = 5;
  result.rules = 87;
  result.plans = 15;
  result.events = 1000;
  result.bytes = 2'000'000;
  result.counts = {300, 9};
  result.seconds = {0.5, 0.4, 0.6, 0.01};
  result.walk_seconds = {0.1, 0.1, 0.1, 0};
  result.walk_ratio = {5, 4, 6, 0.1};
  result.walked_share = 1;
  result.stages = {{"decode", {300, 290, 310, 5}}, {"match", {200, 190, 210, 5}}};
  result.allocations_per_event = 0.25;
  result.peak_memory = 50'000'000;
  result.loaded_memory = 2'000'000;
  result.hardware = {{"instructions", 1234.5}};
  result.latency = {50'000, 1000, 1, 2, 3, 4, 5, 0.5};
  return result;
}

TEST(BenchResult, Rates) {
  EXPECT_DOUBLE_EQ(example().events_per_second(), 2000);
  EXPECT_DOUBLE_EQ(example().bytes_per_second(), 4'000'000);
  EXPECT_DOUBLE_EQ(BenchResult().events_per_second(), 0);
  EXPECT_DOUBLE_EQ(BenchResult().per_event(7), 0);
}

TEST(BenchResult, SurvivesJson) {
  const std::string json = to_json(example());
  EXPECT_EQ(json.find('\n'), std::string::npos);
  const auto read = parse_result(json);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(to_json(*read), json);
}

TEST(BenchResult, UnknownsSurviveJson) {
  BenchResult result = example();
  result.allocations_per_event.reset();
  result.hardware.clear();
  result.latency.reset();
  const auto read = parse_result(to_json(result));
  ASSERT_TRUE(read.ok());
  EXPECT_FALSE(read->allocations_per_event);
  EXPECT_TRUE(read->hardware.empty());
  EXPECT_FALSE(read->latency);
}

TEST(BenchResult, RefusesWhatIsNotOne) {
  EXPECT_EQ(parse_result("").status().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(parse_result("[1,2]").status().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(parse_result(R"({"kind":"plan"})").status().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(parse_result(R"({"kind":"bench","schema":2})").status().code(), StatusCode::kVersion);
  // Members of another type read as missing.
  const auto odd =
      parse_result(R"({"kind":"bench","schema":1,"stages":3,"seconds":[],"events":-1})");
  ASSERT_TRUE(odd.ok());
  EXPECT_EQ(odd->events, 0U);
}

TEST(BenchResult, ReadsAFileOfThem) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("catena-result-test-" + std::to_string(::getpid()) + ".jsonl");
  std::ofstream(path) << to_json(example()) << "\n\n{\"kind\":\"plan\"}\n" << to_json(example());
  const auto results = read_results(path.string());
  ASSERT_TRUE(results.ok());
  EXPECT_EQ(results->size(), 2U);
  std::ofstream(path) << "nothing\n";
  EXPECT_FALSE(read_results(path.string()).ok());
  std::filesystem::remove(path);
  EXPECT_EQ(read_results(path.string()).status().code(), StatusCode::kIo);
}

TEST(BenchResult, TextNamesWhatCounts) {
  const std::string text = to_text(example());
  for (const char* part : {"2000 events/s", "5.00 x", "decode 300", "0.250 an event",
                           "1234.5 instructions", "50000 events/s offered"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
  }
  BenchResult bare = example();
  bare.hardware.clear();
  bare.allocations_per_event.reset();
  EXPECT_NE(to_text(bare).find("not available"), std::string::npos);
  EXPECT_NE(to_text(bare).find("not counted"), std::string::npos);
}

}  // namespace
}  // namespace catena::harness
