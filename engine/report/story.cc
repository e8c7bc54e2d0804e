// SPDX-License-Identifier: Apache-2.0
#include "engine/report/story.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "engine/incident/hub.h"

namespace catena::report {

using incident::Detection;
using incident::Entity;
using incident::EntityType;
using incident::Step;

StoryView::StoryView(const Story& story, const attack::AttackCatalog& attack)
    : story_(story), attack_(attack) {
  for (std::size_t i = 0; i < story.chain.steps.size(); ++i) {
    step_of_.emplace(story.chain.steps[i].detection, i);
  }
  fold();
}

void StoryView::fold() {
  std::map<std::tuple<std::string, std::string, int>, std::size_t> known;
  for (std::size_t i = 0; i < story_.chain.steps.size(); ++i) {
    const Step& step = story_.chain.steps[i];
    const Detection& found = story_.detections[i];
    const std::string host = first_entity(found, EntityType::kHost);
    const int phase = step.has_phase ? static_cast<int>(step.phase) : -1;
    const auto [entry, is_new] =
        known.emplace(std::tuple(found.rule_id, host, phase), lines_.size());
    if (is_new) lines_.push_back({{}, step.time, host, user_of(found)});
    StoryLine& line = lines_[entry->second];
    line.steps.push_back(i);
    line.last = step.time;
    line_of_.push_back(entry->second);
  }
}

std::optional<std::size_t> StoryView::step_of(const Id128& detection) const {
  const auto found = step_of_.find(detection);
  return found == step_of_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> StoryView::parent_of(std::size_t step) const {
  const Id128& parent = story_.chain.steps[step].join.parent;
  return parent.is_zero() ? std::nullopt : step_of(parent);
}

std::string StoryView::reason(std::size_t step) const {
  const incident::JoinEdge& join = story_.chain.steps[step].join;
  if (join.parent.is_zero()) return "opens the chain";
  const auto parent = parent_of(step);
  const bool by_hand = join.weight == 0 && join.entity.value.empty();
  std::string text = by_hand ? "was joined by hand" : "shares ";
  if (!by_hand) {
    text += incident::entity_type_name(join.entity.type);
    text += " " + join.entity.value;
  }
  if (!parent) return text;
  const Detection& other = story_.detections[*parent];
  return text + " with \"" + other.rule_title + "\" at " + clock_text(other.time).substr(11);
}

std::string StoryView::phase_name(std::size_t step) const {
  const Step& told = story_.chain.steps[step];
  std::string name(told.has_phase ? attack::phase_info(told.phase).name : "(no phase)");
  return told.inferred ? name + " ?" : name;
}

std::string StoryView::technique_name(const std::string& id) const {
  const attack::Technique* technique = attack_.technique(id);
  if (technique == nullptr) return id;
  const attack::Technique* parent =
      technique->parent.empty() ? nullptr : attack_.technique(technique->parent);
  return id + " " + (parent == nullptr ? "" : parent->name + ": ") + technique->name;
}

std::vector<std::string> StoryView::tactics() const {
  std::vector<std::string> order;
  for (const Detection& found : story_.detections) {
    for (const std::string& tactic : found.tactics) {
      if (std::find(order.begin(), order.end(), tactic) == order.end()) order.push_back(tactic);
    }
  }
  return order;
}

std::size_t StoryView::rule_count() const {
  std::set<std::string_view> rules;
  for (const Detection& found : story_.detections) rules.insert(found.rule_id);
  return rules.size();
}

std::string first_entity(const Detection& detection, EntityType type) {
  for (const Entity& entity : detection.entities) {
    if (entity.type == type && !entity.value.empty()) return entity.value;
  }
  return "";
}

std::string user_of(const Detection& detection) {
  for (const Entity& entity : detection.entities) {
    if (entity.type == EntityType::kUser && !is_static_hub(entity)) return entity.value;
  }
  return first_entity(detection, EntityType::kUser);
}

std::string clock_text(Timestamp time) {
  std::string text = format_iso8601(time).substr(0, 19);
  text[10] = ' ';
  return text;
}

std::string score_text(const incident::Chain& chain) {
  return std::to_string(chain.score / 10) + "." + std::to_string(chain.score % 10);
}

std::string_view inference_meaning(incident::InferenceRule rule) noexcept {
  // In the order of InferenceRule.
  constexpr std::array<std::string_view, incident::kInferenceRuleCount> kMeanings = {
      "what was done tells what was wanted",
      "the launch hits what was scouted before",
      "several foreign addresses do one thing",
      "a launch by another technique than the one before",
      "what a launch wants to reach was seen after it",
      "one process tree goes on after the compromise",
      "the first thing after the compromise was to stay",
      "an earlier phase again after a quiet time",
      "another technique for the same purpose, later"};
  return kMeanings[static_cast<std::size_t>(rule)];
}

}  // namespace catena::report
