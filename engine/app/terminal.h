// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/display_text.h"

// What the program may do on its output: colour only on a terminal and unless NO_COLOR is set,
// lines that fit. What may be on them at all is engine/base/display_text.h. Thread safety: pure
// functions, but for detect_style (reads the environment).
namespace catena::app {

enum class Colour : std::uint8_t { kNone, kDim, kBold, kRed, kYellow, kGreen, kCyan, kMagenta };

struct TextStyle {
  bool colour = false;
  unsigned width = 120;  // columns; at least kMinWidth
  static constexpr unsigned kMinWidth = 60;
  static constexpr unsigned kPipeWidth = 100;

  // `text` in that colour, or as it is.
  [[nodiscard]] std::string paint(Colour wanted, std::string_view text) const;
};

// For a file descriptor (1: standard output).
[[nodiscard]] TextStyle detect_style(int file_descriptor);
[[nodiscard]] bool is_terminal(int file_descriptor);

using catena::column;
using catena::duration_text;
using catena::fit;
using catena::grouped;
using catena::printable;
using catena::wrapped;

}  // namespace catena::app
