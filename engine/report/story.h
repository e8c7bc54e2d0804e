// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/attack/attack_catalog.h"
#include "engine/incident/chain.h"
#include "engine/incident/detection.h"

// Story: a finished chain with the detections of its steps, as every report reads it. StoryView
// folds repetitions into lines (one rule on one host in one phase), finds the step that a step
// joined and puts reasons into words. It decides nothing about the chain and escapes nothing: the
// text is event text, and each report makes it safe in its own way. Thread safety: const methods
// may run concurrently. Cost: O(steps) once; at most ChainBuilder::kMaxSteps of them.
namespace catena::report {

struct Story {
  incident::Chain chain;
  std::vector<incident::Detection> detections;  // parallel to chain.steps
};

// Steps that read as one: the same rule, host and phase. In the order of their first steps.
struct StoryLine {
  std::vector<std::size_t> steps;  // indices into chain.steps, ascending; never empty
  Timestamp last = kNoTime;
  std::string host;  // "" when the event names none
  std::string user;  // a person before an account that everybody shares; "" when none
  [[nodiscard]] std::size_t first() const noexcept { return steps.front(); }
};

class StoryView {
 public:
  // Both must outlive the view.
  StoryView(const Story& story, const attack::AttackCatalog& attack);

  [[nodiscard]] const incident::Chain& chain() const noexcept { return story_.chain; }
  [[nodiscard]] const incident::Detection& detection(std::size_t step) const {
    return story_.detections[step];
  }
  [[nodiscard]] const std::vector<incident::Detection>& detections() const noexcept {
    return story_.detections;
  }
  [[nodiscard]] const std::vector<StoryLine>& lines() const noexcept { return lines_; }
  [[nodiscard]] std::size_t line_of(std::size_t step) const { return line_of_[step]; }
  [[nodiscard]] const attack::AttackCatalog& attack() const noexcept { return attack_; }

  // The step of a detection; nullopt when it is not in the chain.
  [[nodiscard]] std::optional<std::size_t> step_of(const Id128& detection) const;
  // The earlier step that a step joined; nullopt for one that opened the chain.
  [[nodiscard]] std::optional<std::size_t> parent_of(std::size_t step) const;
  // "shares ip 203.0.113.66 with "Vulnerability Scanner" at 08:41:09", "opens the chain".
  [[nodiscard]] std::string reason(std::size_t step) const;
  // "Move laterally", with " ?" behind it when it was inferred; "(no phase)".
  [[nodiscard]] std::string phase_name(std::size_t step) const;
  // "T1003.001 OS Credential Dumping: LSASS Memory"; the id alone when nothing is known of it.
  [[nodiscard]] std::string technique_name(const std::string& id) const;
  // Tactic ids of the steps in order of first appearance.
  [[nodiscard]] std::vector<std::string> tactics() const;
  // Distinct rules of the steps.
  [[nodiscard]] std::size_t rule_count() const;

 private:
  void fold();

  const Story& story_;
  const attack::AttackCatalog& attack_;
  std::vector<StoryLine> lines_;
  std::vector<std::size_t> line_of_;  // by step
  std::unordered_map<Id128, std::size_t> step_of_;
};

// The first entity of a type; "" when there is none.
[[nodiscard]] std::string first_entity(const incident::Detection& detection,
                                       incident::EntityType type);
[[nodiscard]] std::string user_of(const incident::Detection& detection);

// "2026-03-02 08:11:04", UTC.
[[nodiscard]] std::string clock_text(Timestamp time);

// "155.6"
[[nodiscard]] std::string score_text(const incident::Chain& chain);

// What an inference rule says, in words.
[[nodiscard]] std::string_view inference_meaning(incident::InferenceRule rule) noexcept;

}  // namespace catena::report
