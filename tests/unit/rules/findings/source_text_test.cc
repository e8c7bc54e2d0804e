// SPDX-License-Identifier: Apache-2.0
#include "rules/findings/source_text.h"

#include <string>

#include <gtest/gtest.h>

#include "rules/sigma/detection_parser.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::lint {
namespace {

// The scalar `a: …` of a text, as the YAML reader places it.
struct Scalar {
  explicit Scalar(const std::string& text) : source(text) {
    auto documents = yaml::read_yaml(text, "r.yml");
    EXPECT_TRUE(documents.ok()) << documents.status().message();
    node = *(*documents)[0].root.find("a");
  }
  std::string whole() const {
    return std::string(source.of(source.scalar(sigma::place_of(node), node.text())));
  }
  std::string part(std::size_t from, std::size_t to, bool* exact = nullptr) const {
    bool is_exact = false;
    const Span span = source.within(sigma::place_of(node), node.text(), from, to, is_exact);
    if (exact != nullptr) *exact = is_exact;
    return std::string(source.of(span));
  }
  SourceText source;
  yaml::YamlNode node;
};

TEST(SourceText, FindsPlacesAndLines) {
  const SourceText source("ab\n\xC3\xA4\xC3\xB6x\r\nlast");
  EXPECT_EQ(source.line_count(), 3u);
  EXPECT_EQ(source.line(2), "\xC3\xA4\xC3\xB6x");
  EXPECT_EQ(source.line(9), "");
  EXPECT_EQ(source.offset({2, 3}), 7u);
  EXPECT_EQ(source.offset({2, 99}), 8u);  // cut to the line
  EXPECT_EQ(source.offset({99, 1}), 14u);
  EXPECT_EQ(source.place(7).line, 2u);
  EXPECT_EQ(source.place(7).column, 3u);
  EXPECT_EQ(source.place(14).line, 3u);
  EXPECT_EQ(source.place(14).column, 5u);
  EXPECT_EQ(source.of(source.whole_line(2)), "\xC3\xA4\xC3\xB6x\r\n");
}

TEST(SourceText, CountsLinesAsTheYamlReaderDoes) {
  const std::string text = "\xEF\xBB\xBF# \xC2\x85x: \xE2\x80\xA8# \xE2\x80\xA9\r# y\r\na: b\n";
  const Scalar scalar(text);
  EXPECT_EQ(scalar.whole(), "b");
}

TEST(SourceText, FindsScalarsHoweverTheyAreWritten) {
  EXPECT_EQ(Scalar("a: plain text # c").whole(), "plain text");
  EXPECT_EQ(Scalar("a: 'it''s # in'  # c").whole(), "'it''s # in'");
  EXPECT_EQ(Scalar("a: \"q \\\" x\" # c").whole(), "\"q \\\" x\"");
  EXPECT_EQ(Scalar("a: [x, 'y']").source.text().size(), 11u);
  EXPECT_EQ(Scalar("a: |\n  block\n  more\n").whole(), "|");
  EXPECT_EQ(Scalar("a: 'two\n  lines'").whole(), "'two");
}

TEST(SourceText, FindsPartsThroughQuotesAndEscapes) {
  bool exact = false;
  EXPECT_EQ(Scalar("a: plain").part(1, 3), "la");
  EXPECT_EQ(Scalar("a: 'it''s'").part(2, 3, &exact), "''");
  EXPECT_TRUE(exact);
  EXPECT_EQ(Scalar("a: 'abc'").part(3, 3), "");
  EXPECT_EQ(Scalar("a: \"x\\t\\u00e4y\"").part(1, 2), "\\t");
  EXPECT_EQ(Scalar("a: \"x\\t\\u00e4y\"").part(2, 4), "\\u00e4");
  EXPECT_EQ(Scalar("a: \"x\\t\\u00e4y\"").part(4, 5, &exact), "y");
  EXPECT_TRUE(exact);
}

TEST(SourceText, SaysWhenAPartCannotBeFound) {
  bool exact = true;
  EXPECT_EQ(Scalar("a: 'two\n  lines'").part(1, 2, &exact), "'two");
  EXPECT_FALSE(exact);
  EXPECT_EQ(Scalar("a: |\n  block\n").part(1, 2, &exact), "|");
  EXPECT_FALSE(exact);
  EXPECT_EQ(Scalar("a: plain").part(3, 99, &exact), "plain");
  EXPECT_FALSE(exact);
}

}  // namespace
}  // namespace catena::lint
