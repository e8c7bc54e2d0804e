// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

// The folder of a store: whether it is ours, making it, and unmaking it when that fails half-way.
// The marker file says whose folder it is and which format version is in it. It is written first
// and never changed but by an upgrade, so that a folder without one is nobody's store.
// Thread safety: pure functions of the file system.
namespace catena::storage {

inline constexpr std::string_view kMarkerName = "CATENA-STORE";

enum class FolderState : std::uint8_t {
  kMissing,  // no such path
  kEmpty,    // a folder with nothing in it, or with the rest of a marker that was not finished
  kOurs,     // has the right marker
};

struct FolderKind {
  std::string kind;
  std::uint32_t version = 0;
};

// kInvalidInput for a path that is not a folder or a folder that is not ours, kVersion for another
// version, kIo when the system refuses to say.
[[nodiscard]] Result<FolderState> inspect_folder(const std::string& path, const FolderKind& kind);

// Makes the folder when it is missing (0700) and puts the marker into it (0600), synced. On failure
// nothing that it made is left. kIo when another process does the same at this moment.
Status make_folder(const std::string& path, const FolderKind& kind, FolderState state);

// Removes everything in a folder that this process's make_folder() has just prepared, and the
// folder itself when it was missing before. Does nothing to a folder that was a store already.
void unmake_folder(const std::string& path, FolderState state_before);

}  // namespace catena::storage
