// SPDX-License-Identifier: Apache-2.0
#include "rules/yaml/yaml_node.h"

#include <charconv>

namespace catena::yaml {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Number of digits at the start of `text`.
std::size_t digit_run(std::string_view text) noexcept {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

}  // namespace

bool YamlNode::is_null() const noexcept {
  return is_scalar() && plain_ &&
         (text_.empty() || text_ == "~" || text_ == "null" || text_ == "Null" || text_ == "NULL");
}

std::optional<bool> YamlNode::as_bool() const noexcept {
  if (!is_scalar() || !plain_) return std::nullopt;
  if (text_ == "true" || text_ == "True" || text_ == "TRUE") return true;
  if (text_ == "false" || text_ == "False" || text_ == "FALSE") return false;
  return std::nullopt;
}

std::optional<std::int64_t> YamlNode::as_integer() const noexcept {
  if (!is_scalar() || !plain_ || text_.empty()) return std::nullopt;
  std::int64_t value = 0;
  const char* const end = text_.data() + text_.size();
  const auto [stop, error] = std::from_chars(text_.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

bool YamlNode::is_number() const noexcept {
  return is_scalar() && plain_ && is_decimal_number(text_);
}

const YamlNode* YamlNode::find(std::string_view key) const noexcept {
  for (const YamlEntry& entry : entries_) {
    if (entry.key.text() == key) return &entry.value;
  }
  return nullptr;
}

std::string at_place(std::string_view file, std::uint32_t line, std::uint32_t column,
                     std::string_view reason) {
  std::string text(file);
  text += ':';
  text += std::to_string(line);
  text += ':';
  text += std::to_string(column);
  text += ": ";
  text += reason;
  return text;
}

bool is_decimal_number(std::string_view text) noexcept {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  const std::size_t whole = digit_run(text);
  text.remove_prefix(whole);
  std::size_t fraction = 0;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    fraction = digit_run(text);
    text.remove_prefix(fraction);
  }
  if (whole + fraction == 0) return false;
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  const std::size_t exponent = digit_run(text);
  return exponent > 0 && exponent == text.size();
}

}  // namespace catena::yaml
