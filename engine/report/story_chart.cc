// SPDX-License-Identifier: Apache-2.0
#include "engine/report/story_chart.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>

#include "engine/base/display_text.h"
#include "engine/report/html_text.h"
#include "engine/report/time_axis.h"

namespace catena::report {
namespace {

using incident::PhaseSlot;
using incident::PhaseState;

constexpr double kWidth = 1120;
constexpr double kLabelWidth = 262;
constexpr double kRight = kWidth - 26;
constexpr double kRow = 26;
constexpr double kAxis = 44;  // height below the rows
constexpr std::size_t kLabelCharacters = 38;
constexpr double kDotRadius = 5;

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

// `name="value"` with a leading blank.
std::string attribute(std::string_view name, double value) {
  return " " + std::string(name) + "=\"" + number(value) + "\"";
}

std::vector<Timestamp> times_of(const StoryView& view) {
  std::vector<Timestamp> times;
  for (const incident::Step& step : view.chain().steps) times.push_back(step.time);
  return times;
}

// One drawing: rows with labels on the left, time from left to right.
class Drawing {
 public:
  Drawing(const StoryView& view, std::size_t rows, const std::string& about)
      : axis_(times_of(view), kLabelWidth, kRight), height_(static_cast<double>(rows) * kRow) {
    out_ = "<svg viewBox=\"0 0 " + number(kWidth) + " " + number(height_ + kAxis) +
           "\" role=\"img\" aria-label=\"" + html_text(about) + "\">\n";
    draw_axis();
  }

  [[nodiscard]] static double middle(std::size_t row) {
    return (static_cast<double>(row) + 0.5) * kRow;
  }
  [[nodiscard]] double x(Timestamp time) const { return axis_.x(time); }

  void label(std::size_t row, const std::string& text, std::string_view style) {
    out_ += "<text class=\"label " + std::string(style) + "\"" + attribute("x", kLabelWidth - 16) +
            attribute("y", middle(row) + 4) + " text-anchor=\"end\">" +
            html_text(fit(printable(text), kLabelCharacters)) + "</text>\n";
    out_ += "<line class=\"rule\" x1=\"" + number(kLabelWidth - 8) + "\" x2=\"" +
            number(kWidth - 12) + "\"" + attribute("y1", middle(row)) +
            attribute("y2", middle(row)) + "/>\n";
  }

  // `style`: further attributes.
  void bar(std::size_t row, Timestamp first, Timestamp last, std::string_view style) {
    out_ += "<line class=\"" + std::string(style) + "\"" + attribute("x1", x(first)) +
            attribute("x2", x(last)) + attribute("y1", middle(row)) + attribute("y2", middle(row)) +
            "/>\n";
  }

  // A dot for a moment; nothing when a dot of at least this level is there already.
  void dot(std::size_t row, Timestamp time, plan::Level level, const std::string& about) {
    const auto place = std::pair(row, static_cast<int>(x(time) / 3));
    const auto [known, is_new] = dots_.emplace(place, level);
    if (!is_new && known->second >= level) return;
    known->second = level;
    out_ += "<circle class=\"" + level_class(level) + "\"" + attribute("cx", x(time)) +
            attribute("cy", middle(row)) + attribute("r", kDotRadius) + "><title>" +
            html_text(about) + "</title></circle>\n";
  }

  void ring(std::size_t row, Timestamp time, const std::string& about) {
    out_ += "<circle class=\"inferred\"" + attribute("cx", x(time)) + attribute("cy", middle(row)) +
            attribute("r", kDotRadius) + "><title>" + html_text(about) + "</title></circle>\n";
  }

  void link(std::size_t from_row, Timestamp from, std::size_t to_row, Timestamp to,
            const std::string& about) {
    const double x1 = x(from);
    const double x2 = std::max(x(to), x1);
    const double bend = std::max((x2 - x1) / 2, 18.0);
    out_ += "<path class=\"link\" d=\"M" + number(x1) + " " + number(middle(from_row)) + " C" +
            number(x1 + bend) + " " + number(middle(from_row)) + " " + number(x2 - bend) + " " +
            number(middle(to_row)) + " " + number(x2) + " " + number(middle(to_row)) +
            "\"><title>" + html_text(about) + "</title></path>\n";
  }

  std::string finish() { return std::move(out_) + "</svg>\n"; }

 private:
  void draw_axis() {
    for (const TimeAxis::Break& gap : axis_.breaks()) {
      out_ += "<rect class=\"gap\"" + attribute("x", gap.x - TimeAxis::kBreakWidth / 2 + 3) +
              attribute("y", 0) + attribute("width", TimeAxis::kBreakWidth - 6) +
              attribute("height", height_) + "><title>" + duration_text(gap.length) +
              " without a step</title></rect>\n";
      out_ += "<text class=\"gap-text\" transform=\"translate(" + number(gap.x + 4) + " " +
              number(height_ / 2) + ") rotate(-90)\" text-anchor=\"middle\">" +
              duration_text(gap.length) + "</text>\n";
    }
    for (const TimeAxis::Tick& tick : axis_.ticks()) {
      out_ += "<line class=\"tick\"" + attribute("x1", tick.x) + attribute("x2", tick.x) +
              attribute("y1", 0) + attribute("y2", height_ + 4) + "/>\n";
      out_ += "<text class=\"tick-text\"" + attribute("x", tick.x) + attribute("y", height_ + 18) +
              " text-anchor=\"middle\">" + tick.text + "</text>\n";
      if (tick.day.empty()) continue;
      out_ += "<text class=\"day-text\"" + attribute("x", tick.x) + attribute("y", height_ + 34) +
              " text-anchor=\"middle\">" + tick.day + "</text>\n";
    }
  }

  TimeAxis axis_;
  double height_;
  std::string out_;
  std::map<std::pair<std::size_t, int>, plan::Level> dots_;
};

std::string moment(const StoryView& view, std::size_t step) {
  const incident::Detection& found = view.detection(step);
  const std::string& host = view.lines()[view.line_of(step)].host;
  return clock_text(view.chain().steps[step].time).substr(11) + "  " +
         (host.empty() ? "" : host + "  ") + found.rule_title;
}

std::string_view state_style(PhaseState state) {
  switch (state) {
    case PhaseState::kObserved:
      return "seen";
    case PhaseState::kInferred:
      return "guessed";
    case PhaseState::kAbsent:
      break;
  }
  return "absent";
}

}  // namespace

std::string level_class(plan::Level level) { return "lv-" + std::string(plan::level_name(level)); }

std::string phase_chart(const StoryView& view) {
  const incident::Chain& chain = view.chain();
  Drawing drawing(view, attack::kPhaseCount, "phases against time");
  for (std::size_t row = 0; row < attack::kPhaseCount; ++row) {
    const PhaseSlot& slot = chain.phases[row];
    const attack::PhaseInfo& info = attack::all_phases()[row];
    drawing.label(row, std::string(info.code) + "  " + std::string(info.name),
                  state_style(slot.state));
    if (slot.state == PhaseState::kObserved) drawing.bar(row, slot.first, slot.last, "bar");
  }
  for (const incident::PhaseInference& inference : chain.inferences) {
    const auto witness = view.step_of(inference.witness);
    if (!witness) continue;
    drawing.ring(static_cast<std::size_t>(inference.phase), chain.steps[*witness].time,
                 "inferred: " + std::string(inference_meaning(inference.rule)));
  }
  for (std::size_t i = 0; i < chain.steps.size(); ++i) {
    const incident::Step& step = chain.steps[i];
    if (!step.has_phase) continue;
    drawing.dot(static_cast<std::size_t>(step.phase), step.time, view.detection(i).level,
                moment(view, i));
  }
  return drawing.finish();
}

std::string host_chart(const StoryView& view) {
  std::map<std::string, std::size_t> rows;
  std::vector<std::string> order;
  std::set<std::string> left_out;
  for (const StoryLine& line : view.lines()) {
    if (line.host.empty() || rows.contains(line.host)) continue;
    if (order.size() == kMaxHostRows) {
      left_out.insert(line.host);
      continue;
    }
    rows.emplace(line.host, order.size());
    order.push_back(line.host);
  }
  if (order.size() < 2) return "";
  Drawing drawing(view, order.size(), "hosts against time");
  for (std::size_t row = 0; row < order.size(); ++row) drawing.label(row, order[row], "seen");
  std::size_t links = 0;
  std::size_t more_links = 0;
  const auto& steps = view.chain().steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto parent = view.parent_of(i);
    if (!parent) continue;
    const auto from = rows.find(view.lines()[view.line_of(*parent)].host);
    const auto to = rows.find(view.lines()[view.line_of(i)].host);
    if (from == rows.end() || to == rows.end() || from->second == to->second) continue;
    if (links++ >= kMaxLinks) {
      ++more_links;
      continue;
    }
    drawing.link(from->second, steps[*parent].time, to->second, steps[i].time,
                 moment(view, i) + ": " + view.reason(i));
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto row = rows.find(view.lines()[view.line_of(i)].host);
    if (row == rows.end()) continue;
    drawing.dot(row->second, steps[i].time, view.detection(i).level, moment(view, i));
  }
  std::string out = drawing.finish();
  if (!left_out.empty() || more_links > 0) {
    out += "<p class=\"quiet\">Not drawn: " + grouped(left_out.size()) + " further hosts, " +
           grouped(more_links) + " further joins.</p>\n";
  }
  return out;
}

}  // namespace catena::report
