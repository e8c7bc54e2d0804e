// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/base/arena.h"

// Makes text valid UTF-8 by putting U+FFFD for every byte that belongs to no character, so that a
// damaged record can still be evaluated. Thread safety: pure functions.
namespace catena::codec {

// A valid copy of `text` in the arena with `padding` readable zero bytes behind it.
[[nodiscard]] std::string_view repair_utf8(std::string_view text, std::size_t padding,
                                           Arena& arena);

// The longest prefix of `text` of at most `bytes` bytes that does not cut a character.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes) noexcept;

// True when so many bytes are control characters that this is no text.
[[nodiscard]] bool looks_binary(std::string_view text) noexcept;

}  // namespace catena::codec
