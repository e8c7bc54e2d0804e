// SPDX-License-Identifier: Apache-2.0
#include "rules/findings/source_text.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace catena::lint {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The bytes of the line break at `at`, 0 when there is none. YAML 1.1 breaks lines at the Unicode
// separators too, and libyaml counts them.
std::size_t break_length(std::string_view text, std::size_t at) noexcept {
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("\r\n")) return 2;
  if (rest.starts_with('\n') || rest.starts_with('\r')) return 1;
  if (rest.starts_with("\xC2\x85")) return 2;
  if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) return 3;
  return 0;
}

bool continues_character(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t utf8_bytes(std::uint32_t code_point) noexcept {
  if (code_point < 0x80) return 1;
  if (code_point < 0x800) return 2;
  return code_point < 0x10000 ? 3 : 4;
}

// One character of a quoted scalar: how many bytes it is written with and how many it says.
struct QuotedStep {
  std::size_t written = 1;
  std::size_t said = 1;
};

std::optional<QuotedStep> double_quoted_step(std::string_view rest) noexcept {
  if (rest[0] != '\\') return QuotedStep{};
  if (rest.size() < 2) return std::nullopt;
  const char kind = rest[1];
  const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
  if (digits == 0) {
    const std::size_t said = kind == 'N' || kind == '_' ? 2 : kind == 'L' || kind == 'P' ? 3 : 1;
    return QuotedStep{2, said};
  }
  if (rest.size() < 2 + digits) return std::nullopt;
  std::uint32_t code_point = 0;
  for (const char c : rest.substr(2, digits)) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    code_point = code_point * 16 + static_cast<std::uint32_t>(digit);
  }
  return QuotedStep{2 + digits, utf8_bytes(code_point)};
}

std::optional<QuotedStep> quoted_step(std::string_view rest, char quote) noexcept {
  if (quote == '"') return double_quoted_step(rest);
  return rest.starts_with("''") ? QuotedStep{2, 1} : QuotedStep{};
}

bool is_quote(char c) noexcept { return c == '\'' || c == '"'; }

// The end of the quoted scalar at the start of `line`, past its closing quote; nullopt when it goes
// on in the next line.
std::optional<std::size_t> quoted_end(std::string_view line) noexcept {
  const char quote = line[0];
  for (std::size_t at = 1; at < line.size();) {
    if (line[at] == quote && !(quote == '\'' && line.substr(at).starts_with("''"))) return at + 1;
    const auto step = quoted_step(line.substr(at), quote);
    if (!step) return std::nullopt;
    at += step->written;
  }
  return std::nullopt;
}

}  // namespace

SourceText::SourceText(std::string_view text) : text_(text) {
  std::size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  starts_.push_back(at);
  while (at < text.size()) {
    const std::size_t length = break_length(text, at);
    if (length > 0) {
      ends_.push_back(at);
      starts_.push_back(at + length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  ends_.push_back(text.size());
}

Span SourceText::whole_line(std::uint32_t number) const noexcept {
  if (number == 0 || number > starts_.size()) return {text_.size(), text_.size()};
  const std::size_t end = number < starts_.size() ? starts_[number] : text_.size();
  return {starts_[number - 1], end};
}

std::string_view SourceText::line(std::uint32_t number) const noexcept {
  if (number == 0 || number > starts_.size()) return {};
  return text_.substr(starts_[number - 1], ends_[number - 1] - starts_[number - 1]);
}

SourceText::Cursor SourceText::start_for(std::uint32_t line, std::size_t offset,
                                         std::uint32_t column) const noexcept {
  const bool is_behind =
      cursor_.place.line == line && cursor_.offset <= offset && cursor_.place.column <= column;
  return is_behind ? cursor_ : Cursor{{line, 1}, whole_line(line).begin};
}

std::size_t SourceText::offset(sigma::Place place) const noexcept {
  Cursor at = start_for(place.line, text_.size(), place.column);
  const std::size_t end = whole_line(place.line).begin + line(place.line).size();
  while (at.place.column < place.column && at.offset < end) {
    ++at.offset;
    while (at.offset < end && continues_character(text_[at.offset])) ++at.offset;
    ++at.place.column;
  }
  cursor_ = at;
  return at.offset;
}

sigma::Place SourceText::place(std::size_t offset) const noexcept {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto number =
      static_cast<std::uint32_t>(std::max<std::ptrdiff_t>(after - starts_.begin(), 1));
  Cursor at = start_for(number, offset, std::numeric_limits<std::uint32_t>::max());
  while (at.offset < offset && at.offset < text_.size()) {
    ++at.offset;
    while (at.offset < offset && continues_character(text_[at.offset])) ++at.offset;
    ++at.place.column;
  }
  cursor_ = at;
  return at.place;
}

Span SourceText::rest_of_line(sigma::Place place) const noexcept {
  const std::size_t begin = offset(place);
  std::size_t end = whole_line(place.line).begin + line(place.line).size();
  while (end > begin && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) --end;
  return {begin, end};
}

Span SourceText::scalar(sigma::Place place, std::string_view value) const noexcept {
  const Span rest = rest_of_line(place);
  const std::string_view written = of(rest);
  if (written.empty()) return rest;
  if (is_quote(written[0])) {
    const auto end = quoted_end(written);
    return end ? Span{rest.begin, rest.begin + *end} : rest;
  }
  if (!value.empty() && written.starts_with(value)) {
    return {rest.begin, rest.begin + value.size()};
  }
  return rest;
}

Span SourceText::within(sigma::Place place, std::string_view value, std::size_t from,
                        std::size_t to, bool& is_exact) const noexcept {
  const Span whole = scalar(place, value);
  const std::string_view written = of(whole);
  is_exact = false;
  if (written.empty() || from > to || to > value.size()) return whole;
  if (written == value) {
    is_exact = true;
    return {whole.begin + from, whole.begin + to};
  }
  if (!is_quote(written[0]) || written.size() < 2 || written.back() != written[0]) return whole;
  Span span = {whole.begin + 1, whole.end - 1};
  std::size_t said = 0;
  for (std::size_t at = 1; at + 1 < written.size();) {
    if (said <= from) span.begin = whole.begin + at;
    if (said <= to) span.end = whole.begin + at;
    const auto step = quoted_step(written.substr(at, written.size() - 1 - at), written[0]);
    if (!step) return whole;
    said += step->said;
    at += step->written;
  }
  if (said != value.size()) return whole;  // folded lines, or not the scalar that was meant
  if (from == said) span.begin = whole.end - 1;
  if (to == said) span.end = whole.end - 1;
  is_exact = true;
  return span;
}

}  // namespace catena::lint
