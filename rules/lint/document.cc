// SPDX-License-Identifier: Apache-2.0
#include "rules/lint/document.h"

#include <algorithm>

namespace catena::lint {

void Document::add(std::string_view code, Span span, std::string message, std::optional<Fix> fix) {
  if (findings_.size() >= kMaxFindingsPerFile) return;
  Finding finding;
  finding.code = code;
  const CodeInfo* info = find_code(code);
  finding.level = info != nullptr ? info->level : Level::kWarning;
  finding.file = file_;
  finding.span = span;
  finding.place = source_.place(span.begin);
  finding.end = source_.place(span.end);
  finding.message = std::move(message);
  const std::string_view line = source_.line(finding.place.line);
  if (line.size() <= kMaxShownLineBytes) finding.line = line;
  finding.fix = std::move(fix);
  if (finding.fix) {
    for (TextEdit& edit : finding.fix->edits) {
      edit.from = source_.place(edit.where.begin);
      edit.to = source_.place(edit.where.end);
    }
  }
  findings_.push_back(std::move(finding));
}

Span Document::span_of(const sigma::AppliedModifier& modifier) const {
  const Span rest = source_.rest_of_line(modifier.place);
  const std::string_view text = source_.of(rest);
  const std::size_t length = text.find_first_of("|:'\" \t");
  return {rest.begin, rest.begin + std::min(length, text.size())};
}

Span Document::span_of(const sigma::DetectionItem& item) const {
  if (item.is_keyword() && item.modifiers.empty()) return span_of(item.values[0]);
  const Span rest = source_.rest_of_line(item.place);
  const std::string_view text = source_.of(rest);
  if (!text.empty() && (text[0] == '\'' || text[0] == '"')) return source_.scalar(item.place, "");
  // A plain key ends at ": "; a field name may hold a colon.
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool ends =
        text[at] == ':' && (at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\t');
    if (ends) return {rest.begin, rest.begin + at};
  }
  return rest;
}

Span Document::headline() const {
  const yaml::YamlNode* title = root_.find("title");
  return span_of(title != nullptr && title->is_scalar() ? *title : root_);
}

std::optional<TextEdit> line_removal(const SourceText& source, Span element) {
  const sigma::Place place = source.place(element.begin);
  if (source.place(element.end).line != place.line) return std::nullopt;
  const Span line = source.whole_line(place.line);
  const std::string_view before = source.of({line.begin, element.begin});
  std::string_view after = source.of({element.end, line.end});
  const std::size_t dash = before.find_first_not_of(' ');
  if (dash == std::string_view::npos || before[dash] != '-') return std::nullopt;
  if (before.find_first_not_of(' ', dash + 1) != std::string_view::npos) return std::nullopt;
  if (after.find_first_not_of(" \t\r\n") != std::string_view::npos) return std::nullopt;
  if (after.find('\n') == std::string_view::npos) return std::nullopt;  // the file's last line
  return TextEdit{line, ""};
}

}  // namespace catena::lint
