// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/detection.h"

#include <tuple>

namespace catena::incident {

bool earlier(const Detection& a, const Detection& b) noexcept {
  return std::tie(a.time, a.id) < std::tie(b.time, b.id);
}

Detection without_evidence(const Detection& detection) {
  Detection slim = detection;
  slim.evidence = {};
  slim.telling = {};
  slim.rule_title = {};
  slim.origin = {};
  return slim;
}

Id128 detection_id(const Id128& event_id, std::string_view rule_id) {
  const auto event_bytes = event_id.bytes();
  return hash128_parts({std::string_view(event_bytes.data(), event_bytes.size()), rule_id});
}

}  // namespace catena::incident
