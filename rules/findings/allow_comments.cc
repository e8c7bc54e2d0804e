// SPDX-License-Identifier: Apache-2.0
#include "rules/findings/allow_comments.h"

#include <algorithm>
#include <string>

#include "rules/findings/codes.h"

namespace catena::lint {
namespace {

constexpr std::string_view kMark = "# catena: allow ";

bool is_comment(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first != std::string_view::npos && line[first] == '#';
}

// A '#' starts a comment at the line's start or after a blank.
std::size_t find_mark(std::string_view line) {
  const std::size_t at = line.find(kMark);
  if (at == std::string_view::npos || at == 0) return at;
  return line[at - 1] == ' ' || line[at - 1] == '\t' ? at : std::string_view::npos;
}

bool is_code_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

}  // namespace

AllowComments::AllowComments(const SourceText& source) : source_(source) {
  if (source.text().find(kMark) == std::string_view::npos) return;
  for (std::uint32_t number = 1; number <= source.line_count(); ++number) {
    const std::string_view line = source.line(number);
    const std::size_t mark = find_mark(line);
    if (mark == std::string_view::npos) continue;
    std::uint32_t concerned = number;
    while (concerned <= source.line_count() && is_comment(source.line(concerned))) ++concerned;
    const std::size_t start = source.whole_line(number).begin;
    for (std::size_t at = mark + kMark.size(); at < line.size() && allowed_.size() < kMaxAllowed;) {
      if (line[at] == ' ' || line[at] == ',') {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < line.size() && is_code_letter(line[end])) ++end;
      if (end == at) break;  // anything else ends the list: a reason may follow
      allowed_.push_back({line.substr(at, end - at), {start + at, start + end}, concerned, false});
      at = end;
      if (at < line.size() && line[at] != ',') break;
    }
  }
}

void AllowComments::apply(std::string_view file, std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    if (finding.level == Level::kError) continue;
    for (Allowed& allowed : allowed_) {
      if (allowed.line != finding.place.line || allowed.code != finding.code) continue;
      finding.is_suppressed = true;
      allowed.is_used = true;
    }
  }
  for (const Allowed& allowed : allowed_) {
    if (allowed.is_used) continue;
    const bool is_known = find_code(allowed.code) != nullptr;
    Finding finding;
    finding.code = is_known ? kUnusedAllow : kUnknownAllow;
    finding.level = find_code(finding.code)->level;
    finding.file = file;
    finding.span = allowed.span;
    finding.place = source_.place(allowed.span.begin);
    finding.end = source_.place(allowed.span.end);
    const std::string_view line = source_.line(finding.place.line);
    if (line.size() <= kMaxShownLineBytes) finding.line = line;
    finding.message = is_known ? "nothing there is '" + std::string(allowed.code) + "'"
                               : "there is no code '" + std::string(allowed.code) + "'";
    findings.push_back(std::move(finding));
  }
}

}  // namespace catena::lint
