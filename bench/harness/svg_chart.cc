// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/svg_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace catena::harness {
namespace {

// Pixels.
constexpr double kWidth = 720;
constexpr double kHeight = 400;
constexpr double kLeft = 80;
constexpr double kRight = 20;
constexpr double kTop = 50;
constexpr double kBottom = 90;
constexpr double kPlotWidth = kWidth - kLeft - kRight;
constexpr double kPlotHeight = kHeight - kTop - kBottom;

// Distinct also for most people who do not see all colours.
constexpr std::array<std::string_view, 6> kColours = {"#0072b2", "#d55e00", "#009e73",
                                                      "#cc79a7", "#e69f00", "#56b4e9"};

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

// "350k", "1.5M", "2.2".
std::string short_number(double value) {
  std::array<char, 32> text{};
  if (value >= 1e6) {
    std::snprintf(text.data(), text.size(), "%.3gM", value / 1e6);
  } else if (value >= 1e4) {
    std::snprintf(text.data(), text.size(), "%.0fk", value / 1e3);
  } else {
    std::snprintf(text.data(), text.size(), "%.4g", value);
  }
  return text.data();
}

// The step of the y axis: 1, 2 or 5 times a power of ten, so that about five lines are drawn.
double step_of(double highest) {
  const double raw = std::max(highest, 1e-9) / 5;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (raw <= factor * power) return factor * power;
  }
  return 10 * power;
}

class Drawing {
 public:
  explicit Drawing(const Chart& chart) : chart_(chart) {
    double highest = 0;
    for (const ChartSeries& series : chart.series) {
      for (const double value : series.values) highest = std::max(highest, value);
    }
    step_ = step_of(highest);
    top_value_ = std::max(1.0, std::ceil(highest / step_)) * step_;
    out_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(kWidth) + " " +
           number(kHeight) +
           "\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" "
           "fill=\"#ffffff\"/>\n";
    text(kWidth / 2, 24, chart.title, "middle\" font-size=\"16");
    text(kLeft + kPlotWidth / 2, kHeight - 42, chart.x_title, "middle");
    text(8, kTop - 12, chart.y_title, "start");
    grid();
    legend();
  }

  [[nodiscard]] double slot_width() const {
    return kPlotWidth / static_cast<double>(std::max<std::size_t>(chart_.labels.size(), 1));
  }
  [[nodiscard]] double slot_middle(std::size_t slot) const {
    return kLeft + slot_width() * (static_cast<double>(slot) + 0.5);
  }
  [[nodiscard]] double y_of(double value) const {
    return kTop + kPlotHeight * (1 - value / top_value_);
  }
  static std::string_view colour(std::size_t series) { return kColours[series % kColours.size()]; }

  void text(double x, double y, std::string_view content, std::string_view anchor) {
    out_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" +
            std::string(anchor) + "\">" + escape(content) + "</text>\n";
  }
  void add(const std::string& element) { out_ += element + "\n"; }
  [[nodiscard]] std::string finish() { return out_ + "</svg>\n"; }

 private:
  void grid() {
    const auto lines = static_cast<int>(std::lround(top_value_ / step_));
    for (int i = 0; i <= lines; ++i) {
      const double value = step_ * i;
      const std::string y = number(y_of(value));
      add("<line x1=\"" + number(kLeft) + "\" x2=\"" + number(kWidth - kRight) + "\" y1=\"" + y +
          "\" y2=\"" + y + "\" stroke=\"#cccccc\"/>");
      text(kLeft - 8, y_of(value) + 4, short_number(value), "end");
    }
    for (std::size_t i = 0; i < chart_.labels.size(); ++i) {
      text(slot_middle(i), kTop + kPlotHeight + 18, chart_.labels[i], "middle");
    }
  }

  void legend() {
    double x = kLeft;
    for (std::size_t i = 0; i < chart_.series.size(); ++i) {
      add("<rect x=\"" + number(x) + "\" y=\"" + number(kHeight - 26) +
          "\" width=\"12\" height=\"12\" fill=\"" + std::string(colour(i)) + "\"/>");
      text(x + 18, kHeight - 16, chart_.series[i].name, "start");
      x += 40 + 7 * static_cast<double>(chart_.series[i].name.size());
    }
  }

  const Chart& chart_;
  double step_ = 1;
  double top_value_ = 1;
  std::string out_;
};

}  // namespace

std::string bar_chart_svg(const Chart& chart) {
  Drawing drawing(chart);
  const double group = drawing.slot_width() * 0.8;
  const double width = group / static_cast<double>(std::max<std::size_t>(chart.series.size(), 1));
  for (std::size_t s = 0; s < chart.series.size(); ++s) {
    const auto& values = chart.series[s].values;
    for (std::size_t i = 0; i < std::min(values.size(), chart.labels.size()); ++i) {
      const double x = drawing.slot_middle(i) - group / 2 + width * static_cast<double>(s);
      const double y = drawing.y_of(values[i]);
      drawing.add("<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" +
                  number(width * 0.95) + "\" height=\"" + number(kTop + kPlotHeight - y) +
                  "\" fill=\"" + std::string(Drawing::colour(s)) + "\"/>");
      drawing.text(x + width / 2, y - 4, short_number(values[i]), "middle\" font-size=\"10");
    }
  }
  return drawing.finish();
}

std::string line_chart_svg(const Chart& chart) {
  Drawing drawing(chart);
  for (std::size_t s = 0; s < chart.series.size(); ++s) {
    const std::string colour(Drawing::colour(s));
    std::string points;
    const auto& values = chart.series[s].values;
    for (std::size_t i = 0; i < std::min(values.size(), chart.labels.size()); ++i) {
      const std::string x = number(drawing.slot_middle(i));
      const std::string y = number(drawing.y_of(values[i]));
      points.append(points.empty() ? "" : " ").append(x).append(",").append(y);
      drawing.add("<circle cx=\"" + x + "\" cy=\"" + y + "\" r=\"4\" fill=\"" + colour + "\"/>");
    }
    drawing.add("<polyline points=\"" + points + "\" fill=\"none\" stroke-width=\"2\" stroke=\"" +
                colour + "\"/>");
  }
  return drawing.finish();
}

}  // namespace catena::harness
