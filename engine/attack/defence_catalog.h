// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "engine/attack/phase.h"

// DefenceCatalog: what counters techniques, which groups are known for them, and what to do in a
// phase. Filled by rules/attack; const afterwards. Technique ids are canonical. It ranks nothing:
// engine/report does. Thread safety: const methods may run concurrently.
namespace catena::attack {

struct Mitigation {
  std::string id;                       // "M1038"
  std::string name;                     // "Execution Prevention"
  std::string meaning;                  // one sentence of ours
  std::vector<std::string> techniques;  // sorted, unique
};

struct Group {
  std::string id;                       // "G0016"
  std::string name;                     // "APT29"
  std::string aliases;                  // "IRON RITUAL, …"; "" for none
  std::vector<std::string> techniques;  // sorted, unique
};

struct DefenceCatalog {
  std::vector<Mitigation> mitigations;                         // by id
  std::vector<Group> groups;                                   // by id
  std::array<std::vector<std::string>, kPhaseCount> advice{};  // most urgent first
};

}  // namespace catena::attack
