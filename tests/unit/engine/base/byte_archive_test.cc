// SPDX-License-Identifier: Apache-2.0
#include "engine/base/byte_archive.h"

#include <gtest/gtest.h>

namespace catena {
namespace {

enum class Colour : std::uint8_t { kRed, kBlue };
bool is_colour(Colour colour) { return colour == Colour::kRed || colour == Colour::kBlue; }

struct Sample {
  std::uint64_t wide = 0;
  std::int32_t negative = 0;
  bool yes = false;
  double half = 0;
  std::string text;
  std::array<std::uint8_t, 3> raw{};
  Colour colour = Colour::kRed;
  std::vector<std::string> list;
  friend bool operator==(const Sample&, const Sample&) = default;
};

template <typename Archive, typename T>
void transfer(Archive& archive, T& value) {
  auto& [wide, negative, yes, half, text, raw, colour, list] = value;
  archive.integer(wide);
  archive.integer(negative);
  archive.flag(yes);
  archive.real(half);
  archive.text(text);
  archive.raw(raw);
  archive.choice(colour, is_colour);
  archive.list(list, [](auto& a, auto& element) { a.text(element); });
}

Sample sample() {
  return {0xFEDCBA9876543210,
          -2,
          true,
          0.5,
          std::string("a\0\xff", 3),
          {1, 2, 3},
          Colour::kBlue,
          {"", "long enough not to be kept in place"}};
}

std::string bytes_of(const Sample& value) {
  ByteWriter writer;
  transfer(writer, value);
  EXPECT_TRUE(writer.ok());
  return writer.take();
}

TEST(ByteArchive, ReadsWhatItWrote) {
  const Sample written = sample();
  const std::string bytes = bytes_of(written);
  EXPECT_EQ(bytes.substr(0, 12), std::string("\x10\x32\x54\x76\x98\xBA\xDC\xFE\xFE\xFF\xFF\xFF"));
  ByteReader reader(bytes);
  Sample read;
  transfer(reader, read);
  EXPECT_TRUE(reader.finished());
  EXPECT_EQ(read, written);
}

TEST(ByteArchive, RefusesEveryTruncationAndWhatIsTooMuch) {
  const std::string bytes = bytes_of(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader reader(std::string_view(bytes).substr(0, size));
    Sample read;
    transfer(reader, read);
    EXPECT_FALSE(reader.ok()) << size;
  }
  const std::string longer = bytes + "x";
  ByteReader reader(longer);
  Sample read;
  transfer(reader, read);
  EXPECT_TRUE(reader.ok());
  EXPECT_FALSE(reader.finished());
}

TEST(ByteArchive, RefusesValuesThatAreNoChoice) {
  bool yes = true;
  ByteReader two("\x02");
  two.flag(yes);
  EXPECT_FALSE(two.ok());
  EXPECT_FALSE(yes);
  Colour colour = Colour::kBlue;
  ByteReader nine("\x09");
  nine.choice(colour, is_colour);
  EXPECT_FALSE(nine.ok());
  EXPECT_EQ(colour, Colour::kRed);
}

TEST(ByteArchive, TakesNoMemoryForACountThatCannotBe) {
  std::string text = "before";
  ByteReader longer(
      "\xff\xff\xff\x7f"
      "abc");
  longer.text(text);
  EXPECT_FALSE(longer.ok());
  EXPECT_TRUE(text.empty());
  std::vector<std::string> list;
  ByteReader many(std::string_view("\x09\0\0\0abc", 7));
  many.list(list, [](auto& a, auto& element) { a.text(element); });
  EXPECT_FALSE(many.ok());
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.capacity(), 0u);
}

TEST(ByteArchive, GivesZeroAfterAFailure) {
  ByteReader reader(std::string_view("\x01", 1));
  std::uint32_t number = 7;
  reader.integer(number);
  EXPECT_EQ(number, 0u);
  std::uint8_t byte = 7;
  reader.integer(byte);  // the one byte that there was is gone too
  EXPECT_EQ(byte, 0u);
  EXPECT_FALSE(reader.finished());
}

}  // namespace
}  // namespace catena
