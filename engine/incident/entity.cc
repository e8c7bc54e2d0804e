// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/entity.h"

#include <algorithm>
#include <array>

namespace catena::incident {
namespace {

constexpr std::array<std::string_view, kEntityTypeCount> kNames = {
    "process", "ancestor", "logon", "file", "ip", "domain", "user", "host", "mail", "cloud"};

}  // namespace

std::string_view entity_type_name(EntityType type) noexcept {
  return kNames[static_cast<std::size_t>(type)];
}

std::optional<EntityType> parse_entity_type(std::string_view name) noexcept {
  const auto* const found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) {
    return std::nullopt;
  }
  return static_cast<EntityType>(found - kNames.begin());
}

std::uint64_t entity_key(const Entity& entity) {
  const EntityType space =
      entity.type == EntityType::kAncestor ? EntityType::kProcess : entity.type;
  std::string keyed;
  keyed.reserve(entity.value.size() + 1);
  keyed.push_back(static_cast<char>(space));
  keyed.append(entity.value);
  return hash64(keyed);
}

}  // namespace catena::incident
