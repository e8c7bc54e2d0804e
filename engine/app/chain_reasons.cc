// SPDX-License-Identifier: Apache-2.0
#include "engine/app/chain_reasons.h"

#include <array>
#include <cstdio>
#include <set>

#include "engine/app/chain_text.h"
#include "engine/attack/phase_views.h"
#include "engine/incident/score.h"
#include "engine/report/story.h"

namespace catena::app {
namespace {

using incident::Chain;
using incident::Detection;
using incident::InferenceRule;
using incident::PhaseInference;
using incident::PhaseState;
using incident::ScoreFactors;

constexpr std::size_t kPhaseColumn = 32;
constexpr std::size_t kRuleColumn = 52;

std::string tenths(std::uint64_t value) {
  return std::to_string(value / 10) + "." + std::to_string(value % 10);
}

std::string ratio(std::uint64_t value, std::uint64_t unit) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f",
                static_cast<double>(value) / static_cast<double>(unit));
  return text.data();
}

class Reasons {
 public:
  Reasons(const Chain& chain, const std::vector<Detection>& detections,
          const attack::AttackCatalog& attack, const TextStyle& style)
      : chain_(chain), detections_(detections), attack_(attack), style_(style) {}

  std::string write() {
    write_inferences();
    write_score();
    write_views();
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { out_.append(text).push_back('\n'); }
  void heading(const std::string& text) {
    line("");
    line(style_.paint(Colour::kDim, text));
  }

  [[nodiscard]] std::string step_text(const Id128& id) const {
    for (std::size_t i = 0; i < chain_.steps.size(); ++i) {
      if (chain_.steps[i].detection != id) continue;
      return "\"" + fit(printable(detections_[i].rule_title), kRuleColumn) + "\" at " +
             format_iso8601(chain_.steps[i].time).substr(11, 8);
    }
    return "a step that is not here";
  }

  void write_inferences() {
    heading("Inferred from the whole chain");
    for (const PhaseInference& inference : chain_.inferences) {
      line("  " + column(attack::phase_info(inference.phase).name, kPhaseColumn - 2) +
           std::string(report::inference_meaning(inference.rule)) + " (" +
           std::string(inference_rule_name(inference.rule)) + ")");
      const std::string indent(kPhaseColumn, ' ');
      line(indent + "witness   " + step_text(inference.witness));
      if (!inference.second_witness.is_zero()) {
        line(indent + "against   " + step_text(inference.second_witness));
      }
    }
    if (chain_.inferences.empty()) line("  nothing");
    if (chain_.launch != incident::LaunchOutcome::kNone) {
      line("  launch outcome: " + std::string(launch_outcome_name(chain_.launch)));
    }
    if (chain_.objective_imminent) {
      line("  objective imminent: recovery was attacked, and what it is for has not come yet");
    }
  }

  void write_part(std::string_view name, const ScoreFactors::Part& part) {
    if (part.points == 0) return;
    line("  " + column(name, kPhaseColumn - 2) + column(tenths(part.points), 8) +
         column("x " + tenths(part.weight), 8) + column(tenths(part.value()), 8) +
         fit(printable(detections_[part.step].rule_title), kRuleColumn));
  }

  void write_score() {
    std::vector<incident::ChainMember> members;
    for (std::size_t i = 0; i < detections_.size(); ++i) {
      members.push_back({&detections_[i], chain_.steps[i].join, chain_.steps[i].background});
    }
    const ScoreFactors factors = incident::score_factors(members, chain_);
    heading("Score");
    line("  " + column("phase", kPhaseColumn - 2) + column("points", 8) + column("weight", 8) +
         column("value", 8) + "most severe step");
    std::uint64_t sum = 0;
    for (const attack::PhaseInfo& info : attack::all_phases()) {
      const auto& part = factors.parts[static_cast<std::size_t>(info.phase)];
      write_part(info.name, part);
      sum += part.value();
    }
    write_part("(no phase)", factors.parts[attack::kPhaseCount]);
    sum += factors.parts[attack::kPhaseCount].value();
    line("  sum " + tenths(sum) + " x breadth " +
         ratio(factors.breadth, ScoreFactors::kBreadthUnit) + " (" +
         std::to_string(factors.observed_phases) + " phases seen, " +
         std::to_string(factors.inferred_phases) + " inferred) x variety " +
         ratio(factors.variety, factors.variety_unit) + " (" + std::to_string(factors.rules) +
         " rules) = " + tenths(chain_.score));
    write_severity(factors);
  }

  void write_severity(const ScoreFactors& factors) {
    const auto yes = [](bool holds) { return holds ? std::string("yes") : std::string("no"); };
    line("  severity " + std::string(incident::severity_name(chain_.severity)) +
         ": score >= " + tenths(incident::kHighScore) + " " +
         yes(chain_.score >= incident::kHighScore) + ", three phases and three rules " +
         yes(factors.observed_phases >= incident::kHighPhases &&
             factors.rules >= incident::kHighRules) +
         ", a high step " + yes(factors.has_high_step));
    line("  critical: score >= " + tenths(incident::kCriticalScore) + " " +
         yes(chain_.score >= incident::kCriticalScore) + ", objective after access " +
         yes(factors.objective_after_access) + ", severe objective " +
         yes(factors.severe_objective));
  }

  // The stages of another model, those that the chain reached in full.
  template <typename StagesOf>
  void write_view(const std::string& name, std::span<const std::string_view> stages,
                  StagesOf stages_of) {
    std::set<std::size_t> reached;
    for (const attack::PhaseInfo& info : attack::all_phases()) {
      const auto& slot = chain_.phases[static_cast<std::size_t>(info.phase)];
      if (slot.state == PhaseState::kAbsent) continue;
      for (const std::size_t stage : stages_of(info.phase)) reached.insert(stage);
    }
    std::string text;
    for (const std::size_t stage : reached) {
      if (!text.empty()) text += " > ";
      text += stages[stage];
    }
    line("  " + column(name, 22) + (text.empty() ? "-" : text));
  }

  void write_views() {
    heading("In other words");
    std::string tactics;
    for (const std::string& id :
         report::StoryView(report::Story{chain_, detections_}, attack_).tactics()) {
      const attack::Tactic* tactic = attack_.tactic(id);
      if (!tactics.empty()) tactics += " > ";
      tactics += tactic == nullptr ? id : tactic->name;
    }
    line("  " + column("ATT&CK tactics", 22) + (tactics.empty() ? "-" : tactics));
    write_view("Cyber Kill Chain", attack::kill_chain_stages(), attack::kill_chain_of);
    write_view("attack life cycle", attack::life_cycle_stages(), attack::life_cycle_of);
  }

  const Chain& chain_;
  const std::vector<Detection>& detections_;
  const attack::AttackCatalog& attack_;
  const TextStyle& style_;
  std::string out_;
};

}  // namespace

std::string chain_reasons(const Chain& chain, const std::vector<Detection>& detections,
                          const attack::AttackCatalog& attack, const TextStyle& style) {
  return Reasons(chain, detections, attack, style).write();
}

}  // namespace catena::app
