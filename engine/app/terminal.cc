// SPDX-License-Identifier: Apache-2.0
#include "engine/app/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace catena::app {
namespace {

std::string_view escape_code(Colour colour) noexcept {
  switch (colour) {
    case Colour::kDim:
      return "\x1b[2m";
    case Colour::kBold:
      return "\x1b[1m";
    case Colour::kRed:
      return "\x1b[31m";
    case Colour::kYellow:
      return "\x1b[33m";
    case Colour::kGreen:
      return "\x1b[32m";
    case Colour::kCyan:
      return "\x1b[36m";
    case Colour::kMagenta:
      return "\x1b[35m";
    case Colour::kNone:
      break;
  }
  return "";
}

}  // namespace

std::string TextStyle::paint(Colour wanted, std::string_view text) const {
  if (!colour || wanted == Colour::kNone) return std::string(text);
  return std::string(escape_code(wanted)).append(text).append("\x1b[0m");
}

bool is_terminal(int file_descriptor) { return isatty(file_descriptor) == 1; }

TextStyle detect_style(int file_descriptor) {
  TextStyle style;
  if (!is_terminal(file_descriptor)) {
    style.width = TextStyle::kPipeWidth;
    return style;
  }
  const char* no_colour = std::getenv("NO_COLOR");
  style.colour = no_colour == nullptr || *no_colour == '\0';
  winsize size{};
  if (ioctl(file_descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style.width = std::max<unsigned>(size.ws_col, TextStyle::kMinWidth);
  }
  return style;
}

}  // namespace catena::app
