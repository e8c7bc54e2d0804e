// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/string_body.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/choices.h"

namespace catena::codec {
namespace {

struct Found {
  std::size_t end = std::string_view::npos;  // of the body; npos: none, or wrong
  bool escaped = false;
  bool high = false;
  bool unicode = false;
};

template <typename Blocks>
[[gnu::always_inline]] inline Found found_by(std::string_view bytes, std::size_t begin) {
  // As at one place of an outline: the size of whatever was read before.
  static std::uint8_t usual = 0;
  BodyNotes notes;
  Found found;
  const char* const end = read_body<Blocks>(bytes.data() + begin, bytes.data() + bytes.size(),
                                            usual, found.escaped, notes);
  if (end == nullptr) return {};
  found.end = static_cast<std::size_t>(end - bytes.data());
  found.high = notes.high != 0;
  found.unicode = notes.unicode != 0;
  return found;
}

Found found_portable(std::string_view bytes, std::size_t begin) {
  return found_by<PortableBlocks>(bytes, begin);
}
#if defined(__x86_64__)
CATENA_AVX2 Found found_avx2(std::string_view bytes, std::size_t begin) {
  return found_by<Avx2Blocks>(bytes, begin);
}
CATENA_AVX512 Found found_avx512(std::string_view bytes, std::size_t begin) {
  return found_by<Avx512Blocks>(bytes, begin);
}
#endif

// The slow twin: one byte after the other.
Found found_plainly(std::string_view bytes, std::size_t begin) {
  Found found;
  for (std::size_t i = begin; i < bytes.size(); ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    if (c == '"') {
      found.end = i;
      return found;
    }
    if (c < 0x20) return {};
    found.high = found.high || c >= 0x80;
    if (c != '\\') continue;
    found.escaped = true;
    if (++i == bytes.size()) return {};
    if (std::string_view("\"\\/bfnrtu").find(bytes[i]) == std::string_view::npos) return {};
    found.unicode = found.unicode || bytes[i] == 'u';
  }
  return {};
}

void expect_same(const Found& found, const Found& plain, const std::string& what) {
  ASSERT_EQ(found.end, plain.end) << what;
  if (plain.end == std::string_view::npos) return;
  ASSERT_EQ(found.escaped, plain.escaped) << what;
  ASSERT_EQ(found.high, plain.high) << what;
  ASSERT_EQ(found.unicode, plain.unicode) << what;
}

// From every place of the text, with every width.
void expect_like_plain(const std::string& text) {
  const std::string readable = text + std::string(kBlockBytes, '"');
  const std::string_view bytes = std::string_view(readable).substr(0, text.size());
  for (std::size_t begin = 0; begin <= bytes.size(); ++begin) {
    const Found plain = found_plainly(bytes, begin);
    const std::string what = text + " at " + std::to_string(begin);
    expect_same(found_portable(bytes, begin), plain, "portable " + what);
#if defined(__x86_64__)
    if (widest_blocks() >= BlockWidth::k32) {
      expect_same(found_avx2(bytes, begin), plain, "32 " + what);
    }
    if (widest_blocks() >= BlockWidth::k64) {
      expect_same(found_avx512(bytes, begin), plain, "64 " + what);
    }
#endif
  }
}

TEST(StringBody, EndsAtTheClosingQuote) {
  for (const char* text : {"", "\"", "a\"", "a\\\"b\"", "\\\\\"", "\\", "\\x\"", "\\u0041\"",
                           "\t\"", "a\n\"", "caf\xC3\xA9\"", "\\\\\\\\", "\\\\\\\"\""}) {
    expect_like_plain(text);
  }
}

TEST(StringBody, AgreesWithOneByteAfterTheOther) {
  test::SeededChoices choices(11);
  constexpr std::string_view kBytes = "\"\"\\\\\\nu/x \xC3\xA9{}:,";
  for (int i = 0; i < 1'500; ++i) {
    std::string bytes;
    const std::uint32_t size = choices.pick(300);
    const bool few_quotes = choices.once_in(2);
    for (std::uint32_t k = 0; k < size; ++k) {
      // Runs, because what matters is how long they are and where they cross a block.
      const char c = kBytes[choices.pick(static_cast<std::uint32_t>(kBytes.size()))];
      if (c == '"' && few_quotes && !choices.once_in(20)) continue;
      bytes.append(1 + choices.pick(3) * choices.pick(3), c);
      if (c == '\\' && !choices.once_in(20)) bytes += '\\';
    }
    if (choices.once_in(3)) bytes += "\n\"\\";
    expect_like_plain(bytes);
  }
}

// Texts of all lengths around those of a block, the same but for one byte or not.
template <typename Blocks>
void expect_compares() {
  for (std::size_t size = 1; size <= 200; ++size) {
    const std::string a = std::string(size, 'x') + std::string(kBlockBytes, 'a');
    std::string b = std::string(size, 'x') + std::string(kBlockBytes, 'b');
    ASSERT_TRUE(Blocks::same(a.data(), b.data(), size)) << size;
    for (const std::size_t at : {std::size_t{0}, size / 2, size - 1}) {
      b[at] = 'y';
      ASSERT_FALSE(Blocks::same(a.data(), b.data(), size)) << size << " at " << at;
      b[at] = 'x';
    }
  }
}

TEST(TextBlock, ComparesTexts) {
  expect_compares<PortableBlocks>();
#if defined(__x86_64__)
  if (widest_blocks() >= BlockWidth::k32) expect_compares<Avx2Blocks>();
  if (widest_blocks() >= BlockWidth::k64) expect_compares<Avx512Blocks>();
#endif
}

}  // namespace
}  // namespace catena::codec
