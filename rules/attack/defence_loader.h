// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "engine/attack/attack_catalog.h"
#include "engine/attack/defence_catalog.h"
#include "rules/attack/attack_loader.h"

// Fills a DefenceCatalog from tables in text, of the form of attack_loader.h:
//
//   mitigation  name     techniques
//   meaning     text                           of a mitigation
//   group       name     aliases  techniques
//   advice      text                           phase code; several rows for one phase, in order
//
// Technique ids are brought to the newest ones; ids that the catalog does not know are left out,
// since an imported ATT&CK version may have withdrawn them. Thread safety: pure function. Errors:
// kInvalidInput or kLimit with "table:line: reason"; nothing is kept then.
namespace catena::rules {

inline constexpr std::size_t kMaxDefenceTableBytes = std::size_t{4} * 1024 * 1024;
inline constexpr std::size_t kMaxDefenceRows = 20'000;  // of all tables
inline constexpr std::size_t kMaxDefenceFieldBytes = 16 * 1024;
inline constexpr std::size_t kMaxDefenceTechniques = 2'000;  // of one row

[[nodiscard]] Status load_defence_tables(std::span<const AttackTable> tables,
                                         const attack::AttackCatalog& attack,
                                         attack::DefenceCatalog& defence);

}  // namespace catena::rules
