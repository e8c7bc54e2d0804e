// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/evtx/problem.h"

// Values of binary XML ([MS-EVEN6] 2.2.12, types; [MS-DTYP] for GUID, SID, FILETIME and SYSTEMTIME)
// as text, the way JSON exports of event logs write them: decimal numbers, hexadecimal ones with
// 0x and small letters, GUIDs in capitals without braces, bytes in capitals without spaces, times
// in ISO 8601 with six digits behind the second (the seventh of a FILETIME is cut off).
// Thread safety: pure functions. Cost: linear in the value.
namespace catena::evtx {

enum class ValueType : std::uint8_t {
  kNull = 0x00,
  kString = 0x01,
  kAnsiString = 0x02,
  kInt8 = 0x03,
  kUInt8 = 0x04,
  kInt16 = 0x05,
  kUInt16 = 0x06,
  kInt32 = 0x07,
  kUInt32 = 0x08,
  kInt64 = 0x09,
  kUInt64 = 0x0A,
  kReal32 = 0x0B,
  kReal64 = 0x0C,
  kBool = 0x0D,
  kBinary = 0x0E,
  kGuid = 0x0F,
  kSize = 0x10,
  kFileTime = 0x11,
  kSystemTime = 0x12,
  kSid = 0x13,
  kHexInt32 = 0x14,
  kHexInt64 = 0x15,
  kBinaryXml = 0x21,
};
inline constexpr std::uint8_t kArrayFlag = 0x80;  // on top of a type: an array of it

// True for what JSON writes without quotes.
[[nodiscard]] bool is_literal(ValueType type) noexcept;

// The size of every value of a type, 0 where it varies (and for types that are not values).
[[nodiscard]] std::size_t fixed_size(ValueType type) noexcept;

// Appends one value as the body of a JSON string. Strings end at their first NUL. kValueSize,
// kUnknownValueType.
[[nodiscard]] Problem append_value(ValueType type, std::string_view bytes, std::string& body);

// Cuts an array of `type` into the bytes of its items, at most `max_items`. Strings are separated
// by NUL. kValueSize when the items do not fill the array, kUnknownValueType, kTooManyElements.
[[nodiscard]] Problem split_array(ValueType type, std::string_view bytes, std::size_t max_items,
                                  std::vector<std::string_view>& items);

}  // namespace catena::evtx
