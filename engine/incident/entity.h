// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/hash.h"

// Entity: a thing that two detections can have in common (a process, a logon session, a host, …).
// Role-free: the destination address of yesterday is the source address of today.
// Thread safety: value type.
namespace catena::incident {

enum class EntityType : std::uint8_t {
  kProcess,   // "host|guid", or "host|pid" where no guid is known
  kAncestor,  // same value space as kProcess: a process above the detection's own one
  kLogon,     // "host|logon id", or a logon guid
  kFile,      // "host|path", or a hash
  kIp,        // canonical text form
  kDomain,    // lower case
  kUser,      // "domain\\name", "name" or SID, lower case
  kHost,      // lower-case short name
  kMail,      // message id or recipient
  kCloud,     // cloud principal or session
  kRemote,    // what came over the network: the process on the other machine (as kProcess), the
              // session ("host|logon id"), or "host|account" there
};
inline constexpr std::size_t kEntityTypeCount = 11;

// "process", "ancestor", "logon", …: the key in JSON lines.
[[nodiscard]] std::string_view entity_type_name(EntityType type) noexcept;
[[nodiscard]] std::optional<EntityType> parse_entity_type(std::string_view name) noexcept;

struct Entity {
  EntityType type = EntityType::kHost;
  std::string value;

  friend auto operator<=>(const Entity&, const Entity&) = default;
};

// The type whose values this type's values are: an ancestor, or a process on another machine, is a
// process.
[[nodiscard]] EntityType key_space(EntityType type) noexcept;

// The key under which two detections meet.
[[nodiscard]] std::uint64_t entity_key(const Entity& entity);

}  // namespace catena::incident
