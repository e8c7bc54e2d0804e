// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/pipeline/incident_store.h"

// Detections and chains for tests of incident stores. A detection's number decides everything about
// it, so that equal numbers are equal detections.
namespace catena::tests {

inline constexpr Timestamp kSampleStart = 1'599'204'585'114'000'000;  // 2020-09-04T07:29:45.114Z

inline incident::Detection sample_detection(unsigned number,
                                            std::vector<incident::Entity> also = {}) {
  incident::Detection d;
  d.event_id = hash128("event " + std::to_string(number));
  d.rule_id = "rule-" + std::to_string(number);
  d.id = incident::detection_id(d.event_id, d.rule_id);
  d.time = kSampleStart + static_cast<Timestamp>(number) * kNanosPerSecond;
  d.rule_title = "Títle with\ttab and \"quotes\" " + std::to_string(number);
  d.level = static_cast<plan::Level>(number % 5);
  d.techniques = {"T1003.001", "T1059"};
  d.tactics = {"TA0002", "TA0006"};
  d.phases = {attack::Phase::kEscalatePrivileges, attack::Phase::kExecuteObjective};
  d.contextual_phase = number % 2 == 1;
  d.product = "windows";
  d.categories = {"process_creation"};
  d.services = {"security", "sysmon"};
  d.origin = {"/var/log/a b.json", number, number * 100ULL};
  d.entities = std::move(also);
  d.entities.push_back({incident::EntityType::kProcess, "host|p" + std::to_string(number)});
  d.entities.push_back({incident::EntityType::kHost, "host"});
  std::sort(d.entities.begin(), d.entities.end());
  d.telling = {{"CommandLine", "whoami /all"}, {"", std::string("k\0w", 3)}};
  d.evidence = "{\"raw\":" + std::to_string(number) + "}";
  return d;
}

// A chain of these detections; its id is made from `name`.
inline incident::Chain sample_chain(const std::string& name,
                                    const std::vector<incident::Detection>& detections) {
  incident::Chain c;
  c.id = hash128("chain " + name);
  for (const incident::Detection& d : detections) {
    incident::Step step;
    step.detection = d.id;
    step.time = d.time;
    step.phase = d.phases.front();
    step.has_phase = true;
    step.inferred = c.steps.size() % 2 == 1;
    step.background = c.steps.size() % 3 == 1;
    if (!c.steps.empty()) {
      step.join = {c.steps.front().detection, {incident::EntityType::kHost, "host"}, 32'768};
    }
    c.steps.push_back(step);
  }
  std::sort(c.steps.begin(), c.steps.end(), [](const incident::Step& a, const incident::Step& b) {
    return std::pair(a.time, a.detection) < std::pair(b.time, b.detection);
  });
  if (!c.steps.empty()) {
    c.first = c.steps.front().time;
    c.last = c.steps.back().time;
  }
  c.inferences = {{attack::Phase::kDetermineObjective,
                   incident::InferenceRule::kObjectiveFromEffect, hash128("witness"), Id128()}};
  c.launch = incident::LaunchOutcome::kPartial;
  c.score = static_cast<std::uint32_t>(detections.size()) * 100;
  c.severity = incident::Severity::kHigh;
  c.hosts = {"host"};
  c.users = {"alice", "corp\\bob"};
  c.techniques = {"T1003.001", "T1059"};
  incident::PhaseSlot& slot =
      c.phases[static_cast<std::size_t>(attack::Phase::kEscalatePrivileges)];
  slot = {incident::PhaseState::kObserved, c.first, c.last,
          static_cast<std::uint32_t>(detections.size())};
  return c;
}

inline bool same(const incident::Detection& a, const incident::Detection& b) {
  const auto fields = [](const incident::Detection& d) {
    return std::tie(d.id, d.event_id, d.time, d.rule_id, d.rule_title, d.level, d.techniques,
                    d.tactics, d.phases, d.contextual_phase, d.product, d.categories, d.services,
                    d.origin.source, d.origin.line, d.origin.offset, d.entities, d.evidence);
  };
  const auto same_telling = [](const incident::TellingField& x, const incident::TellingField& y) {
    return x.name == y.name && x.value == y.value;
  };
  return fields(a) == fields(b) && std::equal(a.telling.begin(), a.telling.end(), b.telling.begin(),
                                              b.telling.end(), same_telling);
}

inline bool same(const incident::Step& a, const incident::Step& b) {
  return a.detection == b.detection && a.time == b.time && a.phase == b.phase &&
         a.has_phase == b.has_phase && a.inferred == b.inferred && a.background == b.background &&
         a.join.parent == b.join.parent && a.join.entity == b.join.entity &&
         a.join.weight == b.join.weight;
}

inline bool same(const incident::Chain& a, const incident::Chain& b) {
  const auto fields = [](const incident::Chain& c) {
    return std::tie(c.id, c.first, c.last, c.score, c.severity, c.hosts, c.users, c.techniques,
                    c.inferences, c.launch, c.objective_imminent);
  };
  const auto same_slot = [](const incident::PhaseSlot& x, const incident::PhaseSlot& y) {
    return x.state == y.state && x.first == y.first && x.last == y.last && x.steps == y.steps;
  };
  return fields(a) == fields(b) &&
         std::equal(a.phases.begin(), a.phases.end(), b.phases.begin(), same_slot) &&
         std::equal(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(),
                    [](const incident::Step& x, const incident::Step& y) { return same(x, y); });
}

}  // namespace catena::tests
