// SPDX-License-Identifier: Apache-2.0
#include "rules/findings/line_diff.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace catena::lint {
namespace {

constexpr std::size_t kContext = 3;
constexpr std::string_view kNoLineEnd = "\n\\ No newline at end of file\n";

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

struct Step {
  char kind = ' ';  // ' ' both, '-' before, '+' after
  std::string_view line;
};

// The steps through two runs of lines by their longest common subsequence.
void compare(const Lines& a, const Lines& b, std::vector<Step>& steps) {
  const std::size_t n = a.size();
  const std::size_t m = b.size();
  std::vector<std::uint32_t> common;  // of a[i…] and b[j…], row by row
  if (n <= kMaxComparedLines && m <= kMaxComparedLines) {
    common.resize((n + 1) * (m + 1));
    for (std::size_t i = n; i-- > 0;) {
      for (std::size_t j = m; j-- > 0;) {
        const std::size_t at = i * (m + 1) + j;
        common[at] =
            a[i] == b[j] ? common[at + m + 2] + 1 : std::max(common[at + m + 1], common[at + 1]);
      }
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < n || j < m) {
    const std::size_t at = i * (m + 1) + j;
    if (!common.empty() && i < n && j < m && a[i] == b[j]) {
      steps.push_back({' ', a[i++]});
      ++j;
    } else if (i < n && (j == m || common.empty() || common[at + m + 1] >= common[at + 1])) {
      steps.push_back({'-', a[i++]});
    } else {
      steps.push_back({'+', b[j++]});
    }
  }
}

std::vector<Step> steps_between(const Lines& a, const Lines& b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
    ++tail;
  }
  std::vector<Step> steps;
  for (std::size_t i = 0; i < head; ++i) steps.push_back({' ', a[i]});
  const auto middle = [head, tail](const Lines& lines) {
    return Lines(lines.begin() + static_cast<std::ptrdiff_t>(head),
                 lines.end() - static_cast<std::ptrdiff_t>(tail));
  };
  compare(middle(a), middle(b), steps);
  for (std::size_t i = a.size() - tail; i < a.size(); ++i) steps.push_back({' ', a[i]});
  return steps;
}

// "12,3", as a hunk's head counts a side.
std::string range(std::size_t first, std::size_t count) {
  const std::size_t shown = count == 0 ? first : first + 1;
  return std::to_string(shown) + (count == 1 ? "" : "," + std::to_string(count));
}

}  // namespace

std::string line_diff(std::string_view before, std::string_view after, std::string_view name) {
  if (before == after) return "";
  const std::vector<Step> steps = steps_between(lines_of(before), lines_of(after));
  std::string out = "--- " + std::string(name) + "\n+++ " + std::string(name) + "\n";
  std::size_t old_line = 0;
  std::size_t new_line = 0;
  for (std::size_t at = 0; at < steps.size();) {
    if (steps[at].kind == ' ') {
      ++old_line;
      ++new_line;
      ++at;
      continue;
    }
    // A hunk: up to where more than twice the context is unchanged.
    const std::size_t lead = std::min(kContext, std::min(old_line, at));
    std::size_t end = at;
    for (std::size_t i = at, same = 0; i < steps.size() && same <= 2 * kContext; ++i) {
      same = steps[i].kind == ' ' ? same + 1 : 0;
      if (same == 0) end = i + 1;
    }
    const std::size_t begin = at - lead;
    const std::size_t stop = std::min(end + kContext, steps.size());
    std::string body;
    std::size_t removed = 0;
    std::size_t added = 0;
    for (std::size_t i = begin; i < stop; ++i) {
      body += steps[i].kind;
      body += steps[i].line;
      if (!steps[i].line.ends_with('\n')) body += kNoLineEnd;
      removed += steps[i].kind != '+' ? 1 : 0;
      added += steps[i].kind != '-' ? 1 : 0;
    }
    out += "@@ -" + range(old_line - lead, removed) + " +" + range(new_line - lead, added) +
           " @@\n" + body;
    old_line += removed - lead;
    new_line += added - lead;
    at = stop;
  }
  return out;
}

}  // namespace catena::lint
