// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/json_text.h"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace catena::codec {
namespace {

TEST(JsonText, Numbers) {
  for (const char* number : {"0", "-0", "1", "10.5", "-1e5", "1E+5", "0.1e-7"}) {
    EXPECT_TRUE(is_json_number(number)) << number;
  }
  for (const char* other : {"", "-", "01", "1.", ".5", "1e", "1e+", "+1", "0x1", "1 ", "NaN"}) {
    EXPECT_FALSE(is_json_number(other)) << other;
  }
}

// The slow twin: one escape after the other.
struct Looked {
  EscapeMap::Kind kind = EscapeMap::Kind::kSimple;
  std::vector<bool> backslash;
};

Looked look(std::string_view document) {
  Looked looked;
  looked.backslash.resize(document.size());
  for (std::size_t i = 0; i < document.size(); ++i) looked.backslash[i] = document[i] == '\\';
  for (std::size_t i = 0; i < document.size(); ++i) {
    if (document[i] != '\\') continue;
    ++i;
    const bool exists = i < document.size() &&
                        std::string_view("\"\\/bfnrtu").find(document[i]) != std::string_view::npos;
    if (!exists) {
      looked.kind = EscapeMap::Kind::kInvalid;
      return looked;
    }
    if (document[i] == 'u') looked.kind = EscapeMap::Kind::kUnicode;
  }
  return looked;
}

void expect_as_looked(EscapeMap& map, const std::string& document) {
  const std::string padded = document + std::string(64, '\\');
  const Looked looked = look(document);
  ASSERT_EQ(map.read(std::string_view(padded).substr(0, document.size())), looked.kind) << document;
  if (looked.kind == EscapeMap::Kind::kInvalid) return;
  for (std::size_t begin = 0; begin < document.size(); begin += 7) {
    for (std::size_t end = begin + 1; end <= document.size(); end += 13) {
      const bool any = std::any_of(looked.backslash.begin() + static_cast<std::ptrdiff_t>(begin),
                                   looked.backslash.begin() + static_cast<std::ptrdiff_t>(end),
                                   [](bool is) { return is; });
      ASSERT_EQ(map.any(begin, end), any) << document << " " << begin << " " << end;
    }
  }
}

TEST(EscapeMap, AgreesWithOneEscapeAfterTheOther) {
  EscapeMap map;
  expect_as_looked(map, "");
  for (const char* text :
       {"\\", "a\\", "\\\\", "\\n", "\\u0041", "\\x", "plain", "\\\\\\", "\\\\n"}) {
    for (std::size_t before = 0; before < 130; ++before) {
      expect_as_looked(map, std::string(before, 'z') + text);
      expect_as_looked(map, std::string(before, 'z') + text + std::string(70, 'y'));
    }
  }
  for (std::size_t run = 1; run < 140; ++run) {
    for (std::size_t before = 60; before < 68; ++before) {
      expect_as_looked(map, std::string(before, 'z') + std::string(run, '\\') + "n tail");
      expect_as_looked(map, std::string(before, 'z') + std::string(run, '\\') + "q tail");
    }
  }
  std::mt19937 random(7);  // NOLINT: the same every time
  constexpr std::string_view kAlphabet = "\\\\\\\\nrtubf\"/abcx\xC3";
  for (int round = 0; round < 20'000; ++round) {
    std::string document(random() % 200, ' ');
    for (char& c : document) c = kAlphabet[random() % kAlphabet.size()];
    expect_as_looked(map, document);
  }
}

}  // namespace
}  // namespace catena::codec
