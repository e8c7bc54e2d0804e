// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/base/text_fold.h"

// JSON string bodies (RFC 8259, section 7) and the text that they stand for. Most values of a log
// are never looked at, so decoders hand bodies on as they are and whoever needs the text makes it.
// "Simple" bodies hold no escape but \" \\ \/ \b \f \n \r \t, all of them well-formed.
// Thread safety: pure functions. Cost: one pass, 16 bytes at a time between escapes.
namespace catena {

// Readable bytes that lie behind a simple body, and writable bytes behind its text: blocks are read
// and written whole.
inline constexpr std::size_t kEscapePadding = 16;

// Appends the text of any body. A lone surrogate becomes U+FFFD.
// False for an escape that does not exist; `out` then holds a part.
bool append_unescaped(std::string_view body, std::string& out);

// The text of a simple body; `out` has room for body.size() + kEscapePadding bytes. Returns the
// bytes of the text.
std::size_t unescape_simple(char* out, std::string_view body) noexcept;

// fold_into(unescape_simple(body)) in one pass; `out` has room for
// folded_capacity(body.size()) + kEscapePadding bytes.
std::size_t fold_simple(char* out, std::string_view body) noexcept;

}  // namespace catena
