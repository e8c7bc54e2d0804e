// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/compile/compile_options.h"
#include "rules/findings/finding.h"

// Applies the fixes of findings to the text of a rule file. Everything that no fix names stays
// byte for byte: comments, order, quotes, line ends. A fix that is said to be safe is checked again
// after it was applied: the file is read anew, and what its rules mean must be what they meant; a
// fix that fails this is declined. It writes no files.
// Thread safety: pure functions. Cost: one reading of the file, and one more for each fix when some
// fix is declined.
namespace catena::lint {

// Fixes of one file that are tried; the rest waits for another run.
inline constexpr std::size_t kMaxFixesPerFile = 1'000;

enum class FixScope : std::uint8_t { kSafe, kAll };

struct FixedText {
  std::string text;
  std::size_t applied = 0;
  std::size_t declined = 0;  // would have changed what a rule means
  std::size_t left = 0;      // overlap with another one; a second run takes them
};

// `findings` are those of the file whose text is `text`; suppressed ones are left alone.
[[nodiscard]] FixedText apply_fixes(std::string_view text, const std::vector<Finding>& findings,
                                    FixScope scope, const compile::CompileOptions& options);

// What the rules of a file mean, as text to compare: equal texts, equal meaning. Per document; a
// part that cannot be read is a mark.
[[nodiscard]] std::vector<std::string> meaning_of(std::string_view text,
                                                  const compile::CompileOptions& options);

// True when a file may become `after`: documents that could be read mean the same, and the others
// have not got worse.
[[nodiscard]] bool keeps_meaning(std::string_view before, std::string_view after,
                                 const compile::CompileOptions& options);

}  // namespace catena::lint
