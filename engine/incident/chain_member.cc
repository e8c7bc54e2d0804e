// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/chain_member.h"

#include <algorithm>

namespace catena::incident {

const std::string* host_of(const Detection& detection) noexcept {
  for (const Entity& entity : detection.entities) {
    if (entity.type == EntityType::kHost) return &entity.value;
  }
  return nullptr;
}

bool share_process(const Detection& a, const Detection& b) noexcept {
  const auto is_process = [](const Entity& entity) {
    return entity.type == EntityType::kProcess || entity.type == EntityType::kAncestor;
  };
  return std::any_of(a.entities.begin(), a.entities.end(), [&](const Entity& x) {
    return is_process(x) && std::any_of(b.entities.begin(), b.entities.end(), [&](const Entity& y) {
             return is_process(y) && x.value == y.value;
           });
  });
}

bool has_technique(const Detection& detection, std::string_view parent) noexcept {
  return std::any_of(
      detection.techniques.begin(), detection.techniques.end(), [&](const std::string& id) {
        return id.starts_with(parent) && (id.size() == parent.size() || id[parent.size()] == '.');
      });
}

}  // namespace catena::incident
