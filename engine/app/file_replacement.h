// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/base/status.h"

// Replaces a file's content at once: a reader sees the old or the new content, never a part, and a
// crash leaves one of them. Thread safety: pure function.
namespace catena::app {

// The file must still hold `expected`; symbolic links are followed, the mode is kept. kIo with the
// path and the reason, also when somebody else has changed the file.
Status replace_file(const std::string& path, std::string_view expected, std::string_view content);

}  // namespace catena::app
