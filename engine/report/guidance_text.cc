// SPDX-License-Identifier: Apache-2.0
#include "engine/report/guidance_text.h"

#include "engine/base/display_text.h"
#include "engine/report/html_text.h"

namespace catena::report {
namespace {

std::string listed(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + id;
  return text;
}

std::string counters_text(const Guidance& guidance, const CounterMeasure& measure) {
  return "counters " + grouped(measure.techniques.size()) + " of " + grouped(guidance.techniques) +
         " techniques: " + listed(measure.techniques);
}

constexpr std::string_view kGapNote =
    "Attacks usually pass these between the first and the last phase that was seen. They may have "
    "been skipped, or nothing looked.";

void write_gaps(std::string& out, const StoryView& view, const Guidance& guidance) {
  if (guidance.gaps.empty() && guidance.quiet.empty()) return;
  out += "<section>\n<h2>What is missing</h2>\n<p class=\"quiet\">" + html_text(kGapNote) +
         "</p>\n<table>\n<tr><th>Phase</th><th>Would be filled by</th></tr>\n";
  for (const PhaseGap& gap : guidance.gaps) {
    out += "<tr><td>" + html_text(attack::phase_info(gap.phase).name) + "</td><td>";
    for (const GapTechnique& technique : gap.techniques) {
      out += html_text(gap_technique_text(view, technique)) + "<br>";
    }
    out += "</td></tr>\n";
  }
  for (const QuietSource& quiet : guidance.quiet) {
    out += "<tr><td>" + html_text(quiet.host) + "</td><td>" + html_text(quiet.log_source) +
           " gave detections at other times, none in this one</td></tr>\n";
  }
  out += "</table>\n</section>\n";
}

void write_advice(std::string& out, const Guidance& guidance) {
  if (guidance.phases.empty()) return;
  out += "<section>\n<h2>What to do now</h2>\n<table>\n";
  for (const attack::Phase phase : guidance.phases) {
    out += "<tr><td>" + html_text(attack::phase_info(phase).name) + "</td><td>";
    for (const std::string& text : guidance.defence->advice[static_cast<std::size_t>(phase)]) {
      out += "<p>" + html_text(text) + "</p>";
    }
    out += "</td></tr>\n";
  }
  out += "</table>\n</section>\n";
}

void write_measures(std::string& out, const Guidance& guidance) {
  if (guidance.counter_measures.empty()) return;
  out +=
      "<section>\n<h2>What counters these techniques</h2>\n<table>\n"
      "<tr><th>ATT&amp;CK mitigation</th><th>What it asks for</th><th>Counters</th></tr>\n";
  for (const CounterMeasure& measure : guidance.counter_measures) {
    out += "<tr><td>" + html_text(measure.mitigation->id + " " + measure.mitigation->name) +
           "</td><td>" + html_text(measure.mitigation->meaning) + "</td><td>" +
           html_text(grouped(measure.techniques.size()) + " of " + grouped(guidance.techniques) +
                     ": " + listed(measure.techniques)) +
           "</td></tr>\n";
  }
  out += "</table>\n</section>\n";
}

void write_groups(std::string& out, const Guidance& guidance) {
  if (guidance.groups.empty()) return;
  out += "<section>\n<h2>Who is known to work like this</h2>\n<p class=\"quiet\">" +
         html_text(false_flag_caveat()) +
         "</p>\n<table>\n<tr><th>Group</th><th>Overlap</th></tr>\n";
  for (const KnownGroup& known : guidance.groups) {
    out += "<tr><td>" + html_text(known.group->id + " " + known.group->name) + "</td><td>" +
           html_text(overlap_text(guidance, known)) + "</td></tr>\n";
  }
  out += "</table>\n</section>\n";
}

}  // namespace

std::string gap_technique_text(const StoryView& view, const GapTechnique& technique) {
  std::string text = view.technique_name(technique.id) + " (known of " + grouped(technique.groups) +
                     (technique.groups == 1 ? " group" : " groups");
  if (technique.rules) {
    text += *technique.rules == 0
                ? "; no rule looks for it"
                : "; " + grouped(*technique.rules) +
                      (*technique.rules == 1 ? " rule looks for it" : " rules look for it");
  }
  return text + ")";
}

std::string overlap_text(const Guidance& guidance, const KnownGroup& known) {
  std::string text = grouped(known.exact) + " of " + grouped(guidance.techniques) + " techniques";
  if (known.family > 0) text += ", and " + grouped(known.family) + " more of the same families";
  return text + "; known for " + grouped(known.group->techniques.size()) + " in all";
}

std::string guidance_html(const StoryView& view, const Guidance& guidance) {
  std::string out;
  write_advice(out, guidance);
  write_gaps(out, view, guidance);
  write_measures(out, guidance);
  write_groups(out, guidance);
  return out;
}

std::string guidance_markdown(const StoryView& view, const Guidance& guidance) {
  std::string out;
  if (!guidance.phases.empty()) out += "## What to do now\n\n";
  for (const attack::Phase phase : guidance.phases) {
    out += "* **" + markdown_text(attack::phase_info(phase).name) + "**\n";
    for (const std::string& text : guidance.defence->advice[static_cast<std::size_t>(phase)]) {
      out += "  * " + markdown_text(text) + "\n";
    }
  }
  if (!guidance.gaps.empty() || !guidance.quiet.empty()) {
    out += "\n## What is missing\n\n" + markdown_text(kGapNote) + "\n\n";
  }
  for (const PhaseGap& gap : guidance.gaps) {
    out += "* **" + markdown_text(attack::phase_info(gap.phase).name) + "** would be filled by\n";
    for (const GapTechnique& technique : gap.techniques) {
      out += "  * " + markdown_text(gap_technique_text(view, technique)) + "\n";
    }
  }
  for (const QuietSource& quiet : guidance.quiet) {
    out += "* " + markdown_text(quiet.host) + ": " + markdown_text(quiet.log_source) +
           " gave detections at other times, none in this one\n";
  }
  if (!guidance.counter_measures.empty()) out += "\n## What counters these techniques\n\n";
  for (const CounterMeasure& measure : guidance.counter_measures) {
    out += "* **" + markdown_text(measure.mitigation->id + " " + measure.mitigation->name) + "** " +
           markdown_text(measure.mitigation->meaning + " It " + counters_text(guidance, measure) +
                         ".") +
           "\n";
  }
  if (!guidance.groups.empty()) {
    out += "\n## Who is known to work like this\n\n" + markdown_text(false_flag_caveat()) + "\n\n";
  }
  for (const KnownGroup& known : guidance.groups) {
    out += "* " + markdown_text(known.group->id + " " + known.group->name) + ": " +
           markdown_text(overlap_text(guidance, known)) + "\n";
  }
  return out.empty() ? out : out + "\n";
}

}  // namespace catena::report
