// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/sigma/diagnostic.h"

// Finding is one thing that the linter tells the author of a rule: a stable code, how bad it is,
// the exact span of source text, one line of reason and, where there is one, the edit that puts it
// right. A refusal of the loader is a finding too (finding_of). It prints nothing.
// Thread safety: value types and constants.
namespace catena::lint {

// Notes are true and may be meant; warnings are probably not what was meant; errors are against the
// specification, or the rule does not load.
enum class Level : std::uint8_t { kNote, kWarning, kError };
[[nodiscard]] std::string_view level_name(Level level) noexcept;

// What a code stands for, whatever the rule.
struct CodeInfo {
  std::string_view name;  // kebab-case; a contract
  Level level = Level::kWarning;
  std::string_view about;  // one sentence, for SARIF and the documentation
};
// Every code that this program can give, by name.
[[nodiscard]] std::span<const CodeInfo> all_codes() noexcept;
[[nodiscard]] const CodeInfo* find_code(std::string_view name) noexcept;

// Bytes [begin, end) of a file.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

struct TextEdit {
  Span where;
  std::string replacement;
  sigma::Place from = {};  // of where.begin; filled by who reports the finding
  sigma::Place to = {};    // of where.end
};

struct Fix {
  std::string title;  // "remove the '*'"
  std::vector<TextEdit> edits;
  // Safe: the rule means the same afterwards, or was refused before; `--fix` applies only these.
  bool is_safe = false;
};

inline constexpr std::size_t kMaxShownLineBytes = 1'000;

struct Finding {
  std::string_view code;  // of all_codes(), or a code of the loader
  Level level = Level::kWarning;
  std::string file;
  Span span;            // empty when the finding has no place
  sigma::Place place;   // of span.begin; zero when the finding has no place
  sigma::Place end;     // of span.end
  std::string message;  // one line, no full stop; a rewritten rule may follow
  // The source line of `place`, for people; empty when it is longer than kMaxShownLineBytes.
  std::string line;
  std::optional<Fix> fix;
  bool is_refusal = false;     // the rule, or the file, does not load because of it
  bool is_suppressed = false;  // a comment in the rule allows it
};

// The finding that a diagnostic of the loader is, without a span.
[[nodiscard]] Finding finding_of(const sigma::Diagnostic& diagnostic);

// Order of the file, then of the text.
[[nodiscard]] bool is_before(const Finding& a, const Finding& b) noexcept;

}  // namespace catena::lint
