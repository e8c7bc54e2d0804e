// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace catena::app {

// The GNU build id that the linker computed over this program, as hexadecimal text: two programs
// that differ in any instruction or embedded pack differ in it. It keys what one start of the
// program keeps for the next. "" when the program was linked without one; nothing is kept then.
// Thread safety: may be called from any thread.
[[nodiscard]] std::string build_identity();

}  // namespace catena::app
