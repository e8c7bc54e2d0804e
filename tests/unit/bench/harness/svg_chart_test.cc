// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/svg_chart.h"

#include <gtest/gtest.h>

namespace catena::harness {
namespace {

Chart example() {
  return {
      "A <title> & more", "x", "y", {"1x", "3x", "10x"}, {{"mix", {100, 150, 200}}, {"p", {7}}}};
}

std::size_t count_of(const std::string& text, std::string_view wanted) {
  std::size_t count = 0;
  for (std::size_t at = text.find(wanted); at != std::string::npos;
       at = text.find(wanted, at + 1)) {
    ++count;
  }
  return count;
}

TEST(SvgChart, LinesHaveAPointForEachValue) {
  const std::string svg = line_chart_svg(example());
  EXPECT_EQ(count_of(svg, "<circle"), 4U);
  EXPECT_EQ(count_of(svg, "<polyline"), 2U);
  EXPECT_TRUE(svg.starts_with("<svg xmlns"));
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
}

TEST(SvgChart, BarsHaveARectangleForEachValue) {
  const std::string svg = bar_chart_svg(example());
  // Background, two in the legend, four bars.
  EXPECT_EQ(count_of(svg, "<rect"), 7U);
  EXPECT_NE(svg.find(">200<"), std::string::npos);
}

TEST(SvgChart, TextsAreEscaped) {
  const std::string svg = line_chart_svg(example());
  EXPECT_NE(svg.find("A &lt;title&gt; &amp; more"), std::string::npos);
  EXPECT_EQ(svg.find("<title>"), std::string::npos);
}

TEST(SvgChart, NothingToDrawIsNoError) {
  EXPECT_TRUE(bar_chart_svg({}).ends_with("</svg>\n"));
  EXPECT_TRUE(line_chart_svg({"t", "x", "y", {"a"}, {{"s", {}}}}).ends_with("</svg>\n"));
  EXPECT_TRUE(line_chart_svg({"t", "x", "y", {"a"}, {{"s", {0, 1, 2}}}}).ends_with("</svg>\n"));
}

}  // namespace
}  // namespace catena::harness
