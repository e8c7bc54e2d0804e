// SPDX-License-Identifier: Apache-2.0
#include "engine/base/display_text.h"

#include <algorithm>

#include "engine/base/text_fold.h"

namespace catena {
namespace {

constexpr std::int64_t kNanosInSecond = 1'000'000'000;

void append_byte_escape(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(c);
  out += "\\x";
  out.push_back(kHex[value >> 4U]);
  out.push_back(kHex[value & 15U]);
}

bool is_control(char c) noexcept {
  const auto value = static_cast<unsigned char>(c);
  return value < 0x20 || value == 0x7f;
}

// C1 controls (U+0080 … U+009F) drive terminals too; they start with 0xC2 in UTF-8.
bool is_c1(std::string_view code_point) noexcept {
  return code_point.size() == 2 && code_point[0] == '\xc2' &&
         static_cast<unsigned char>(code_point[1]) < 0xa0;
}

// Code points that reorder the text around them could show an analyst a false story.
bool is_bidirectional(std::string_view code_point) noexcept {
  if (code_point.size() != 3 || code_point[0] != '\xe2') return false;
  const auto second = static_cast<unsigned char>(code_point[1]);
  const auto third = static_cast<unsigned char>(code_point[2]);
  return (second == 0x80 && third >= 0xaa && third <= 0xae) ||
         (second == 0x81 && third >= 0xa6 && third <= 0xa9);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = code_point_length(text.substr(i));
    const std::string_view point = text.substr(i, length);
    if (point == "\n") {
      out += "\\n";
    } else if (point == "\t") {
      out += "\\t";
    } else if (point == "\r") {
      out += "\\r";
    } else if (is_c1(point) || is_bidirectional(point)) {
      for (const char c : point) append_byte_escape(out, c);
    } else if (length == 1 &&
               (is_control(point[0]) || static_cast<unsigned char>(point[0]) > 0x7f)) {
      append_byte_escape(out, point[0]);
    } else {
      out.append(point);
    }
    i += length;
  }
  return out;
}

std::string fit(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  std::size_t last = 0;
  for (std::size_t seen = 0; end < text.size(); ++seen) {
    if (seen == columns) return std::string(text.substr(0, last)) + "…";
    last = end;
    end += code_point_length(text.substr(end));
  }
  return std::string(text);
}

std::string column(std::string_view text, std::size_t columns) {
  std::string out = fit(text, columns);
  std::size_t width = 0;
  for (std::size_t i = 0; i < out.size(); ++width) {
    i += code_point_length(std::string_view(out).substr(i));
  }
  out.append(columns > width ? columns - width : 0, ' ');
  return out;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines(1);
  std::size_t width = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    std::size_t length = 0;
    for (std::size_t i = 0; i < word.size(); ++length) i += code_point_length(word.substr(i));
    if (!lines.back().empty() && width + 1 + length > columns) {
      lines.emplace_back();
      width = 0;
    }
    if (!lines.back().empty()) {
      lines.back().push_back(' ');
      ++width;
    }
    lines.back() += word;
    width += length;
  }
  return lines;
}

std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string duration_text(std::int64_t nanoseconds) {
  const std::int64_t seconds = nanoseconds / kNanosInSecond;
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600) {
    return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  }
  if (seconds < 86'400) {
    return std::to_string(seconds / 3600) + " h " + std::to_string(seconds / 60 % 60) + " min";
  }
  return std::to_string(seconds / 86'400) + " d " + std::to_string(seconds / 3600 % 24) + " h";
}

}  // namespace catena
