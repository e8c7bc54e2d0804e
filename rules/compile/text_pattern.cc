// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/text_pattern.h"

#include <algorithm>
#include <array>
#include <utility>

namespace catena::compile {
namespace {

constexpr std::array<std::string_view, 5> kDashes = {"-", "/", "\u2013", "\u2014", "\u2015"};

// A word character as \b sees it. Letters outside ASCII count, as they do in Unicode-aware engines;
// general punctuation (U+2000 to U+206F, where the dashes are) does not.
bool is_word_at(std::string_view text, std::size_t at) noexcept {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || byte == '_';
  }
  // Works from the first and from the last byte of a character, since only dashes matter here.
  std::size_t start = at;
  while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
  const std::string_view character = text.substr(start, 2);
  return !(character == "\xE2\x80" || character == "\xE2\x81");
}

bool is_option_dash(std::string_view text, std::size_t at) noexcept {
  if (text[at] != '-' && text[at] != '/') return false;
  if (at > 0 && is_word_at(text, at - 1)) return false;
  return at + 1 < text.size() && is_word_at(text, at + 1);
}

std::size_t count_option_dashes(const TextPattern& pattern) {
  std::size_t count = 0;
  for (const TextPattern::Part& part : pattern.parts()) {
    if (part.kind != TextPattern::Kind::kLiteral) continue;
    for (std::size_t i = 0; i < part.text.size(); ++i) {
      if (is_option_dash(part.text, i)) ++count;
    }
  }
  return count;
}

// `choice` in base five says which dash stands at each place, first place first.
TextPattern with_dashes(const TextPattern& pattern, std::size_t choice) {
  TextPattern result;
  for (const TextPattern::Part& part : pattern.parts()) {
    if (part.kind != TextPattern::Kind::kLiteral) {
      result.append(part);
      continue;
    }
    std::string text;
    for (std::size_t i = 0; i < part.text.size(); ++i) {
      if (is_option_dash(part.text, i)) {
        text += kDashes[choice % kDashes.size()];
        choice /= kDashes.size();
      } else {
        text += part.text[i];
      }
    }
    result.append_literal(text);
  }
  return result;
}

// The text from `at` to the next '%', or "" when there is none or it cannot be a name.
std::string_view name_after(std::string_view literal, std::size_t at) noexcept {
  const std::size_t end = literal.find_first_of("%\\", at);
  if (end == std::string_view::npos || literal[end] == '\\') return {};
  return literal.substr(at, end - at);
}

}  // namespace

TextPattern TextPattern::parse(std::string_view text) {
  TextPattern pattern;
  std::string literal;
  const auto flush = [&] {
    pattern.append_literal(literal);
    literal.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (c == '\\' && (next == '*' || next == '?' || next == '\\')) {
      literal += next;
      ++i;
    } else if (c == '*' || c == '?') {
      flush();
      pattern.append({c == '*' ? Kind::kAnyRun : Kind::kAnyOne, ""});
    } else {
      literal += c;
    }
  }
  flush();
  return pattern;
}

TextPattern TextPattern::literal(std::string_view text) {
  TextPattern pattern;
  pattern.append_literal(text);
  return pattern;
}

bool TextPattern::has_wildcard() const noexcept { return wildcard_count() > 0; }

std::string_view TextPattern::literal_text() const noexcept {
  return parts_.empty() ? std::string_view() : std::string_view(parts_[0].text);
}

std::size_t TextPattern::literal_bytes() const noexcept {
  std::size_t bytes = 0;
  for (const Part& part : parts_) bytes += part.text.size();
  return bytes;
}

std::size_t TextPattern::wildcard_count() const noexcept {
  return static_cast<std::size_t>(std::count_if(parts_.begin(), parts_.end(), [](const Part& part) {
    return part.kind == Kind::kAnyRun || part.kind == Kind::kAnyOne;
  }));
}

const TextPattern::Part* TextPattern::placeholder() const noexcept {
  const auto found = std::find_if(parts_.begin(), parts_.end(),
                                  [](const Part& part) { return part.kind == Kind::kPlaceholder; });
  return found == parts_.end() ? nullptr : &*found;
}

std::string TextPattern::to_plain() const {
  std::string plain;
  for (const Part& part : parts_) {
    switch (part.kind) {
      case Kind::kAnyRun:
        plain += '*';
        break;
      case Kind::kAnyOne:
        plain += '?';
        break;
      case Kind::kPlaceholder:
        plain += '%' + part.text + '%';
        break;
      case Kind::kLiteral:
        for (const char c : part.text) {
          if (c == '*' || c == '?') plain += '\\';
          plain += c;
        }
    }
  }
  return plain;
}

void TextPattern::open_start() {
  if (!parts_.empty() && parts_.front().kind == Kind::kAnyRun) return;
  parts_.insert(parts_.begin(), {Kind::kAnyRun, ""});
}

void TextPattern::open_end() { append({Kind::kAnyRun, ""}); }

void TextPattern::append(const Part& part) {
  if (part.kind == Kind::kLiteral) return append_literal(part.text);
  if (part.kind == Kind::kAnyRun && !parts_.empty() && parts_.back().kind == Kind::kAnyRun) return;
  parts_.push_back(part);
}

void TextPattern::append(const TextPattern& other) {
  for (const Part& part : other.parts_) append(part);
}

void TextPattern::append_literal(std::string_view text) {
  if (text.empty()) return;
  if (!parts_.empty() && parts_.back().kind == Kind::kLiteral) {
    parts_.back().text += text;
  } else {
    parts_.push_back({Kind::kLiteral, std::string(text)});
  }
}

std::optional<std::vector<TextPattern>> dash_variants(const TextPattern& pattern,
                                                      std::size_t max_variants) {
  std::size_t variants = 1;
  for (std::size_t i = count_option_dashes(pattern); i > 0; --i) {
    variants *= kDashes.size();
    if (variants > max_variants) return std::nullopt;
  }
  std::vector<TextPattern> result;
  result.reserve(variants);
  for (std::size_t choice = 0; choice < variants; ++choice) {
    result.push_back(with_dashes(pattern, choice));
  }
  return result;
}

std::vector<PlaceholderPiece> placeholder_pieces(std::string_view literal) {
  std::vector<PlaceholderPiece> pieces;
  std::string text;
  const auto flush = [&] {
    if (!text.empty()) pieces.push_back({false, std::move(text)});
    text.clear();
  };
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] == '\\' && i + 1 < literal.size() && literal[i + 1] == '%') {
      text += '%';
      ++i;
      continue;
    }
    const std::string_view name = literal[i] == '%' ? name_after(literal, i + 1) : "";
    if (name.empty()) {
      text += literal[i];
      continue;
    }
    flush();
    pieces.push_back({true, std::string(name)});
    i += name.size() + 1;
  }
  flush();
  return pieces;
}

}  // namespace catena::compile
