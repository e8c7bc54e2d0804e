// SPDX-License-Identifier: Apache-2.0
#include "engine/match/raw_text_filter.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "engine/base/json_escape.h"
#include "engine/base/text_fold.h"

namespace catena::match {
namespace {

// All kernels on a copy that ends with the text.
bool may_contain(const RawTextFilter& filter, std::string_view raw) {
  const std::vector<char> copy(raw.begin(), raw.end());
  const std::string_view view(copy.data(), copy.size());
  const bool answer = filter.may_contain(view);
  using Kernel = RawTextFilter::Kernel;
  for (const Kernel kernel : {Kernel::kBaseline, Kernel::kAvx2, Kernel::kAvx512}) {
    EXPECT_EQ(answer, filter.may_contain(view, kernel)) << raw;
  }
  return answer;
}

TEST(RawTextFilter, NeedsAWindowInEveryText) {
  const auto builds = [](const std::vector<std::string>& texts) {
    return RawTextFilter::build(texts).has_value();
  };
  EXPECT_TRUE(builds({}));
  EXPECT_TRUE(builds({"abc"}));
  EXPECT_TRUE(builds({"a/b\\cde"}));
  EXPECT_FALSE(builds({"ab"}));           // too short
  EXPECT_FALSE(builds({"abc", ""}));      // one without is enough
  EXPECT_FALSE(builds({"skskskks"}));     // folded forms of other characters
  EXPECT_FALSE(builds({"ab/ab\\ab\""}));  // may be escaped
  EXPECT_FALSE(builds({"\u00e9\u00e9\u00e9"}));
  EXPECT_FALSE(builds({"ab\ncd"}));
  EXPECT_TRUE(builds(std::vector<std::string>(RawTextFilter::kMaxTexts, "abc")));
  EXPECT_FALSE(builds(std::vector<std::string>(RawTextFilter::kMaxTexts + 1, "abc")));
}

// Many texts are no trouble as long as few windows find them all.
TEST(RawTextFilter, CountsWindowsAndNotTexts) {
  const auto number = [](std::size_t i) { return std::to_string(100 + i); };
  std::vector<std::string> alike, different;
  for (std::size_t i = 0; i < 4 * RawTextFilter::kMaxWindows; ++i) {
    alike.push_back("q~~q" + number(i));
    different.push_back(number(i));
  }
  const auto filter = RawTextFilter::build(alike);
  ASSERT_TRUE(filter);
  EXPECT_TRUE(may_contain(*filter, "xx Q~~Q400 xx"));
  EXPECT_FALSE(may_contain(*filter, "xx q~~q40 xx q~~x400"));
  EXPECT_FALSE(RawTextFilter::build(different));
  different.resize(RawTextFilter::kMaxWindows);
  EXPECT_TRUE(RawTextFilter::build(different));
}

TEST(RawTextFilter, FindsATextAtEveryPlace) {
  const std::string text = "mimi\\katz";
  const auto filter = RawTextFilter::build(std::vector<std::string>{text, "zzzqqq"});
  ASSERT_TRUE(filter);
  for (std::size_t before = 0; before <= 70; ++before) {
    for (const std::size_t behind : {0U, 1U, 15U, 16U, 31U, 32U, 63U}) {
      for (const char* form : {"mimi\\\\katz", "MIMI\\\\KATZ", "mImI\\\\\u212Aatz", "zZzQqQ"}) {
        const std::string raw = std::string(before, '"') + form + std::string(behind, '\\');
        EXPECT_TRUE(may_contain(*filter, raw)) << before << " " << behind << " " << form;
      }
      // Cut off at the end: what lies behind the record does not count.
      EXPECT_FALSE(may_contain(*filter, std::string(before, '"') + "mim"));
    }
  }
}

TEST(RawTextFilter, NothingMayContainNoTexts) {
  const auto filter = RawTextFilter::build({});
  ASSERT_TRUE(filter);
  EXPECT_FALSE(may_contain(*filter, R"({"a":"anything"})"));
  EXPECT_FALSE(may_contain(*filter, ""));
}

std::string random_text(std::mt19937& random, std::size_t size) {
  static const std::vector<std::string> kAtoms = {
      "a", "b", "k", "s", "x", "i", "m", "\\", "/", "\"", " ", "1", "\u00e9", "\n", "-", "\u00df"};
  std::string out;
  for (; size > 0; --size) out += kAtoms[random() % kAtoms.size()];
  return out;
}

// As a producer may write it: any case (also by characters that fold to ASCII), "/" as "\/".
std::string written(std::mt19937& random, std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '/' && random() % 2 == 0) {
      out += "\\/";
    } else if (c == 'k' && random() % 3 == 0) {
      out += "\u212A";
    } else if (c == 's' && random() % 3 == 0) {
      out += "\u017F";
    } else if (c >= 'a' && c <= 'z' && random() % 2 == 0) {
      out += static_cast<char>(c - 0x20);
    } else {
      out += c;
    }
  }
  return out;
}

// "No" is certain: the slow way unescapes and folds all of the record and looks for each text.
TEST(RawTextFilter, NeverSaysNoToATextThatIsThere) {
  std::mt19937 random(11);
  int there = 0;
  int built = 0;
  for (int round = 0; round < 8'000; ++round) {
    std::vector<std::string> texts;
    for (std::size_t i = 1 + random() % 4; i > 0; --i) {
      texts.push_back(folded(random_text(random, 4 + random() % 9)));
    }
    const auto filter = RawTextFilter::build(texts);
    if (!filter) continue;
    ++built;
    for (int i = 0; i < 10; ++i) {
      std::string body = written(random, random_text(random, random() % 90));
      if (random() % 2 == 0) body += written(random, texts[random() % texts.size()]);
      if (random() % 2 == 0) body += written(random, random_text(random, random() % 40));
      std::string plain;
      ASSERT_TRUE(append_unescaped(body, plain));
      const std::string value = folded(plain);
      bool expected = false;
      for (const std::string& text : texts) {
        expected = expected || value.find(text) != std::string::npos;
      }
      const bool actual = may_contain(*filter, "{\"a\":\"" + body + "\"}");
      ASSERT_TRUE(actual || !expected) << "SEED=11 round " << round << ": " << body;
      there += expected ? 1 : 0;
    }
  }
  EXPECT_GT(built, 200);
  EXPECT_GT(there, 1'000);
}

// It is worth its cost on log-like text: few records are looked into for nothing.
TEST(RawTextFilter, LetsFewRecordsThroughForNothing) {
  std::vector<std::string> texts = {
      "mimikatz",          "sekurlsa::",   "lsadump::dcsync", "privilege::debug", "eventlog::clear",
      "invoke-bloodhound", "cobaltstrike", "meterpreter",     "rubeus.exe",       "dumpert.dll"};
  const auto filter = RawTextFilter::build(texts);
  ASSERT_TRUE(filter);
  static const std::vector<std::string> kWords = {"C:\\\\Windows\\\\System32\\\\svchost.exe",
                                                  "Microsoft-Windows-Sysmon/Operational",
                                                  "EventID",
                                                  "process",
                                                  "powershell.exe",
                                                  "-NoProfile",
                                                  "2024-05-01T12:30:45.123Z",
                                                  "S-1-5-21-1234567890",
                                                  "NT AUTHORITY\\\\SYSTEM",
                                                  "HKLM\\\\SOFTWARE\\\\Microsoft",
                                                  "0x1f3a",
                                                  "{8a4b2c1d-1111-2222-3333-444455556666}",
                                                  "services.exe",
                                                  "debug",
                                                  "event",
                                                  "clear"};
  std::mt19937 random(3);
  int through = 0;
  constexpr int kRecords = 2'000;
  for (int i = 0; i < kRecords; ++i) {
    std::string raw = "{";
    while (raw.size() < 2'000) {
      raw += "\"" + kWords[random() % kWords.size()] + std::to_string(random() % 1'000) + "\":\"" +
             kWords[random() % kWords.size()] + "\",";
    }
    through += may_contain(*filter, raw + "\"z\":1}") ? 1 : 0;
  }
  EXPECT_LT(through, kRecords / 100);
}

}  // namespace
}  // namespace catena::match
