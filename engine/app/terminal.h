// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// What the program may do on its output: colour only on a terminal and unless NO_COLOR is set, no
// control characters from event data, lines that fit.
// Thread safety: pure functions, but for detect_style (reads the environment).
namespace catena::app {

enum class Colour : std::uint8_t { kNone, kDim, kBold, kRed, kYellow, kGreen, kCyan, kMagenta };

struct TextStyle {
  bool colour = false;
  unsigned width = 120;  // columns; at least kMinWidth
  static constexpr unsigned kMinWidth = 60;
  static constexpr unsigned kPipeWidth = 160;

  // `text` in that colour, or as it is.
  [[nodiscard]] std::string paint(Colour wanted, std::string_view text) const;
};

// For a file descriptor (1: standard output).
[[nodiscard]] TextStyle detect_style(int file_descriptor);
[[nodiscard]] bool is_terminal(int file_descriptor);

// Event text made safe to print: control characters and bytes that are not UTF-8 become visible
// escapes (\n, \x1b), so that a log line cannot drive the terminal.
[[nodiscard]] std::string printable(std::string_view text);

// The first `columns` code points, with "…" when cut. `text` must be printable.
[[nodiscard]] std::string fit(std::string_view text, std::size_t columns);

// Padded with blanks on the right to `columns` code points (cut when longer).
[[nodiscard]] std::string column(std::string_view text, std::size_t columns);

// "1,234,567"
[[nodiscard]] std::string grouped(std::uint64_t value);

// "4 h 29 min", "12 s", "3 d 2 h"
[[nodiscard]] std::string duration_text(std::int64_t nanoseconds);

}  // namespace catena::app
