// SPDX-License-Identifier: Apache-2.0
#include "engine/report/html_text.h"

#include <algorithm>

#include "engine/base/display_text.h"

namespace catena::report {

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

std::string markdown_text(std::string_view text) {
  // ':' and '@' keep URLs and mail addresses from becoming links where renderers make them.
  constexpr std::string_view kMarkup = "\\`*_{}[]<>()#+-!|~:@&$";
  std::string out;
  for (const char c : printable(text)) {
    if (kMarkup.find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  std::string shown = printable(text);
  if (shown.empty()) return "` `";
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : shown) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  // A bar would end a table's cell even between backticks.
  std::string out;
  for (const char c : shown) {
    if (c == '|') out.push_back('\\');
    out.push_back(c);
  }
  return fence + " " + out + " " + fence;
}

}  // namespace catena::report
