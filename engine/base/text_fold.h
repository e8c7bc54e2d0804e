// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Case folding as Sigma needs it: Unicode simple case folding, code point by code point, so that
// "KELVIN" written with U+212A equals "kelvin", while 'İ' (U+0130) and 'ß' stay themselves. Not
// full folding: one code point never becomes two. Bytes that are not UTF-8 are kept as they are.
// Thread safety: pure functions. Cost: one pass; ASCII runs need no table.
namespace catena {

// Appends the folded form of `text` to `out`. The folded form can be shorter or longer in bytes.
void append_folded(std::string& out, std::string_view text);
[[nodiscard]] std::string folded(std::string_view text);

// Folds into `out`, which has room for folded_capacity(text.size()) bytes; returns the bytes
// written.
std::size_t fold_into(char* out, std::string_view text) noexcept;
// No code point grows by more than half when folded (U+023A: two bytes become three).
[[nodiscard]] constexpr std::size_t folded_capacity(std::size_t bytes) noexcept {
  return bytes + bytes / 2 + 4;
}

// Folds the one code point (or stray byte) that starts at text[0]; text is not empty. Sets `read`
// to the bytes it takes and returns the bytes written, at most folded_capacity(read).
std::size_t fold_one(char* out, std::string_view text, std::size_t& read) noexcept;

// Names the table of foldings: texts folded with another one may differ.
[[nodiscard]] std::string_view fold_table_version() noexcept;

// Length in bytes of the code point that starts at text[0]; 1 for a byte that starts none.
[[nodiscard]] std::size_t code_point_length(std::string_view text) noexcept;

// True when `text` is valid UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace catena
