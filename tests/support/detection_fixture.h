// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "engine/incident/detection.h"

// Detections written down in a test: minutes since midnight, a rule, entities.
namespace catena::test {

inline incident::Detection make_detection(std::int64_t minute, const std::string& rule,
                                          std::vector<incident::Entity> entities) {
  incident::Detection detection;
  detection.time = minute * kNanosPerMinute;
  detection.event_id = hash128(rule + "@" + std::to_string(minute));
  detection.id = incident::detection_id(detection.event_id, rule);
  detection.rule_id = rule;
  detection.rule_title = rule;
  detection.level = plan::Level::kHigh;
  std::sort(entities.begin(), entities.end());
  detection.entities = std::move(entities);
  detection.origin = {"test.jsonl", static_cast<std::uint64_t>(minute), 0};
  return detection;
}

inline incident::Entity host(const std::string& name) {
  return {incident::EntityType::kHost, name};
}
inline incident::Entity ip(const std::string& address) {
  return {incident::EntityType::kIp, address};
}
inline incident::Entity user(const std::string& name) {
  return {incident::EntityType::kUser, name};
}
inline incident::Entity process(const std::string& name) {
  return {incident::EntityType::kProcess, name};
}
inline incident::Entity ancestor(const std::string& name) {
  return {incident::EntityType::kAncestor, name};
}

}  // namespace catena::test
