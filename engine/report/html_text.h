// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// Event text inside HTML, SVG and Markdown. All of it is hostile: it is first made printable
// (engine/base/display_text.h: no control, no reordering characters, no broken UTF-8), then what
// the target language reads as its own is escaped. Thread safety: pure functions.
namespace catena::report {

// Safe in element content and in a quoted attribute.
[[nodiscard]] std::string html_text(std::string_view text);

// Safe in a line or table cell of Markdown (CommonMark, GitHub tables): punctuation that can start
// markup is escaped, also what would make a link of plain text.
[[nodiscard]] std::string markdown_text(std::string_view text);

// Shown literally between backticks, whatever it holds; " " when empty.
[[nodiscard]] std::string markdown_code(std::string_view text);

}  // namespace catena::report
