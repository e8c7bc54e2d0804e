// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/detection.h"

namespace catena::incident {

Id128 detection_id(const Id128& event_id, std::string_view rule_id) {
  const auto event_bytes = event_id.bytes();
  return hash128_parts({std::string_view(event_bytes.data(), event_bytes.size()), rule_id});
}

}  // namespace catena::incident
