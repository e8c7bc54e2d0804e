// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "engine/attack/attack_catalog.h"
#include "engine/base/result.h"

// Fills an AttackCatalog from tables in text: tab-separated lines, '#' starts a comment line, and a
// header line says what the lines below it are. One text may hold several tables.
//
//   attack_version                                             the version these tables express
//   tactic     shortname  name     since      until            until: last version that has it, or
//                                                              empty; a tactic with one is legacy
//   technique  name       tactics  platforms  parent  status   status: current or deprecated;
//                                                              lists are separated by commas
//   rename     name                                            a newer name of a known technique
//   retactic   tactics                                         the newer tactics of one
//   forward    successor                                       an id that was replaced
//   iris       phases                                          technique id or tactic short name;
//                                                              phase codes, primary first; CTX:
//                                                              the context decides
//
// The tables of one call are one set: their order does not matter and an id that is given twice is
// an error. A later call replaces what it names again, so a newer ATT&CK release goes on top.
// Reads no files. Thread safety: pure function of its arguments.
namespace catena::rules {

struct AttackTable {
  std::string name;  // for error messages, "attack/techniques.tsv"
  std::string_view text;
};

// Limits of one call.
inline constexpr std::size_t kMaxAttackTableBytes = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t kMaxAttackRows = 100'000;
inline constexpr std::size_t kMaxAttackFieldBytes = 1024;
inline constexpr std::size_t kMaxAttackListItems = 64;  // tactics, platforms or phases of one row

// kInvalidInput with "name:line: reason" for a line that cannot be read, or that names a tactic,
// parent, successor or phase that nothing defines; kLimit for a table beyond the limits. The
// catalog is unchanged unless the result is ok.
Status load_attack_tables(std::span<const AttackTable> tables, attack::AttackCatalog& catalog);

}  // namespace catena::rules
