// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// The two parts of JSON's grammar (RFC 8259) that are checked apart from its structure.
// Thread safety: pure functions.
namespace catena::codec {

// True for the whole of a JSON number, of any length.
[[nodiscard]] bool is_json_number(std::string_view text) noexcept;

// Appends the text of a JSON string body (without its quotes). A lone surrogate becomes U+FFFD.
// False for an escape that does not exist; `out` then holds a part.
bool append_unescaped(std::string_view body, std::string& out);

}  // namespace catena::codec
