// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

// The encodings of the Sigma modifiers appendix: what utf16le, utf16be, base64 and base64offset do
// to the bytes of a value. Thread safety: pure functions.
namespace catena::compile {

enum class ByteOrder : std::uint8_t { kLittle, kBig };

// UTF-8 to UTF-16 without a byte order mark. nullopt when `text` is not UTF-8.
[[nodiscard]] std::optional<std::string> to_utf16(std::string_view text, ByteOrder order);

// RFC 4648 with padding.
[[nodiscard]] std::string to_base64(std::string_view bytes);

// What of `bytes` can be read in the base64 of a longer text that holds it, when 0, 1 or 2 bytes of
// its 3-byte group stand before it: the characters that other bytes decide too are cut off.
[[nodiscard]] std::array<std::string, 3> to_base64_offsets(std::string_view bytes);

}  // namespace catena::compile
