// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/loaded_events.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/app/content.h"
#include "tests/support/bench_subject.h"

namespace catena::harness {
namespace {

std::vector<std::string> lines_of(const LoadedEvents& events) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < events.batch_count(); ++i) {
    const std::string_view text = events.text(i);
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      lines.emplace_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return lines;
}

class LoadedEventsTest : public ::testing::Test {
 protected:
  Result<LoadedEvents> load(const std::string& text, const LoadOptions& options) {
    return LoadedEvents::load_text(text, subject_.get(), options);
  }
  tests::BenchSubject subject_;
  std::string text_ = tests::BenchSubject::stream(generator::Mix::kAll, 500);
};

TEST_F(LoadedEventsTest, HoldsEveryByteInBatches) {
  LoadOptions options;
  options.batch_bytes = 64 * 1024;
  const auto events = load(text_, options);
  ASSERT_TRUE(events.ok());
  EXPECT_GT(events->batch_count(), 3U);
  EXPECT_EQ(events->bytes(), text_.size());
  EXPECT_EQ(events->dead_letters(), 0U);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < events->batch_count(); ++i) {
    sum += events->events_in(i);
    EXPECT_GE(events->readable(i), events->text(i).size() + EventBatch::kPadding);
  }
  EXPECT_EQ(sum, events->events());
}

TEST_F(LoadedEventsTest, LendingDoesNotChangeThem) {
  auto events = load(text_, {});
  ASSERT_TRUE(events.ok());
  const auto before = lines_of(*events);
  EventBatch batch;
  for (int i = 0; i < 2; ++i) {
    events->lend(0, batch);
    EXPECT_EQ(batch.size, batch.received().size());
    events->give_back(0, batch);
  }
  EXPECT_EQ(lines_of(*events), before);
}

TEST_F(LoadedEventsTest, ALaneHoldsItsEventsOnly) {
  LoadOptions options;
  options.lane = "process";
  const auto process = load(text_, options);
  ASSERT_TRUE(process.ok());
  for (const std::string& line : lines_of(*process)) {
    EXPECT_TRUE(line.find("CommandLine") != std::string::npos) << line;
  }
  options.lane = "aws/cloudtrail";
  const auto cloud = load(text_, options);
  ASSERT_TRUE(cloud.ok());
  EXPECT_LT(cloud->events(), 100U);
  EXPECT_TRUE(lines_of(*cloud).front().starts_with(R"({"eventVersion")"));
}

TEST_F(LoadedEventsTest, ShufflingKeepsTheRecords) {
  LoadOptions options;
  options.shuffle_seed = 9;
  const auto plain = load(text_, {});
  const auto shuffled = load(text_, options);
  const auto again = load(text_, options);
  ASSERT_TRUE(plain.ok() && shuffled.ok() && again.ok());
  EXPECT_EQ(lines_of(*shuffled), lines_of(*again));
  auto lines = lines_of(*shuffled);
  auto expected = lines_of(*plain);
  EXPECT_NE(lines, expected);
  std::sort(lines.begin(), lines.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(lines, expected);
}

TEST_F(LoadedEventsTest, NothingToMeasureIsAnError) {
  LoadOptions options;
  options.lane = "no_such_source";
  EXPECT_EQ(load(text_, options).status().code(), StatusCode::kInvalidInput);
  EXPECT_FALSE(load("", {}).ok());
  EXPECT_FALSE(LoadedEvents::load({"/nonexistent/x"}, subject_.get(), {}).ok());
}

TEST(Lane, NamesPartsOfALogSource) {
  const LogSource source{"windows", {"process_creation"}, {"sysmon"}};
  EXPECT_TRUE(Lane("process").holds(source));
  EXPECT_TRUE(Lane("windows").holds(source));
  EXPECT_TRUE(Lane("sysmon/process_creation").holds(source));
  EXPECT_TRUE(Lane("").holds(source));
  EXPECT_FALSE(Lane("linux/process_creation").holds(source));
  EXPECT_FALSE(Lane("process_creatio").holds(source));
}

}  // namespace
}  // namespace catena::harness
