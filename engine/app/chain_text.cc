// SPDX-License-Identifier: Apache-2.0
#include "engine/app/chain_text.h"

#include <algorithm>

namespace catena::app {
namespace {

using incident::Chain;
using incident::Detection;
using incident::PhaseState;
using incident::Severity;
using report::clock_text;
using report::StoryLine;
using report::StoryView;

constexpr std::size_t kTimeColumn = 10;
constexpr std::size_t kHostColumn = 14;
constexpr std::size_t kUserColumn = 12;
constexpr std::size_t kDetailIndent = 2 + kTimeColumn;
constexpr std::size_t kLabelColumn = 10;
constexpr std::size_t kShownNames = 8;
// Of lists: digits that make an id unique enough to type, and a blank.
constexpr std::size_t kIdColumn = 13;
constexpr std::size_t kStateColumn = 15;

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

std::string joined(const std::vector<std::string>& names, std::size_t limit) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < limit; ++i) {
    if (i > 0) out += ", ";
    out += printable(names[i]);
  }
  if (names.size() > limit) out += " and " + std::to_string(names.size() - limit) + " more";
  return out.empty() ? "-" : out;
}

class PageWriter {
 public:
  PageWriter(const StoryView& view, const ChainCase& known, const TextStyle& style)
      : view_(view), chain_(view.chain()), known_(known), style_(style) {}

  std::string write() {
    write_head();
    write_timeline();
    write_phases();
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { out_.append(text).push_back('\n'); }

  void detail(std::string_view label, const std::string& text, Colour colour = Colour::kNone) {
    const std::size_t used = kDetailIndent + kLabelColumn;
    const std::size_t room = style_.width > used + 20 ? style_.width - used : 20;
    line(std::string(kDetailIndent, ' ') + style_.paint(Colour::kDim, column(label, kLabelColumn)) +
         style_.paint(colour, fit(text, room)));
  }

  // "  users   …": one fact, as many lines as it takes.
  void fact(std::string_view label, const std::string& text) {
    std::string start = "  " + column(label, 8);
    for (const std::string& part : wrapped(text, style_.width - start.size())) {
      line(start + part);
      start.assign(start.size(), ' ');
    }
  }

  void write_head() {
    line(style_.paint(Colour::kBold, "Incident " + chain_.id.hex()) + "  " +
         style_.paint(severity_colour(chain_.severity),
                      upper(incident::severity_name(chain_.severity))) +
         "  score " + report::score_text(chain_));
    if (known_.state != casework::CaseState::kOpen || !known_.decisions.empty()) {
      fact("state", std::string(casework::case_state_name(known_.state)));
    }
    fact("when", clock_text(chain_.first) + " to " + clock_text(chain_.last) + " UTC (" +
                     duration_text(chain_.last - chain_.first) + ")");
    fact("hosts", joined(chain_.hosts, kShownNames));
    fact("users", joined(chain_.users, kShownNames));
    fact("steps", grouped(chain_.steps.size()) + " detections of " +
                      std::to_string(view_.rule_count()) + " rules, " +
                      std::to_string(chain_.techniques.size()) + " techniques");
    std::string tactics;
    for (const std::string& id : view_.tactics()) {
      const attack::Tactic* tactic = view_.attack().tactic(id);
      if (!tactics.empty()) tactics += " > ";
      tactics += id + (tactic == nullptr ? "" : " " + tactic->name);
    }
    if (!tactics.empty()) fact("tactics", tactics);
    for (const casework::Decision& decision : known_.decisions) {
      fact("log", decision_text(decision));
    }
    line("");
  }

  void write_timeline() {
    line(style_.paint(Colour::kDim, "  " + column("TIME", kTimeColumn) +
                                        column("HOST", kHostColumn) + " " +
                                        column("USER", kUserColumn) + " WHAT"));
    std::string shown_phase;
    std::string shown_day;
    for (const StoryLine& told : view_.lines()) write_step(told, shown_phase, shown_day);
  }

  void write_step(const StoryLine& told, std::string& shown_phase, std::string& shown_day) {
    const Detection& detection = view_.detection(told.first());
    const std::string when = clock_text(chain_.steps[told.first()].time);
    if (when.substr(0, 10) != shown_day) {
      shown_day = when.substr(0, 10);
      shown_phase.clear();
      line(style_.paint(Colour::kDim, "-- " + shown_day + " --"));
    }
    const std::string phase = view_.phase_name(told.first());
    if (phase != shown_phase) line(style_.paint(Colour::kCyan, phase));
    shown_phase = phase;
    const std::string end =
        " [" + std::string(plan::level_name(detection.level)) + "]" + repeat_text(told);
    const std::size_t used = 2 + kTimeColumn + kHostColumn + 1 + kUserColumn + 1 + end.size();
    const std::size_t room = style_.width > used + 20 ? style_.width - used : 20;
    line("  " + column(when.substr(11), kTimeColumn) + column(shown(told.host), kHostColumn) + " " +
         column(shown(told.user), kUserColumn) + " " +
         style_.paint(level_colour(detection.level), fit(printable(detection.rule_title), room)) +
         end);
    for (const std::string& id : detection.techniques) {
      detail("technique", view_.technique_name(id));
    }
    for (std::size_t i = 0; i < detection.telling.size() && i < 2; ++i) {
      const incident::TellingField& field = detection.telling[i];
      detail("saw", (field.name.empty() ? "" : field.name + " = ") + printable(field.value));
    }
    detail("evidence",
           printable(detection.origin.source) + ":" + std::to_string(detection.origin.line) + "  " +
               printable(detection.evidence),
           Colour::kDim);
    detail("why here", printable(view_.reason(told.first())), Colour::kDim);
  }

  [[nodiscard]] static std::string shown(const std::string& text) {
    return text.empty() ? "-" : printable(text);
  }

  [[nodiscard]] static std::string repeat_text(const StoryLine& told) {
    if (told.steps.size() < 2) return "";
    return " x" + std::to_string(told.steps.size()) + " until " + clock_text(told.last).substr(11);
  }

  void write_phases() {
    line("");
    line(style_.paint(Colour::kDim, "X-Force IRIS phases (# seen, ? inferred, . not seen)"));
    for (const std::string_view framework : {"preparation", "execution"}) {
      std::string start = "  " + column(framework, 12);
      std::size_t used = start.size();
      std::string text = start;
      for (const attack::PhaseInfo& info : attack::all_phases()) {
        if (info.framework != framework) continue;
        const PhaseState state = chain_.phases[static_cast<std::size_t>(info.phase)].state;
        const std::string mark = state == PhaseState::kObserved   ? "# "
                                 : state == PhaseState::kInferred ? "? "
                                                                  : ". ";
        if (used + mark.size() + info.name.size() > style_.width) {
          line(text);
          text.assign(start.size(), ' ');
          used = start.size();
        }
        text += style_.paint(state == PhaseState::kAbsent ? Colour::kDim : Colour::kCyan,
                             mark + std::string(info.name)) +
                "  ";
        used += mark.size() + info.name.size() + 2;
      }
      text.erase(text.find_last_not_of(' ') + 1);
      line(text);
    }
  }

  const StoryView& view_;
  const Chain& chain_;
  const ChainCase& known_;
  const TextStyle& style_;
  std::string out_;
};

}  // namespace

std::string decision_text(const casework::Decision& decision) {
  std::string text = clock_text(decision.time) + " " + printable(decision.author) + ": ";
  switch (decision.kind) {
    case casework::DecisionKind::kState:
      text += std::string(casework::case_state_name(decision.state));
      break;
    case casework::DecisionKind::kCut:
      text += "cut out " + grouped(decision.detections.size()) +
              (decision.detections.size() == 1 ? " step" : " steps");
      break;
    case casework::DecisionKind::kMerge:
      text += "merged two chains";
      break;
    case casework::DecisionKind::kNote:
      return text + printable(decision.note);
  }
  return decision.note.empty() ? text : text + " (" + printable(decision.note) + ")";
}

std::string chain_page(const StoryView& view, const ChainCase& known, const TextStyle& style) {
  return PageWriter(view, known, style).write();
}

std::string chain_list_heading(const TextStyle& style, bool with_state) {
  return style.paint(Colour::kDim, column("INCIDENT", kIdColumn) + column("SEVERITY", 9) +
                                       column("SCORE", 7) + column("STEPS", 6) +
                                       column("FIRST (UTC)", 20) + column("TOOK", 12) +
                                       (with_state ? column("STATE", kStateColumn) : "") +
                                       column("PH", 4) + "HOSTS") +
         "\n";
}

std::string chain_list_line(const Chain& chain, std::string_view state, const TextStyle& style) {
  std::size_t phases = 0;
  for (const incident::PhaseSlot& slot : chain.phases) {
    phases += slot.state == PhaseState::kObserved ? 1 : 0;
  }
  const std::size_t used = kIdColumn + 9 + 7 + 6 + 20 + 12 + 4 + (state.empty() ? 0 : kStateColumn);
  const std::size_t room = style.width > used + 8 ? style.width - used : 8;
  return column(chain.id.hex().substr(0, kIdColumn - 1), kIdColumn) +
         style.paint(severity_colour(chain.severity),
                     column(incident::severity_name(chain.severity), 9)) +
         column(report::score_text(chain), 7) + column(std::to_string(chain.steps.size()), 6) +
         column(clock_text(chain.first), 20) + column(duration_text(chain.last - chain.first), 12) +
         (state.empty() ? "" : column(state, kStateColumn)) + column(std::to_string(phases), 4) +
         fit(joined(chain.hosts, 4), room) + "\n";
}

}  // namespace catena::app
