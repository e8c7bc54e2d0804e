// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

// Small charts as SVG text: bars of one series, or lines of several. No scripts, no fonts of its
// own, readable on light and dark pages. Thread safety: pure functions.
namespace catena::harness {

struct ChartSeries {
  std::string name;
  std::vector<double> values;  // one for each of Chart::labels
};

struct Chart {
  std::string title;
  std::string x_title;
  std::string y_title;
  std::vector<std::string> labels;  // along the x axis
  std::vector<ChartSeries> series;
};

// Values are finite and not negative; a series may be shorter than the labels.
[[nodiscard]] std::string bar_chart_svg(const Chart& chart);
[[nodiscard]] std::string line_chart_svg(const Chart& chart);

}  // namespace catena::harness
