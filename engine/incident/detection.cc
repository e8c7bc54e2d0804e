// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/detection.h"

#include <tuple>

namespace catena::incident {

bool earlier(const Detection& a, const Detection& b) noexcept {
  return std::tie(a.time, a.id) < std::tie(b.time, b.id);
}

Detection without_evidence(const Detection& detection) {
  Detection slim;
  slim.id = detection.id;
  slim.event_id = detection.event_id;
  slim.time = detection.time;
  slim.rule_id = detection.rule_id;
  slim.level = detection.level;
  slim.techniques = detection.techniques;
  slim.tactics = detection.tactics;
  slim.phases = detection.phases;
  slim.contextual_phase = detection.contextual_phase;
  slim.entities = detection.entities;
  return slim;
}

Id128 detection_id(const Id128& event_id, std::string_view rule_id) {
  const auto event_bytes = event_id.bytes();
  return hash128_parts({std::string_view(event_bytes.data(), event_bytes.size()), rule_id});
}

}  // namespace catena::incident
