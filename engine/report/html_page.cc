// SPDX-License-Identifier: Apache-2.0
#include "engine/report/html_page.h"

#include <algorithm>
#include <map>

#include "engine/base/display_text.h"
#include "engine/report/guidance_text.h"
#include "engine/report/html_style.h"
#include "engine/report/html_text.h"
#include "engine/report/story_chart.h"

namespace catena::report {
namespace {

using incident::Chain;
using incident::Detection;
using incident::Severity;

constexpr std::size_t kShownNames = 12;
constexpr std::size_t kShownRecords = 3;  // evidence of a line: the first ones
// Nothing may be loaded and nothing may run, whatever gets into the page.
constexpr std::string_view kPolicy = "default-src 'none'; style-src 'unsafe-inline'";

std::string names(const std::vector<std::string>& all) {
  std::string out;
  for (std::size_t i = 0; i < all.size() && i < kShownNames; ++i) {
    out += (i == 0 ? "" : ", ") + html_text(all[i]);
  }
  if (all.size() > kShownNames) {
    out += " <span>and " + grouped(all.size() - kShownNames) + " more</span>";
  }
  return out.empty() ? "<span>none known</span>" : out;
}

class Page {
 public:
  Page(const StoryView& view, const Guidance* guidance)
      : view_(view), chain_(view.chain()), guidance_(guidance) {}

  std::string write() {
    open();
    write_head();
    write_phases();
    write_hosts();
    if (guidance_ != nullptr) add(guidance_html(view_, *guidance_));
    write_timeline();
    write_techniques();
    write_inferences();
    close();
    return std::move(out_);
  }

 private:
  void add(std::string_view text) { out_ += text; }

  void open() {
    const std::string title = "Incident " + chain_.id.hex().substr(0, 12);
    add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add("<meta http-equiv=\"Content-Security-Policy\" content=\"" + std::string(kPolicy) +
        "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    add("<meta name=\"referrer\" content=\"no-referrer\">\n");
    add("<title>" + title + " – Catena</title>\n<style>");
    add(kPageStyle);
    add("</style>\n</head>\n<body>\n<main>\n");
  }

  void fact(std::string_view name, const std::string& html) {
    add("<div><dt>" + std::string(name) + "</dt><dd>" + html + "</dd></div>\n");
  }

  void write_head() {
    const std::string severity(incident::severity_name(chain_.severity));
    add("<h1>Incident " + chain_.id.hex().substr(0, 12) + "<span class=\"badge sv-" + severity +
        "\">" + severity + "</span></h1>\n");
    add("<p class=\"quiet\">" + summary() + "</p>\n<section>\n<dl class=\"facts\">\n");
    fact("First step (UTC)", clock_text(chain_.first));
    fact("Last step (UTC)", clock_text(chain_.last) + " <span>after " +
                                duration_text(chain_.last - chain_.first) + "</span>");
    fact("Score", score_text(chain_));
    fact("Detections", grouped(chain_.steps.size()) + " <span>of " + grouped(view_.rule_count()) +
                           " rules, " + grouped(chain_.techniques.size()) + " techniques</span>");
    if (chain_.launch != incident::LaunchOutcome::kNone) {
      fact("Launch", std::string(incident::launch_outcome_name(chain_.launch)));
    }
    fact("Hosts", names(chain_.hosts));
    fact("Accounts", names(chain_.users));
    add("</dl>\n</section>\n");
  }

  // One sentence in the reader's words.
  [[nodiscard]] std::string summary() const {
    std::size_t seen = 0;
    for (const auto& slot : chain_.phases) {
      seen += slot.state == incident::PhaseState::kObserved ? 1 : 0;
    }
    std::string text = "It begins with “" + html_text(view_.detection(0).rule_title) + "”";
    if (view_.lines().size() > 1) {
      text +=
          " and ends with “" + html_text(view_.detection(chain_.steps.size() - 1).rule_title) + "”";
    }
    text += "; " + grouped(seen) + " of 17 attack phases were seen.";
    if (chain_.objective_imminent) {
      text += " Recovery was attacked: <b>what it prepares for has not come yet</b>.";
    }
    return text;
  }

  void write_phases() {
    add("<section>\n<h2>Phases against time</h2>\n");
    add(phase_chart(view_));
    add("<div class=\"key\">");
    for (const plan::Level level :
         {plan::Level::kInformational, plan::Level::kLow, plan::Level::kMedium, plan::Level::kHigh,
          plan::Level::kCritical}) {
      add("<span><i class=\"" + level_class(level) + "\"></i>" +
          std::string(plan::level_name(level)) + "</span>");
    }
    add("<span><i class=\"ring\"></i>inferred from the whole chain</span></div>\n</section>\n");
  }

  void write_hosts() {
    const std::string chart = host_chart(view_);
    if (chart.empty()) return;
    add("<section>\n<h2>Hosts against time</h2>\n");
    add(chart);
    add("<p class=\"quiet\">A curve is the reason why a step on one host belongs to a step on "
        "another; point at it to read it.</p>\n</section>\n");
  }

  void write_timeline() {
    add("<section>\n<h2>What happened</h2>\n");
    std::string day;
    std::size_t shown = 0;
    for (const StoryLine& line : view_.lines()) {
      if (shown++ == kMaxPageLines) {
        add("<p class=\"quiet\">" + grouped(view_.lines().size() - kMaxPageLines) +
            " further lines are not shown here; the JSON lines of this incident hold them.</p>\n");
        break;
      }
      const std::string today = clock_text(chain_.steps[line.first()].time).substr(0, 10);
      if (today != day) add("<div class=\"day\">" + today + "</div>\n");
      day = today;
      write_line(line);
    }
    add("</section>\n");
  }

  void write_line(const StoryLine& line) {
    const Detection& found = view_.detection(line.first());
    add("<div class=\"step\"><time>" + clock_text(chain_.steps[line.first()].time).substr(11) +
        "</time><div class=\"who\"><b>" + html_text(view_.phase_name(line.first())) + "</b><br>" +
        html_text(line.host.empty() ? "no host" : line.host) +
        (line.user.empty() ? "" : "<br>" + html_text(line.user)) + "</div><div class=\"what\">");
    add("<h3><span class=\"dot " + level_class(found.level) + "\" title=\"" +
        std::string(plan::level_name(found.level)) + "\"></span>" + html_text(found.rule_title));
    if (line.steps.size() > 1) {
      add(" <span class=\"quiet\">× " + grouped(line.steps.size()) + " until " +
          clock_text(line.last).substr(11) + "</span>");
    }
    add("</h3>\n");
    for (const std::string& id : found.techniques) {
      add("<p>" + html_text(view_.technique_name(id)) + "</p>\n");
    }
    for (const incident::TellingField& field : found.telling) {
      add("<p><code>" + html_text(field.name.empty() ? "" : field.name + " = ") +
          html_text(field.value) + "</code></p>\n");
    }
    add("<p class=\"why\">why here: " + html_text(view_.reason(line.first())) + "</p>\n");
    write_evidence(line);
    add("</div></div>\n");
  }

  void write_evidence(const StoryLine& line) {
    add("<details><summary>evidence: " + grouped(line.steps.size()) +
        (line.steps.size() == 1 ? " record" : " records") + ", rule <span class=\"id\">" +
        html_text(view_.detection(line.first()).rule_id) + "</span></summary>\n");
    for (std::size_t i = 0; i < line.steps.size() && i < kShownRecords; ++i) {
      const Detection& found = view_.detection(line.steps[i]);
      add("<span class=\"id\">" + html_text(found.origin.source) + ":" +
          std::to_string(found.origin.line) + "</span><pre>" + html_text(found.evidence) +
          "</pre>\n");
    }
    if (line.steps.size() > kShownRecords) {
      add("and " + grouped(line.steps.size() - kShownRecords) + " more\n");
    }
    add("</details>");
  }

  void write_techniques() {
    std::map<std::string, std::size_t> steps;
    for (const Detection& found : view_.detections()) {
      for (const std::string& id : found.techniques) ++steps[id];
    }
    if (steps.empty()) return;
    add("<section>\n<h2>ATT&amp;CK techniques</h2>\n<table>\n<tr><th>Technique</th><th>Tactics</th>"
        "<th>Steps</th></tr>\n");
    for (const auto& [id, count] : steps) {
      const attack::Technique* technique = view_.attack().technique(id);
      std::string tactics;
      for (const std::string& name :
           technique == nullptr ? std::vector<std::string>() : technique->tactics) {
        const attack::Tactic* tactic = view_.attack().tactic(name);
        tactics += (tactics.empty() ? "" : ", ") + (tactic == nullptr ? name : tactic->name);
      }
      add("<tr><td>" + html_text(view_.technique_name(id)) + "</td><td>" + html_text(tactics) +
          "</td><td class=\"n\">" + grouped(count) + "</td></tr>\n");
    }
    add("</table>\n</section>\n");
  }

  [[nodiscard]] std::string witness(const Id128& id) const {
    const auto step = view_.step_of(id);
    if (!step) return "";
    return "“" + html_text(view_.detection(*step).rule_title) + "” at " +
           clock_text(chain_.steps[*step].time).substr(11);
  }

  void write_inferences() {
    if (chain_.inferences.empty()) return;
    add("<section>\n<h2>Inferred from the whole chain</h2>\n<table>\n<tr><th>Phase</th><th>Why"
        "</th><th>Witnesses</th></tr>\n");
    for (const incident::PhaseInference& inference : chain_.inferences) {
      add("<tr><td>" + html_text(attack::phase_info(inference.phase).name) + "</td><td>" +
          html_text(inference_meaning(inference.rule)) + "</td><td>" + witness(inference.witness) +
          (inference.second_witness.is_zero()
               ? ""
               : "<br>against " + witness(inference.second_witness)) +
          "</td></tr>\n");
    }
    add("</table>\n</section>\n");
  }

  void close() {
    add("<footer>Told by Catena. Chain <span class=\"id\">" + chain_.id.hex() +
        "</span>. Times are UTC. ATT&amp;CK " + html_text(view_.attack().version()) +
        ": © The MITRE Corporation, reproduced and distributed with its permission.</footer>\n"
        "</main>\n</body>\n</html>\n");
  }

  const StoryView& view_;
  const Chain& chain_;
  const Guidance* guidance_;
  std::string out_;
};

}  // namespace

std::string html_page(const StoryView& view, const Guidance* guidance) {
  return Page(view, guidance).write();
}

}  // namespace catena::report
