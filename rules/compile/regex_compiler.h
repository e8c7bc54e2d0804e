// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace re2 {
class RE2;
}

// Compiles the regular expression of a Sigma `re` modifier with RE2, within bounds, and finds what
// a matcher can test first. RE2 searches in linear time; it has no lookaround and no
// backreferences, and neither has the flavour that Sigma defines. "$" means the very end of the
// text. Thread safety: pure functions.
namespace catena::compile {

inline constexpr std::size_t kMaxRegexBytes = 8 * 1024;
// Instructions of RE2's program: what one byte of a value costs at worst, when its cache of states
// overflows.
inline constexpr int kMaxRegexInstructions = 10'000;
// Memory for the program and the cached states of one expression, per direction of search.
inline constexpr std::int64_t kMaxRegexMemory = 8 * 1024 * 1024;

struct RegexFlags {
  bool ignore_case = false;
  bool multi_line = false;
  bool dot_all = false;
};

struct CompiledRegex {
  std::string text;  // the pattern with the flags in front: "(?i)abc"; equals regex->pattern()
  std::shared_ptr<const re2::RE2> regex;
  std::uint32_t min_length = 0;  // as plan::Predicate
  bool length_only = false;
  std::string required_text;
  std::uint32_t work = 1;  // as plan::Predicate::regex_work
};

// kInvalidInput with RE2's reason, or kLimit; the message carries no place.
Result<CompiledRegex> compile_regex(std::string_view pattern, RegexFlags flags);

// What is wrong with a pattern that compile_regex() refuses for its syntax: the bytes of the
// pattern that the library complains of (all of it when it does not say) and what an author can do.
// nullopt for a pattern that it accepts or that is only too large.
struct RegexError {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string reason;
};
[[nodiscard]] std::optional<RegexError> find_regex_error(std::string_view pattern,
                                                         RegexFlags flags);

// The expression alone, from CompiledRegex::text: what a rule set that was kept as bytes needs.
Result<std::shared_ptr<const re2::RE2>> compile_regex_text(const std::string& text);

}  // namespace catena::compile
