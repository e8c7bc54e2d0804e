// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Text that people read, on a terminal, in a page or in a report: no control characters from event
// data, cut to a width in characters, numbers and times in words. Not for programs.
// Thread safety: pure functions.
namespace catena {

// Event text made safe to print: control characters and bytes that are not UTF-8 become visible
// escapes (\n, \x1b), so that a log line cannot drive the terminal.
[[nodiscard]] std::string printable(std::string_view text);

// The first `columns` code points, with "…" when cut. `text` must be printable.
[[nodiscard]] std::string fit(std::string_view text, std::size_t columns);

// Padded with blanks on the right to `columns` code points (cut when longer).
[[nodiscard]] std::string column(std::string_view text, std::size_t columns);

// Broken at blanks into lines of at most `columns` code points; a longer word is a line of its own.
// At least one line. `text` must be printable.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

// "1,234,567"
[[nodiscard]] std::string grouped(std::uint64_t value);

// "4 h 29 min", "12 s", "3 d 2 h"
[[nodiscard]] std::string duration_text(std::int64_t nanoseconds);

}  // namespace catena
