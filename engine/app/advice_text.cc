// SPDX-License-Identifier: Apache-2.0
#include "engine/app/advice_text.h"

#include "engine/report/guidance_text.h"

namespace catena::app {
namespace {

using report::Guidance;
using report::StoryView;

constexpr std::size_t kNameColumn = 34;

class AdvicePage {
 public:
  AdvicePage(const StoryView& view, const Guidance& guidance, const TextStyle& style)
      : view_(view), guidance_(guidance), style_(style) {}

  std::string write() {
    write_advice();
    write_gaps();
    write_measures();
    write_groups();
    return std::move(out_);
  }

 private:
  void heading(std::string_view text) {
    if (!out_.empty()) out_ += "\n";
    out_ += style_.paint(Colour::kBold, text) + "\n";
  }

  // `text` beside a name, broken at blanks to the width of the page.
  void entry(const std::string& name, const std::string& text) {
    const std::size_t room = style_.width > kNameColumn + 24 ? style_.width - kNameColumn : 24;
    std::string label = column(name, kNameColumn - 1) + " ";
    for (const std::string& line : wrapped(text, room)) {
      out_ += style_.paint(Colour::kCyan, label) + line + "\n";
      label = std::string(kNameColumn, ' ');
    }
  }

  void note(std::string_view text) {
    for (const std::string& line : wrapped(text, style_.width - 2)) {
      out_ += style_.paint(Colour::kDim, "  " + line) + "\n";
    }
  }

  void write_advice() {
    if (guidance_.phases.empty()) return;
    heading("What to do now");
    for (const attack::Phase phase : guidance_.phases) {
      std::string name = "  " + std::string(attack::phase_info(phase).name);
      for (const std::string& text : guidance_.defence->advice[static_cast<std::size_t>(phase)]) {
        entry(name, text);
        name.clear();
      }
    }
  }

  void write_gaps() {
    if (guidance_.gaps.empty() && guidance_.quiet.empty()) return;
    heading("What is missing");
    note(
        "Attacks usually pass these between the first and the last phase that was seen. They may "
        "have been skipped, or nothing looked.");
    for (const report::PhaseGap& gap : guidance_.gaps) {
      std::string name = "  " + std::string(attack::phase_info(gap.phase).name);
      for (const report::GapTechnique& technique : gap.techniques) {
        entry(name, gap_technique_text(view_, technique));
        name.clear();
      }
    }
    for (const report::QuietSource& quiet : guidance_.quiet) {
      entry("  " + printable(quiet.host),
            printable(quiet.log_source) + " gave detections at other times, none in this one");
    }
  }

  void write_measures() {
    if (guidance_.counter_measures.empty()) return;
    heading("What counters these techniques, the most effective first");
    for (const report::CounterMeasure& measure : guidance_.counter_measures) {
      std::string ids;
      for (const std::string& id : measure.techniques) ids += (ids.empty() ? "" : ", ") + id;
      entry("  " + measure.mitigation->id,
            measure.mitigation->name + ". " + measure.mitigation->meaning);
      entry("", "counters " + grouped(measure.techniques.size()) + " of " +
                    grouped(guidance_.techniques) + ": " + ids);
    }
  }

  void write_groups() {
    if (guidance_.groups.empty()) return;
    heading("Who is known to work like this");
    note(report::false_flag_caveat());
    for (const report::KnownGroup& known : guidance_.groups) {
      entry("  " + known.group->id + " " + known.group->name, overlap_text(guidance_, known));
    }
  }

  const StoryView& view_;
  const Guidance& guidance_;
  const TextStyle& style_;
  std::string out_;
};

}  // namespace

std::string advice_page(const StoryView& view, const Guidance& guidance, const TextStyle& style) {
  return AdvicePage(view, guidance, style).write();
}

}  // namespace catena::app
