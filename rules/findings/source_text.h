// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/findings/finding.h"
#include "rules/sigma/diagnostic.h"

// SourceText finds the bytes of a rule file that a place or a scalar of its YAML tree stands for,
// so that a finding can underline exactly them and a fix can change exactly them. It parses no
// YAML: it is told where a scalar starts and what it says.
// Thread safety: none; lookups remember where the last one was. The text must outlive it. Cost: one
// pass at construction; a lookup walks along one line, from where the last one was when it is
// behind that, so that a file of one long line costs its length and not its square.
namespace catena::lint {

class SourceText {
 public:
  explicit SourceText(std::string_view text);

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] std::string_view of(Span span) const noexcept {
    return text_.substr(span.begin, span.end - span.begin);
  }
  [[nodiscard]] std::size_t line_count() const noexcept { return starts_.size(); }
  // The text of a line (1-based) without its end; "" beyond the last.
  [[nodiscard]] std::string_view line(std::uint32_t number) const noexcept;
  // The bytes of a line with its end.
  [[nodiscard]] Span whole_line(std::uint32_t number) const noexcept;

  // The byte of a place, cut to the line's end.
  [[nodiscard]] std::size_t offset(sigma::Place place) const noexcept;
  [[nodiscard]] sigma::Place place(std::size_t offset) const noexcept;

  // From a place to the end of its line, without trailing blanks: what to underline when nothing
  // better is known.
  [[nodiscard]] Span rest_of_line(sigma::Place place) const noexcept;
  // The scalar that starts at `place` and says `value`, quotes included; of a scalar on several
  // lines the part on the first.
  [[nodiscard]] Span scalar(sigma::Place place, std::string_view value) const noexcept;
  // Bytes [from, to) of what the scalar says. `is_exact` becomes false where the way it is written
  // does not tell (several lines, a block); then it is scalar().
  [[nodiscard]] Span within(sigma::Place place, std::string_view value, std::size_t from,
                            std::size_t to, bool& is_exact) const noexcept;

 private:
  std::string_view text_;
  // A place that was looked up, and its byte.
  struct Cursor {
    sigma::Place place;
    std::size_t offset = 0;
  };
  // The cursor, or the start of the line when that is not in front of what is wanted.
  [[nodiscard]] Cursor start_for(std::uint32_t line, std::size_t offset,
                                 std::uint32_t column) const noexcept;

  std::vector<std::size_t> starts_;  // of each line
  std::vector<std::size_t> ends_;    // of each line, before its break
  mutable Cursor cursor_;
};

}  // namespace catena::lint
