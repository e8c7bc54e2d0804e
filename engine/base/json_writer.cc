// SPDX-License-Identifier: Apache-2.0
#include "engine/base/json_writer.h"

#include <array>
#include <cstdio>

#include "engine/base/text_fold.h"

namespace catena {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

void append_escaped_ascii(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto value = static_cast<unsigned char>(c);
  if (value < 0x20 || value == 0x7f) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += "\\u00";
    out.push_back(kHex[value >> 4U]);
    out.push_back(kHex[value & 15U]);
    return;
  }
  out.push_back(c);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  for (std::size_t i = 0; i < text.size();) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      append_escaped_ascii(out, text[i++]);
      continue;
    }
    const std::size_t length = code_point_length(text.substr(i));
    if (length == 1) {
      out += kReplacement;
    } else {
      out.append(text.substr(i, length));
    }
    i += length;
  }
  out.push_back('"');
}

void JsonWriter::separate() {
  if (needs_comma_) text_.push_back(',');
  needs_comma_ = true;
}

JsonWriter& JsonWriter::begin_object() {
  separate();
  text_.push_back('{');
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  text_.push_back('}');
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  separate();
  text_.push_back('[');
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  text_.push_back(']');
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(text_, name);
  text_.push_back(':');
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
  separate();
  append_json_string(text_, text);
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  separate();
  text_ += std::to_string(value);
  return *this;
}

JsonWriter& JsonWriter::unsigned_integer(std::uint64_t value) {
  separate();
  text_ += std::to_string(value);
  return *this;
}

JsonWriter& JsonWriter::fixed(double value, int decimals) {
  separate();
  std::array<char, 352> buffer{};  // the longest double has 309 digits before the point
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
  text_.append(buffer.data(), static_cast<std::size_t>(length));
  return *this;
}

JsonWriter& JsonWriter::number(std::string_view digits) {
  separate();
  const bool plain = !digits.empty() && digits.find_first_not_of("-.0123456789") == digits.npos;
  text_ += plain ? digits : "null";
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  separate();
  text_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  separate();
  text_ += "null";
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  text_ += json;
  return *this;
}

}  // namespace catena
