// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/text_pattern.h"

#include <gtest/gtest.h>

namespace catena::compile {
namespace {

std::string shown(const TextPattern& pattern) {
  std::string text;
  for (const TextPattern::Part& part : pattern.parts()) {
    if (part.kind == TextPattern::Kind::kAnyRun) text += "<*>";
    if (part.kind == TextPattern::Kind::kAnyOne) text += "<?>";
    if (part.kind == TextPattern::Kind::kLiteral) text += "[" + part.text + "]";
  }
  return text;
}

TEST(TextPattern, ReadsTheEscapesOfTheSpecification) {
  const std::pair<const char*, const char*> table[] = {
      {"", ""},
      {"a", "[a]"},
      {"*", "<*>"},
      {"?", "<?>"},
      {"a*b?c", "[a]<*>[b]<?>[c]"},
      {"***", "<*>"},
      {"??", "<?><?>"},
      {R"(\)", R"([\])"},
      {R"(\\)", R"([\])"},
      {R"(\\\)", R"([\\])"},
      {R"(\\\\)", R"([\\])"},
      {R"(\*)", "[*]"},
      {R"(\?)", "[?]"},
      {R"(\\*)", R"([\]<*>)"},
      {R"(\\\*)", R"([\*])"},
      {R"(\\\\*)", R"([\\]<*>)"},
      {R"(a\b)", R"([a\b])"},
      {R"(a\\b)", R"([a\b])"},
      {R"(*\cmd.exe)", R"(<*>[\cmd.exe])"},
  };
  for (const auto& [text, expected] : table) {
    EXPECT_EQ(shown(TextPattern::parse(text)), expected) << text;
  }
  EXPECT_EQ(shown(TextPattern::literal(R"(\*a*)")), R"([\*a*])");
}

TEST(TextPattern, OpensEndsOnce) {
  TextPattern pattern = TextPattern::parse("*a?");
  pattern.open_start();
  pattern.open_end();
  pattern.open_end();
  EXPECT_EQ(shown(pattern), "<*>[a]<?><*>");
  EXPECT_EQ(pattern.wildcard_count(), 3u);
  EXPECT_EQ(pattern.literal_bytes(), 1u);
}

TEST(TextPattern, IsWrittenAsARuleWouldWriteIt) {
  TextPattern pattern = TextPattern::parse(R"(a\*b*c?\d)");
  pattern.append({TextPattern::Kind::kPlaceholder, "name"});
  EXPECT_EQ(pattern.to_plain(), R"(a\*b*c?\d%name%)");
  ASSERT_NE(pattern.placeholder(), nullptr);
  EXPECT_EQ(pattern.placeholder()->text, "name");
  EXPECT_EQ(pattern.wildcard_count(), 2u);
  EXPECT_EQ(TextPattern::parse("x").placeholder(), nullptr);
}

TEST(TextPattern, FindsOptionDashes) {
  const auto count = [](const char* text) {
    return dash_variants(TextPattern::parse(text), 1'000)->size();
  };
  EXPECT_EQ(count("-a"), 5u);
  EXPECT_EQ(count(" /a"), 5u);
  EXPECT_EQ(count("--a"), 5u);  // only the second stands before a letter
  EXPECT_EQ(count("a-b"), 1u);
  EXPECT_EQ(count("-"), 1u);
  EXPECT_EQ(count("- a"), 1u);
  EXPECT_EQ(count("*-a"), 5u);  // a wildcard is not a letter
  EXPECT_EQ(count("a*-b"), 5u);
  EXPECT_EQ(count("-_"), 5u);
  EXPECT_EQ(count("\u00e4-b"), 1u);  // letters outside ASCII are letters
  EXPECT_EQ(count("-\u00e4"), 5u);
  EXPECT_EQ(count("\u2013-a"), 5u);  // a dash is not a letter
  EXPECT_EQ(count("/a -b /c"), 125u);
  EXPECT_FALSE(dash_variants(TextPattern::parse("/a -b /c"), 124).has_value());
}

TEST(TextPattern, FindsPlaceholders) {
  const auto shown_pieces = [](const char* text) {
    std::string all;
    for (const PlaceholderPiece& piece : placeholder_pieces(text)) {
      all += piece.is_placeholder ? "<" + piece.text + ">" : "[" + piece.text + "]";
    }
    return all;
  };
  EXPECT_EQ(shown_pieces("%a%"), "<a>");
  EXPECT_EQ(shown_pieces("x%a%y%b%"), "[x]<a>[y]<b>");
  EXPECT_EQ(shown_pieces(R"(\%plain%name%)"), "[%plain]<name>");
  EXPECT_EQ(shown_pieces("100%"), "[100%]");
  EXPECT_EQ(shown_pieces("%%"), "[%%]");
  EXPECT_EQ(shown_pieces(R"(%a\b%)"), R"([%a\b%])");
  EXPECT_EQ(shown_pieces(""), "");
}

}  // namespace
}  // namespace catena::compile
