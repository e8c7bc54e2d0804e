// SPDX-License-Identifier: Apache-2.0
#include "engine/report/markdown_page.h"

#include <map>

#include "engine/base/display_text.h"
#include "engine/report/guidance_text.h"
#include "engine/report/html_text.h"

namespace catena::report {
namespace {

using incident::Chain;
using incident::Detection;
using incident::PhaseState;

constexpr std::size_t kEvidenceCharacters = 400;
constexpr std::size_t kShownNames = 20;

class Report {
 public:
  Report(const StoryView& view, const Guidance* guidance)
      : view_(view), chain_(view.chain()), guidance_(guidance) {}

  std::string write() {
    write_head();
    write_phases();
    if (guidance_ != nullptr) out_ += guidance_markdown(view_, *guidance_);
    write_timeline();
    write_techniques();
    write_inferences();
    line("---");
    line("");
    line("Told by Catena; times are UTC. ATT&CK " + markdown_text(view_.attack().version()) +
         ": © The MITRE Corporation, reproduced and distributed with its permission.");
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { out_.append(text).push_back('\n'); }

  [[nodiscard]] static std::string names(const std::vector<std::string>& all) {
    std::string out;
    for (std::size_t i = 0; i < all.size() && i < kShownNames; ++i) {
      out += (i == 0 ? "" : ", ") + markdown_text(all[i]);
    }
    if (all.size() > kShownNames) out += " and " + grouped(all.size() - kShownNames) + " more";
    return out.empty() ? "none known" : out;
  }

  void write_head() {
    line("# Incident " + chain_.id.hex().substr(0, 12) + " (" +
         std::string(incident::severity_name(chain_.severity)) + ")");
    line("");
    line("| | |");
    line("|---|---|");
    line("| Chain | `" + chain_.id.hex() + "` |");
    line("| When | " + clock_text(chain_.first) + " to " + clock_text(chain_.last) + " UTC (" +
         duration_text(chain_.last - chain_.first) + ") |");
    line("| Score | " + score_text(chain_) + " |");
    line("| Detections | " + grouped(chain_.steps.size()) + " of " + grouped(view_.rule_count()) +
         " rules, " + grouped(chain_.techniques.size()) + " techniques |");
    line("| Hosts | " + names(chain_.hosts) + " |");
    line("| Accounts | " + names(chain_.users) + " |");
    if (chain_.launch != incident::LaunchOutcome::kNone) {
      line("| Launch | " + std::string(incident::launch_outcome_name(chain_.launch)) + " |");
    }
    line("");
    if (chain_.objective_imminent) {
      line("**Recovery was attacked: what it prepares for has not come yet.**");
      line("");
    }
  }

  void write_phases() {
    line("## Phases");
    line("");
    line("| Phase | | First | Last | Steps |");
    line("|---|---|---|---|---:|");
    for (const attack::PhaseInfo& info : attack::all_phases()) {
      const incident::PhaseSlot& slot = chain_.phases[static_cast<std::size_t>(info.phase)];
      if (slot.state == PhaseState::kAbsent) continue;
      const bool seen = slot.state == PhaseState::kObserved;
      line("| " + std::string(info.code) + " " + std::string(info.name) + " | " +
           (seen ? "seen" : "inferred") + " | " + clock_text(slot.first) + " | " +
           clock_text(slot.last) + " | " + grouped(slot.steps) + " |");
    }
    line("");
  }

  void write_timeline() {
    line("## What happened");
    line("");
    std::size_t shown = 0;
    for (const StoryLine& told : view_.lines()) {
      if (shown++ == kMaxMarkdownLines) {
        line("… and " + grouped(view_.lines().size() - kMaxMarkdownLines) + " further lines.");
        break;
      }
      write_line(told);
    }
    line("");
  }

  void write_line(const StoryLine& told) {
    const Detection& found = view_.detection(told.first());
    std::string text = "* **" + clock_text(chain_.steps[told.first()].time) + "** " +
                       markdown_text(view_.phase_name(told.first())) + " – " +
                       markdown_text(told.host.empty() ? "no host" : told.host);
    if (!told.user.empty()) text += ", " + markdown_text(told.user);
    line(text + "  ");
    text = "  " + markdown_text(found.rule_title) + " (" +
           std::string(plan::level_name(found.level)) + ")";
    if (told.steps.size() > 1) {
      text += ", " + grouped(told.steps.size()) + " times until " + clock_text(told.last);
    }
    line(text);
    for (const std::string& id : found.techniques) {
      line("  * technique " + markdown_text(view_.technique_name(id)));
    }
    for (const incident::TellingField& field : found.telling) {
      line("  * " + (field.name.empty() ? "" : markdown_text(field.name) + " ") +
           markdown_code(field.value));
    }
    line("  * why here: " + markdown_text(view_.reason(told.first())));
    line("  * evidence: " +
         markdown_code(found.origin.source + ":" + std::to_string(found.origin.line)) + " " +
         markdown_code(fit(printable(found.evidence), kEvidenceCharacters)));
  }

  void write_techniques() {
    std::map<std::string, std::size_t> steps;
    for (const Detection& found : view_.detections()) {
      for (const std::string& id : found.techniques) ++steps[id];
    }
    if (steps.empty()) return;
    line("## ATT&CK techniques");
    line("");
    line("| Technique | Steps |");
    line("|---|---:|");
    for (const auto& [id, count] : steps) {
      line("| " + markdown_text(view_.technique_name(id)) + " | " + grouped(count) + " |");
    }
    line("");
  }

  void write_inferences() {
    if (chain_.inferences.empty()) return;
    line("## Inferred from the whole chain");
    line("");
    for (const incident::PhaseInference& inference : chain_.inferences) {
      std::string text = "* " + std::string(attack::phase_info(inference.phase).name) + ": " +
                         std::string(inference_meaning(inference.rule));
      if (const auto step = view_.step_of(inference.witness)) {
        text += " (" + markdown_text(view_.detection(*step).rule_title) + " at " +
                clock_text(chain_.steps[*step].time) + ")";
      }
      line(text);
    }
    line("");
  }

  const StoryView& view_;
  const Chain& chain_;
  const Guidance* guidance_;
  std::string out_;
};

}  // namespace

std::string markdown_page(const StoryView& view, const Guidance* guidance) {
  return Report(view, guidance).write();
}

}  // namespace catena::report
