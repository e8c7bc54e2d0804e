// SPDX-License-Identifier: Apache-2.0
// The replacement that works on the plain representation of a pattern, in which a wildcard is a
// character like any other.
#include <utility>

#include "rules/processing/value_transformation.h"

namespace catena::processing {
namespace {

using compile::TextPattern;
using Kind = TextPattern::Kind;

// What stands where in the plain representation.
struct Span {
  std::size_t start = 0;
  std::size_t end = 0;
  TextPattern::Part part;
};

std::vector<Span> spans_of(const TextPattern& pattern, std::string& plain) {
  std::vector<Span> spans;
  const auto add = [&](TextPattern::Part part, std::string_view text) {
    spans.push_back({plain.size(), plain.size() + text.size(), std::move(part)});
    plain += text;
  };
  for (const TextPattern::Part& part : pattern.parts()) {
    if (part.kind == Kind::kAnyRun) add(part, "*");
    if (part.kind == Kind::kAnyOne) add(part, "?");
    if (part.kind == Kind::kPlaceholder) add(part, "%" + part.text + "%");
    if (part.kind != Kind::kLiteral) continue;
    for (const char c : part.text) {
      const bool escaped = c == '*' || c == '?';
      add({Kind::kLiteral, std::string(1, c)}, escaped ? std::string{'\\', c} : std::string{c});
    }
  }
  return spans;
}

// A backslash is itself unless it stands before a wildcard.
TextPattern parse_replaced(const std::string& text, bool placeholders) {
  std::string doubled;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] == '\\' && next != '*' && next != '?') doubled += '\\';
    doubled += text[i];
  }
  const TextPattern parsed = TextPattern::parse(doubled);
  if (!placeholders) return parsed;
  TextPattern result;
  for (const TextPattern::Part& part : parsed.parts()) {
    if (part.kind != Kind::kLiteral) {
      result.append(part);
      continue;
    }
    for (const compile::PlaceholderPiece& piece : compile::placeholder_pieces(part.text)) {
      result.append({piece.is_placeholder ? Kind::kPlaceholder : Kind::kLiteral, piece.text});
    }
  }
  return result;
}

}  // namespace

TextPattern replace_in_pattern(const TextPattern& pattern, const TextRegex& regex,
                               const ReplacementText& replacement) {
  std::string plain;
  const std::vector<Span> spans = spans_of(pattern, plain);
  const bool placeholders = pattern.placeholder() != nullptr;
  TextPattern result;
  std::string pending;  // what was replaced and still has to be read
  const auto flush = [&] {
    if (!pending.empty()) result.append(parse_replaced(pending, placeholders));
    pending.clear();
  };
  std::size_t span = 0;
  const auto keep = [&](std::size_t start, std::size_t end) {
    while (span < spans.size() && spans[span].end <= start) ++span;
    for (std::size_t i = span; i < spans.size() && spans[i].start < end; ++i) {
      const Span& kept = spans[i];
      if (kept.start >= start && kept.end <= end) {
        flush();
        result.append(kept.part);
      } else {  // a match takes one half of an escape
        const std::size_t from = std::max(kept.start, start);
        pending += plain.substr(from, std::min(kept.end, end) - from);
      }
    }
  };
  std::size_t from = 0;
  for (const TextRegex::Match& match : regex.find_all(plain)) {
    keep(from, match.start);
    pending += replacement.expand(match);
    from = match.end;
  }
  keep(from, plain.size());
  flush();
  return result;
}

}  // namespace catena::processing
