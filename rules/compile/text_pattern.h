// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// TextPattern is a Sigma string while modifiers and processing pipelines work on it: literals,
// wildcards and placeholders in order. It is not case-folded and need not be UTF-8 (utf16 modifiers
// make bytes).
// Source: rules specification 2.1, String Wildcard and Escape Character, Placeholders.
// Thread safety: value type.
namespace catena::compile {

struct TextPart {
  // text, "*", "?" (one character), and the name of a placeholder that has no value yet
  enum class Kind : std::uint8_t { kLiteral, kAnyRun, kAnyOne, kPlaceholder };
  Kind kind = Kind::kLiteral;
  std::string text;

  friend bool operator==(const TextPart&, const TextPart&) = default;
};

class TextPattern {
 public:
  using Part = TextPart;
  using Kind = TextPart::Kind;

  // Reads wildcards and escapes: "*" any text, "?" one character, "\*" and "\?" the characters
  // themselves, "\\" one backslash; a backslash before anything else, or at the end, is itself.
  static TextPattern parse(std::string_view text);
  // The text as it is, without wildcards.
  static TextPattern literal(std::string_view text);

  [[nodiscard]] const std::vector<Part>& parts() const noexcept { return parts_; }
  [[nodiscard]] bool has_wildcard() const noexcept;
  // The first placeholder, or nullptr.
  [[nodiscard]] const Part* placeholder() const noexcept;
  [[nodiscard]] bool is_empty() const noexcept { return parts_.empty(); }  // the empty text
  // The text of a pattern without wildcards.
  [[nodiscard]] std::string_view literal_text() const noexcept;
  [[nodiscard]] std::size_t literal_bytes() const noexcept;
  [[nodiscard]] std::size_t wildcard_count() const noexcept;

  // Any text before, after: what startswith, endswith and contains mean. No second "*" is added.
  void open_start();
  void open_end();

  // Neighbouring literals become one; neighbouring "*" become one.
  void append(const Part& part);
  void append(const TextPattern& other);
  void append_literal(std::string_view text);

  // The pattern as a rule would write it: wildcards, `%name%`, and a backslash before a literal "*"
  // or "?". Backslashes are not doubled, so parse() need not give the same pattern back.
  [[nodiscard]] std::string to_plain() const;

  friend bool operator==(const TextPattern&, const TextPattern&) = default;

 private:
  std::vector<Part> parts_;
};

// Each of `-` and `/` that starts a command-line option (no word character before it, one after it)
// becomes each of - / en dash, em dash, horizontal bar, in every combination. nullopt when there
// would be more than `max_variants`. Source: modifiers appendix, windash.
[[nodiscard]] std::optional<std::vector<TextPattern>> dash_variants(const TextPattern& pattern,
                                                                    std::size_t max_variants);

// Reads `%name%` in the literals: calls for the pieces in order. "\%" is a percent sign.
struct PlaceholderPiece {
  bool is_placeholder = false;
  std::string text;  // the name, or literal text
};
[[nodiscard]] std::vector<PlaceholderPiece> placeholder_pieces(std::string_view literal);

}  // namespace catena::compile
