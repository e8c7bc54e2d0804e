// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

// The files that a command's arguments stand for. Thread safety: pure function of the file system.
namespace catena::app {

// Folders become every regular file below them, sorted (links to folders are not followed);
// everything else stays, "-" and what does not exist included. Fails for an unreadable folder.
[[nodiscard]] Result<std::vector<std::string>> expand_event_files(
    const std::vector<std::string>& arguments);

}  // namespace catena::app
