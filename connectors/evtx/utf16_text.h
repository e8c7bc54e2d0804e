// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Text of an event log file as the body of a JSON string (RFC 8259, section 7): UTF-8 with quotes,
// backslashes and control characters escaped. A lone surrogate becomes its \u escape, so that who
// reads the JSON decides what to do about it.
// Thread safety: pure functions. Cost: one pass.
namespace catena::evtx {

// The most bytes that one code unit becomes.
inline constexpr std::size_t kMaxBytesPerUnit = 6;

// UTF-16, little-endian; an odd last byte is left out.
void append_utf16(std::string_view bytes, std::string& body);
// Windows code page 1252, which Windows itself takes for text without a code page of its own.
void append_ansi(std::string_view bytes, std::string& body);
// ASCII without anything to escape becomes itself; else as append_utf16().
void append_code_unit(std::uint16_t unit, std::string& body);

// The bytes of UTF-16 text before its first NUL.
[[nodiscard]] std::string_view before_nul(std::string_view utf16) noexcept;

}  // namespace catena::evtx
