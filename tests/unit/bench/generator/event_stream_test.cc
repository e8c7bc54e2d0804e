// SPDX-License-Identifier: Apache-2.0
#include "bench/generator/event_stream.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace catena::generator {
namespace {

std::string text_of(const StreamOptions& options) {
  EventStream stream(options);
  std::string text;
  while (stream.next(text)) {
  }
  return text;
}

StreamOptions options_of(Mix mix, std::uint64_t events) {
  StreamOptions options;
  options.mix = mix;
  options.events = events;
  return options;
}

std::size_t count_of(const std::string& text, std::string_view wanted) {
  std::size_t count = 0;
  for (std::size_t at = text.find(wanted); at != std::string::npos;
       at = text.find(wanted, at + 1)) {
    ++count;
  }
  return count;
}

TEST(EventStream, TheSeedDecidesEveryByte) {
  for (const auto& [name, mix] : mix_names()) {
    StreamOptions options = options_of(mix, 300);
    const std::string text = text_of(options);
    EXPECT_EQ(text, text_of(options)) << name;
    options.seed = 2;
    EXPECT_NE(text, text_of(options)) << name;
  }
}

// A change of the generator makes earlier results incomparable: it must be on purpose.
TEST(EventStream, StaysTheSameFromVersionToVersion) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text_of(options_of(Mix::kAll, 2000))) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  EXPECT_EQ(hash, 12881064683597342074ULL);
}

TEST(EventStream, MakesAsManyRecordsAsAskedFor) {
  for (const auto& [name, mix] : mix_names()) {
    const std::string text = text_of(options_of(mix, 500));
    const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    EXPECT_GE(lines, 500U) << name;
    EXPECT_LT(lines, 500U + LinuxStream::kLinesPerStart) << name;
  }
}

TEST(EventStream, AttackShareIsKept) {
  StreamOptions options = options_of(Mix::kWindows, 10'000);
  options.attack_share = 0.05;
  EventStream stream(options);
  std::string text;
  int attacks = 0;
  while (stream.next(text)) {
    attacks += stream.is_attack() ? 1 : 0;
    text.clear();
  }
  EXPECT_NEAR(attacks, 500, 80);
}

TEST(EventStream, ProcessShareIsKept) {
  StreamOptions options = options_of(Mix::kWindows, 2000);
  options.process_share = 0;
  const std::string none = text_of(options);
  EXPECT_EQ(count_of(none, "\"EventID\":1,") + count_of(none, "\"EventID\":4688,"), 0U);
  options.process_share = 1;
  options.mix = Mix::kWindows;
  const std::string all = text_of(options);
  EXPECT_EQ(count_of(all, "NewProcessName\":") + count_of(all, "OriginalFileName\":"), 2000U);
}

TEST(EventStream, EventTimeGoesAtTheRate) {
  StreamOptions options = options_of(Mix::kCloud, 10'000);
  options.events_per_second = 100;  // so 100 seconds
  const std::string text = text_of(options);
  EXPECT_NE(text.find("2026-01-05T08:01:3"), std::string::npos);
  EXPECT_EQ(text.find("2026-01-05T08:02:"), std::string::npos);
}

TEST(EventStream, LongRecordsAreBounded) {
  StreamOptions options = options_of(Mix::kProcess, 20);
  options.event_bytes = 10 * kMaxEventBytes;
  EXPECT_LT(text_of(options).size(), 20 * (kMaxEventBytes + kMaxEventBytes / 8));
}

}  // namespace
}  // namespace catena::generator
