// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/value_text.h"

#include <charconv>
#include <cstring>

#include "connectors/evtx/layout.h"
#include "connectors/evtx/utf16_text.h"

namespace catena::evtx {
namespace {

constexpr char kUpperHex[] = "0123456789ABCDEF";
constexpr std::size_t kNumberBytes = 32;  // of any number as text
constexpr std::size_t kSidHeaderBytes = 8;
constexpr std::size_t kMaxSidAuthorities = 15;  // [MS-DTYP] 2.4.2

constexpr std::uint64_t kTicksPerSecond = 10'000'000;  // of FILETIME: 100 ns
constexpr std::uint64_t kSecondsPerDay = 86'400;
constexpr std::uint64_t kMicrosPerMilli = 1000;
constexpr std::uint64_t kDaysPerEra = 146'097;      // 400 years
constexpr std::uint64_t kDaysToFileTime = 584'694;  // from 0000-03-01 to 1601-01-01

template <typename Number>
void append_number(Number number, std::string& body, int base = 10) {
  char digits[kNumberBytes];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number, base).ptr;
  body.append(digits, static_cast<std::size_t>(end - digits));
}

template <typename Real, typename Bits>
void append_real(Bits bits, std::string& body) {
  static_assert(sizeof(Real) == sizeof(Bits));
  Real real = 0;
  std::memcpy(&real, &bits, sizeof(real));
  char digits[kNumberBytes];
  const auto end = std::to_chars(digits, digits + sizeof(digits), real).ptr;
  body.append(digits, static_cast<std::size_t>(end - digits));
}

void append_hex(std::uint64_t number, std::string& body) {
  body.append("0x");
  append_number(number, body, 16);
}

void append_byte(char byte, std::string& body) {
  const auto value = static_cast<unsigned char>(byte);
  body.push_back(kUpperHex[value >> 4U]);
  body.push_back(kUpperHex[value & 0xFU]);
}

void append_guid(std::string_view bytes, std::string& body) {
  static constexpr std::size_t kOrder[] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) body.push_back('-');
    append_byte(bytes[kOrder[i]], body);
  }
}

void append_padded(std::uint64_t number, std::size_t width, std::string& body) {
  char digits[kNumberBytes];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  const auto length = static_cast<std::size_t>(end - digits);
  if (length < width) body.append(width - length, '0');
  body.append(digits, length);
}

struct Moment {
  std::uint64_t year = 0;
  std::uint64_t month = 0;
  std::uint64_t day = 0;
  std::uint64_t second = 0;  // of the day
  std::uint64_t micros = 0;
};

void append_moment(const Moment& moment, std::string& body) {
  append_padded(moment.year, 4, body);
  body.push_back('-');
  append_padded(moment.month, 2, body);
  body.push_back('-');
  append_padded(moment.day, 2, body);
  body.push_back('T');
  append_padded(moment.second / 3600, 2, body);
  body.push_back(':');
  append_padded(moment.second / 60 % 60, 2, body);
  body.push_back(':');
  append_padded(moment.second % 60, 2, body);
  body.push_back('.');
  append_padded(moment.micros, 6, body);
  body.push_back('Z');
}

// Days are counted from a 1st of March, so that the leap day is a year's last.
void append_file_time(std::uint64_t ticks, std::string& body) {
  Moment moment;
  const std::uint64_t seconds = ticks / kTicksPerSecond;
  moment.micros = ticks % kTicksPerSecond / 10;
  moment.second = seconds % kSecondsPerDay;
  const std::uint64_t days = seconds / kSecondsPerDay + kDaysToFileTime;
  const std::uint64_t in_era = days % kDaysPerEra;
  const std::uint64_t year_of_era =
      (in_era - in_era / 1460 + in_era / 36'524 - in_era / 146'096) / 365;
  const std::uint64_t in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint64_t march_month = (5 * in_year + 2) / 153;
  moment.day = in_year - (153 * march_month + 2) / 5 + 1;
  moment.month = march_month < 10 ? march_month + 3 : march_month - 9;
  moment.year = year_of_era + days / kDaysPerEra * 400 + (moment.month <= 2 ? 1 : 0);
  append_moment(moment, body);
}

// Year, month, day of the week, day, hour, minute, second, millisecond. Not checked: what an event
// holds is shown.
void append_system_time(std::string_view bytes, std::string& body) {
  append_padded(load16(bytes, 0), 4, body);
  const auto part = [&](char before, std::size_t at) {
    body.push_back(before);
    append_padded(load16(bytes, at), 2, body);
  };
  part('-', 2);
  part('-', 6);
  part('T', 8);
  part(':', 10);
  part(':', 12);
  body.push_back('.');
  append_padded(load16(bytes, 14) * kMicrosPerMilli, 6, body);
  body.push_back('Z');
}

// The bytes of the SID at the start of `bytes`, 0 when there is none.
std::size_t sid_size(std::string_view bytes) noexcept {
  if (bytes.size() < kSidHeaderBytes) return 0;
  const std::size_t authorities = load8(bytes, 1);
  const std::size_t size = kSidHeaderBytes + 4 * authorities;
  return authorities <= kMaxSidAuthorities && size <= bytes.size() ? size : 0;
}

Problem append_sid(std::string_view bytes, std::string& body) {
  if (sid_size(bytes) == 0) return Problem::kValueSize;
  body.append("S-");
  append_number(load8(bytes, 0), body);
  body.push_back('-');
  std::uint64_t authority = 0;  // the one big-endian number of the format
  for (std::size_t i = 2; i < kSidHeaderBytes; ++i) authority = authority << 8U | load8(bytes, i);
  append_number(authority, body);
  for (std::size_t at = kSidHeaderBytes; at < sid_size(bytes); at += 4) {
    body.push_back('-');
    append_number(load32(bytes, at), body);
  }
  return Problem::kNone;
}

// A value of a type that has a fixed_size(), and that size.
void append_fixed(ValueType type, std::string_view bytes, std::string& body) {
  switch (type) {
    case ValueType::kInt8:
      return append_number(load<std::int8_t>(bytes, 0), body);
    case ValueType::kUInt8:
      return append_number(load8(bytes, 0), body);
    case ValueType::kInt16:
      return append_number(load<std::int16_t>(bytes, 0), body);
    case ValueType::kUInt16:
      return append_number(load16(bytes, 0), body);
    case ValueType::kInt32:
      return append_number(load<std::int32_t>(bytes, 0), body);
    case ValueType::kUInt32:
      return append_number(load32(bytes, 0), body);
    case ValueType::kInt64:
      return append_number(load<std::int64_t>(bytes, 0), body);
    case ValueType::kUInt64:
      return append_number(load64(bytes, 0), body);
    case ValueType::kReal32:
      return append_real<float>(load32(bytes, 0), body);
    case ValueType::kReal64:
      return append_real<double>(load64(bytes, 0), body);
    case ValueType::kBool:
      body.append(load32(bytes, 0) != 0 ? "true" : "false");
      return;
    case ValueType::kHexInt32:
      return append_hex(load32(bytes, 0), body);
    case ValueType::kHexInt64:
      return append_hex(load64(bytes, 0), body);
    case ValueType::kGuid:
      return append_guid(bytes, body);
    case ValueType::kFileTime:
      return append_file_time(load64(bytes, 0), body);
    case ValueType::kSystemTime:
      return append_system_time(bytes, body);
    default:
      return;
  }
}

Problem split_strings(std::string_view bytes, std::size_t unit_bytes, std::size_t max_items,
                      std::vector<std::string_view>& items) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at + unit_bytes <= bytes.size(); at += unit_bytes) {
    if ((unit_bytes == 1 ? load8(bytes, at) : load16(bytes, at)) != 0) continue;
    if (items.size() == max_items) return Problem::kTooManyElements;
    items.push_back(bytes.substr(begin, at - begin));
    begin = at + unit_bytes;
  }
  if (begin + unit_bytes > bytes.size()) return Problem::kNone;
  if (items.size() == max_items) return Problem::kTooManyElements;
  items.push_back(bytes.substr(begin));
  return Problem::kNone;
}

}  // namespace

bool is_literal(ValueType type) noexcept {
  return (type >= ValueType::kInt8 && type <= ValueType::kUInt64) || type == ValueType::kBool;
}

std::size_t fixed_size(ValueType type) noexcept {
  switch (type) {
    case ValueType::kInt8:
    case ValueType::kUInt8:
      return 1;
    case ValueType::kInt16:
    case ValueType::kUInt16:
      return 2;
    case ValueType::kInt32:
    case ValueType::kUInt32:
    case ValueType::kReal32:
    case ValueType::kBool:
    case ValueType::kHexInt32:
      return 4;
    case ValueType::kInt64:
    case ValueType::kUInt64:
    case ValueType::kReal64:
    case ValueType::kFileTime:
    case ValueType::kHexInt64:
      return 8;
    case ValueType::kGuid:
    case ValueType::kSystemTime:
      return 16;
    default:
      return 0;
  }
}

Problem append_value(ValueType type, std::string_view bytes, std::string& body) {
  const std::size_t size = fixed_size(type);
  if (size != 0 && bytes.size() != size) return Problem::kValueSize;
  switch (type) {
    case ValueType::kNull:
      return Problem::kNone;
    case ValueType::kString:
      append_utf16(before_nul(bytes), body);
      return Problem::kNone;
    case ValueType::kAnsiString:
      append_ansi(bytes.substr(0, bytes.find('\0')), body);
      return Problem::kNone;
    case ValueType::kBinary:
      for (const char byte : bytes) append_byte(byte, body);
      return Problem::kNone;
    case ValueType::kSize:  // of the machine that wrote it
      if (bytes.size() != 4 && bytes.size() != 8) return Problem::kValueSize;
      append_hex(bytes.size() == 4 ? load32(bytes, 0) : load64(bytes, 0), body);
      return Problem::kNone;
    case ValueType::kSid:
      return append_sid(bytes, body);
    default:
      break;
  }
  if (size == 0) return Problem::kUnknownValueType;
  append_fixed(type, bytes, body);
  return Problem::kNone;
}

Problem split_array(ValueType type, std::string_view bytes, std::size_t max_items,
                    std::vector<std::string_view>& items) {
  items.clear();
  if (type == ValueType::kString) return split_strings(bytes, 2, max_items, items);
  if (type == ValueType::kAnsiString) return split_strings(bytes, 1, max_items, items);
  // Nothing says how long the items of the other types of varying size are.
  const std::size_t known = fixed_size(type);
  if (known == 0 && type != ValueType::kSid) return Problem::kUnknownValueType;
  while (!bytes.empty()) {
    const std::size_t size = known != 0 ? known : sid_size(bytes);
    if (size == 0 || size > bytes.size()) return Problem::kValueSize;
    if (items.size() == max_items) return Problem::kTooManyElements;
    items.push_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return Problem::kNone;
}

}  // namespace catena::evtx
