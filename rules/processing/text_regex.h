// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"

namespace re2 {
class RE2;
}

// A regular expression of a processing pipeline. Pipelines are written for Python's `re`; RE2 reads
// the same syntax but for lookaround and backreferences, which it refuses, and it searches in
// linear time. Thread safety: const after compile(). Errors: kInvalidInput without a place.
namespace catena::processing {

inline constexpr std::size_t kMaxPipelineRegexBytes = 8 * 1024;
// A text that a replacement makes longer than this stays refused: "a" -> "aaaa", many times over.
inline constexpr std::size_t kMaxReplacedBytes = 64 * 1024;
inline constexpr std::size_t kMaxReplacementBytes = 1'024;  // as written, for each match

class TextRegex {
 public:
  static Result<TextRegex> compile(std::string_view pattern);

  // True when a match starts at the start of `text` (Python's re.match).
  [[nodiscard]] bool matches_start(std::string_view text) const;

  struct Match {
    std::size_t start = 0;
    std::size_t end = 0;
    std::vector<std::optional<std::string_view>> groups;  // 0 is the whole match
  };
  // The first match that starts at `from` or later.
  [[nodiscard]] std::optional<Match> find(std::string_view text, std::size_t from,
                                          bool at_start = false) const;
  // All matches, left to right, none overlapping (Python's re.finditer).
  [[nodiscard]] std::vector<Match> find_all(std::string_view text) const;

  [[nodiscard]] int group_count() const noexcept;
  // Names of groups and their numbers, in the order of the numbers.
  [[nodiscard]] const std::vector<std::pair<std::string, int>>& group_names() const noexcept {
    return names_;
  }

 private:
  std::shared_ptr<const re2::RE2> regex_;
  std::vector<std::pair<std::string, int>> names_;
};

// The replacement of a match, in Python's notation: \1, \g<1>, \g<name>, \n and so on.
class ReplacementText {
 public:
  static Result<ReplacementText> parse(std::string_view text, const TextRegex& regex);
  [[nodiscard]] std::string expand(const TextRegex::Match& match) const;

 private:
  struct Piece {
    int group = -1;  // -1: literal
    std::string text;
  };
  void add_literal(std::string_view text);
  std::vector<Piece> pieces_;
};

}  // namespace catena::processing
