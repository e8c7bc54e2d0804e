// SPDX-License-Identifier: Apache-2.0
#include "engine/app/chain_text.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "engine/incident/hub.h"

namespace catena::app {
namespace {

using incident::Chain;
using incident::Detection;
using incident::Entity;
using incident::EntityType;
using incident::PhaseState;
using incident::Severity;
using incident::Step;

constexpr std::size_t kPhaseColumn = 32;
constexpr std::size_t kTimeColumn = 10;
constexpr std::size_t kHostColumn = 14;
constexpr std::size_t kUserColumn = 12;
constexpr std::size_t kDetailIndent = kPhaseColumn + kTimeColumn + 2;
constexpr std::size_t kShownNames = 8;

Colour severity_colour(Severity severity) noexcept {
  switch (severity) {
    case Severity::kCritical:
      return Colour::kMagenta;
    case Severity::kHigh:
      return Colour::kRed;
    case Severity::kMedium:
      return Colour::kYellow;
    case Severity::kLow:
      break;
  }
  return Colour::kNone;
}

Colour level_colour(plan::Level level) noexcept {
  switch (level) {
    case plan::Level::kCritical:
      return Colour::kMagenta;
    case plan::Level::kHigh:
      return Colour::kRed;
    case plan::Level::kMedium:
      return Colour::kYellow;
    default:
      return Colour::kNone;
  }
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

// "2026-03-02 08:11:04"
std::string clock_text(Timestamp time) {
  std::string text = format_iso8601(time).substr(0, 19);
  text[10] = ' ';
  return text;
}

std::string first_of(const Detection& detection, EntityType type) {
  for (const Entity& entity : detection.entities) {
    if (entity.type == type && !entity.value.empty()) return printable(entity.value);
  }
  return "-";
}

// A person before an account that everybody shares.
std::string user_of(const Detection& detection) {
  for (const Entity& entity : detection.entities) {
    if (entity.type == EntityType::kUser && !is_static_hub(entity)) return printable(entity.value);
  }
  return first_of(detection, EntityType::kUser);
}

std::string joined(const std::vector<std::string>& names, std::size_t limit) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < limit; ++i) {
    if (i > 0) out += ", ";
    out += printable(names[i]);
  }
  if (names.size() > limit) out += " and " + std::to_string(names.size() - limit) + " more";
  return out.empty() ? "-" : out;
}

std::string technique_text(const std::string& id, const attack::AttackCatalog& attack) {
  const attack::Technique* technique = attack.technique(id);
  if (technique == nullptr) return id;
  const attack::Technique* parent =
      technique->parent.empty() ? nullptr : attack.technique(technique->parent);
  std::string name = parent == nullptr ? technique->name : parent->name + ": " + technique->name;
  return id + " " + name;
}

// The steps that one line of the timeline stands for.
struct Line {
  std::size_t first = 0;  // index into chain.steps
  std::size_t count = 0;
  Timestamp last = kNoTime;
};

std::vector<Line> fold_lines(const Chain& chain, const std::vector<Detection>& detections) {
  std::vector<Line> lines;
  std::map<std::tuple<std::string, std::string, int>, std::size_t> known;
  for (std::size_t i = 0; i < chain.steps.size(); ++i) {
    const Step& step = chain.steps[i];
    const int phase = step.has_phase ? static_cast<int>(step.phase) : -1;
    const auto key =
        std::tuple(detections[i].rule_id, first_of(detections[i], EntityType::kHost), phase);
    const auto [entry, is_new] = known.emplace(key, lines.size());
    if (is_new) lines.push_back({i, 0, step.time});
    Line& line = lines[entry->second];
    ++line.count;
    line.last = step.time;
  }
  return lines;
}

class PageWriter {
 public:
  PageWriter(const Chain& chain, const std::vector<Detection>& detections,
             const attack::AttackCatalog& attack, const TextStyle& style)
      : chain_(chain), detections_(detections), attack_(attack), style_(style) {
    for (std::size_t i = 0; i < chain.steps.size(); ++i) {
      step_of_.emplace(chain.steps[i].detection, i);
    }
  }

  std::string write() {
    write_head();
    write_timeline();
    write_phases();
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { out_.append(text).push_back('\n'); }

  void detail(std::string_view label, const std::string& text, Colour colour = Colour::kNone) {
    const std::size_t used = kDetailIndent + 10;
    const std::size_t room = style_.width > used + 20 ? style_.width - used : 20;
    line(std::string(kDetailIndent, ' ') + style_.paint(Colour::kDim, column(label, 9)) + " " +
         style_.paint(colour, fit(text, room)));
  }

  void write_head() {
    std::set<std::string> rules;
    for (const Detection& detection : detections_) rules.insert(detection.rule_id);
    line(style_.paint(Colour::kBold, "Incident " + chain_.id.hex()) + "  " +
         style_.paint(severity_colour(chain_.severity),
                      upper(incident::severity_name(chain_.severity))) +
         "  score " + std::to_string(chain_.score / 10) + "." + std::to_string(chain_.score % 10));
    line("  when    " + clock_text(chain_.first) + " to " + clock_text(chain_.last) + " UTC (" +
         duration_text(chain_.last - chain_.first) + ")");
    line("  hosts   " + joined(chain_.hosts, kShownNames));
    line("  users   " + joined(chain_.users, kShownNames));
    line("  steps   " + grouped(chain_.steps.size()) + " detections of " +
         std::to_string(rules.size()) + " rules, " + std::to_string(chain_.techniques.size()) +
         " techniques");
    std::string tactics;
    for (const std::string& id : tactics_in_order(detections_)) {
      const attack::Tactic* tactic = attack_.tactic(id);
      if (!tactics.empty()) tactics += " > ";
      tactics += id + (tactic == nullptr ? "" : " " + tactic->name);
    }
    if (!tactics.empty()) line("  tactics " + tactics);
    line("");
  }

  void write_timeline() {
    line(style_.paint(Colour::kDim, column("PHASE", kPhaseColumn) + column("TIME", kTimeColumn) +
                                        column("HOST", kHostColumn) + " " +
                                        column("USER", kUserColumn) + " WHAT"));
    std::string shown_phase;
    std::string shown_day;
    for (const Line& entry : fold_lines(chain_, detections_)) {
      write_step(entry, shown_phase, shown_day);
    }
  }

  void write_step(const Line& entry, std::string& shown_phase, std::string& shown_day) {
    const Step& step = chain_.steps[entry.first];
    const Detection& detection = detections_[entry.first];
    const std::string when = clock_text(step.time);
    if (when.substr(0, 10) != shown_day) {
      shown_day = when.substr(0, 10);
      line(style_.paint(Colour::kDim, "-- " + shown_day + " --"));
    }
    std::string phase(step.has_phase ? attack::phase_info(step.phase).name : "(no phase)");
    if (step.inferred) phase += " ?";
    const std::string label = phase == shown_phase ? "" : phase;
    shown_phase = phase;
    line(style_.paint(Colour::kCyan, column(label, kPhaseColumn - 1)) + " " +
         column(when.substr(11), kTimeColumn - 1) + " " +
         column(first_of(detection, EntityType::kHost), kHostColumn) + " " +
         column(user_of(detection), kUserColumn) + " " +
         style_.paint(level_colour(detection.level), printable(detection.rule_title)) + " [" +
         std::string(plan::level_name(detection.level)) + "]" + repeat_text(entry));
    for (const std::string& id : detection.techniques) {
      detail("technique", technique_text(id, attack_));
    }
    for (std::size_t i = 0; i < detection.telling.size() && i < 2; ++i) {
      const incident::TellingField& field = detection.telling[i];
      detail("saw", (field.name.empty() ? "" : field.name + " = ") + printable(field.value));
    }
    detail("evidence",
           printable(detection.origin.source) + ":" + std::to_string(detection.origin.line) + "  " +
               printable(detection.evidence),
           Colour::kDim);
    detail("why here", reason_text(step), Colour::kDim);
  }

  [[nodiscard]] std::string reason_text(const Step& step) const {
    if (step.join.parent.is_zero()) return "opens the chain";
    std::string reason = "shares ";
    reason += incident::entity_type_name(step.join.entity.type);
    reason += " " + printable(step.join.entity.value);
    const auto parent = step_of_.find(step.join.parent);
    if (parent == step_of_.end()) return reason;
    const Detection& other = detections_[parent->second];
    return reason + " with \"" + printable(other.rule_title) + "\" at " +
           clock_text(other.time).substr(11);
  }

  [[nodiscard]] std::string repeat_text(const Line& entry) const {
    if (entry.count < 2) return "";
    return " x" + std::to_string(entry.count) + " until " + clock_text(entry.last).substr(11);
  }

  void write_phases() {
    line("");
    line(style_.paint(Colour::kDim, "X-Force IRIS phases (# seen, ? inferred, . not seen)"));
    for (const std::string_view framework : {"preparation", "execution"}) {
      std::string text;
      for (const attack::PhaseInfo& info : attack::all_phases()) {
        if (info.framework != framework) continue;
        const PhaseState state = chain_.phases[static_cast<std::size_t>(info.phase)].state;
        const std::string_view mark = state == PhaseState::kObserved   ? "#"
                                      : state == PhaseState::kInferred ? "?"
                                                                       : ".";
        if (!text.empty()) text += "  ";
        text += style_.paint(state == PhaseState::kAbsent ? Colour::kDim : Colour::kCyan,
                             std::string(mark) + " " + std::string(info.name));
      }
      line("  " + column(framework, 12) + text);
    }
  }

  const Chain& chain_;
  const std::vector<Detection>& detections_;
  const attack::AttackCatalog& attack_;
  const TextStyle& style_;
  std::unordered_map<Id128, std::size_t> step_of_;
  std::string out_;
};

}  // namespace

std::vector<std::string> tactics_in_order(const std::vector<Detection>& detections) {
  std::vector<std::string> order;
  for (const Detection& detection : detections) {
    for (const std::string& tactic : detection.tactics) {
      if (std::find(order.begin(), order.end(), tactic) == order.end()) order.push_back(tactic);
    }
  }
  return order;
}

std::string chain_page(const Chain& chain, const std::vector<Detection>& detections,
                       const attack::AttackCatalog& attack, const TextStyle& style) {
  return PageWriter(chain, detections, attack, style).write();
}

std::string chain_list_heading(const TextStyle& style) {
  return style.paint(Colour::kDim, column("INCIDENT", 33) + column("SEVERITY", 9) +
                                       column("SCORE", 8) + column("STEPS", 7) +
                                       column("FIRST (UTC)", 20) + column("LAST (UTC)", 20) +
                                       "PHASES  HOSTS") +
         "\n";
}

std::string chain_list_line(const Chain& chain, const TextStyle& style) {
  std::size_t phases = 0;
  for (const incident::PhaseSlot& slot : chain.phases) {
    phases += slot.state == PhaseState::kObserved ? 1 : 0;
  }
  const std::string score =
      std::to_string(chain.score / 10) + "." + std::to_string(chain.score % 10);
  return column(chain.id.hex(), 33) +
         style.paint(severity_colour(chain.severity),
                     column(incident::severity_name(chain.severity), 9)) +
         column(score, 8) + column(std::to_string(chain.steps.size()), 7) +
         column(clock_text(chain.first), 20) + column(clock_text(chain.last), 20) +
         column(std::to_string(phases), 8) + joined(chain.hosts, 4) + "\n";
}

}  // namespace catena::app
