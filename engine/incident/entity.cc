// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/entity.h"

#include <algorithm>
#include <array>

namespace catena::incident {
namespace {

constexpr std::array<std::string_view, kEntityTypeCount> kNames = {
    "process", "ancestor", "logon", "file",  "ip",    "domain",
    "user",    "host",     "mail",  "cloud", "remote"};

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

EntityType key_space(EntityType type) noexcept {
  return type == EntityType::kAncestor || type == EntityType::kRemote ? EntityType::kProcess : type;
}

std::uint64_t entity_key(const Entity& entity) {
  // An odd multiple of the type: the same text as another type is another key.
  constexpr std::uint64_t kTypeStep = 0x9E3779B97F4A7C15ULL;
  const auto space = static_cast<std::uint64_t>(key_space(entity.type));
  return hash64(entity.value) + (2 * space + 1) * kTypeStep;
}

}  // namespace catena::incident
