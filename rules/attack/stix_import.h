// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/attack/attack_catalog.h"
#include "engine/base/result.h"

// Reads the Enterprise ATT&CK part of a STIX 2.x bundle: techniques, tactics, and which id replaced
// which. Everything else in the bundle is passed over. It downloads nothing and decides nothing
// about phases: those stay in our own tables.
// Thread safety: pure functions. Memory: about four times the bundle while it is read.
namespace catena::rules {

// Limits of one bundle.
inline constexpr std::size_t kMaxBundleBytes = std::size_t{256} * 1024 * 1024;  // decompressed
inline constexpr std::size_t kMaxBundleObjects = 1'000'000;
inline constexpr std::size_t kMaxBundleTechniques = 20'000;
inline constexpr std::size_t kMaxBundleTactics = 200;

struct ImportedAttack {
  // The collection's version when the bundle says one, else "stix-" and the date of its newest
  // technique.
  std::string version;
  std::vector<attack::Tactic> tactics;        // in matrix order when there is a matrix, else by id
  std::vector<attack::Technique> techniques;  // by id; revoked ones are not among them
  std::map<std::string, std::string> forwards;  // revoked id -> the id that took its place
};

// kInvalidInput when the text is not a STIX bundle or a technique in it is malformed,
// kUnsupported when it holds no Enterprise ATT&CK techniques, kLimit beyond the limits.
[[nodiscard]] Result<ImportedAttack> import_stix(std::string_view json_text);

// The bundle file's text; a gzip file is decompressed. kIo when it cannot be read, kLimit when it
// is larger than kMaxBundleBytes.
[[nodiscard]] Result<std::string> read_stix_file(const std::string& path);

// The import as one text that load_attack_tables accepts on top of the built-in tables. Same
// import, same bytes.
[[nodiscard]] std::string attack_tables_text(const ImportedAttack& imported);

}  // namespace catena::rules
