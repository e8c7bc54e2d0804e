// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/key_value_pairs.h"

#include <algorithm>

namespace catena::codec {
namespace {

constexpr std::size_t kMaxPriorityBytes = 5;  // "<191>"

bool is_key_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

bool has_key(std::string_view line, std::string_view key_and_equals) noexcept {
  const std::size_t at = line.find(key_and_equals);
  return at != std::string_view::npos && (at == 0 || line[at - 1] == ' ');
}

}  // namespace

bool next_pair(std::string_view line, std::size_t& at, KeyValuePair& pair) noexcept {
  while (at < line.size() && (line[at] == ' ' || line[at] == ',')) ++at;
  const std::size_t start = at;
  while (at < line.size() && is_key_character(line[at])) ++at;
  const std::size_t length = at - start;
  if (length == 0 || length > kMaxPairKeyBytes || at >= line.size() || line[at] != '=') {
    return false;
  }
  pair.key = line.substr(start, length);
  const std::size_t value = ++at;
  if (value < line.size() && line[value] == '"') {
    for (++at; at < line.size() && line[at] != '"'; ++at) {
      if (line[at] == '\\') ++at;
    }
    at = std::min(at, line.size());
    pair.value = line.substr(value + 1, at - value - 1);
    if (at < line.size()) ++at;  // the closing quote
    return true;
  }
  at = std::min(line.find(' ', value), line.size());
  pair.value = line.substr(value, at - value);
  return true;
}

bool is_fortinet_line(std::string_view line) noexcept {
  std::size_t at = 0;
  KeyValuePair first;
  return next_pair(line, at, first) && has_key(line, "logid=") &&
         (has_key(line, "devname=") || has_key(line, "devid="));
}

std::string_view without_priority(std::string_view line) noexcept {
  if (!line.starts_with('<')) return line;
  const std::size_t end = line.substr(0, kMaxPriorityBytes).find('>');
  const bool digits = end != std::string_view::npos && end > 1 &&
                      std::all_of(line.begin() + 1, line.begin() + static_cast<std::ptrdiff_t>(end),
                                  [](char c) { return c >= '0' && c <= '9'; });
  return digits ? line.substr(end + 1) : line;
}

}  // namespace catena::codec
