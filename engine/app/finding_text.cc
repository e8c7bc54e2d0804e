// SPDX-License-Identifier: Apache-2.0
#include "engine/app/finding_text.h"

#include <algorithm>
#include <string_view>

namespace catena::app {
namespace {

constexpr std::size_t kMarginWidth = 6;    // digits of the line number
constexpr std::size_t kLeadingShown = 30;  // columns kept before a span far to the right

Colour colour_of(lint::Level level) {
  switch (level) {
    case lint::Level::kError:
      return Colour::kRed;
    case lint::Level::kWarning:
      return Colour::kYellow;
    case lint::Level::kNote:
      return Colour::kCyan;
  }
  return Colour::kNone;
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

// The byte of a column (1-based, in characters).
std::size_t byte_of(std::string_view line, std::uint32_t column) {
  std::size_t at = 0;
  for (std::uint32_t seen = 1; seen < column && at < line.size(); ++seen) {
    ++at;
    while (at < line.size() && continues_character(line[at])) ++at;
  }
  return at;
}

// Without the first `columns` characters.
std::string_view skip(std::string_view text, std::size_t columns) {
  return text.substr(byte_of(text, static_cast<std::uint32_t>(columns) + 1));
}

std::string margin(std::string_view label) {
  std::string text(kMarginWidth - std::min(kMarginWidth, label.size()), ' ');
  return text.append(label) + " | ";
}

std::string source_lines(const lint::Finding& finding, const TextStyle& style) {
  const std::size_t begin = byte_of(finding.line, finding.place.column);
  const bool ends_here = finding.end.line == finding.place.line;
  const std::size_t end =
      ends_here ? std::max(byte_of(finding.line, finding.end.column), begin) : finding.line.size();
  std::string before = printable(std::string_view(finding.line).substr(0, begin));
  const std::string span = printable(std::string_view(finding.line).substr(begin, end - begin));
  const std::string after = printable(std::string_view(finding.line).substr(end));
  const std::size_t width = style.width - kMarginWidth - 4;
  if (columns_of(before) + columns_of(span) > width && columns_of(before) > kLeadingShown) {
    before = "…" + std::string(skip(before, columns_of(before) - kLeadingShown));
  }
  const std::size_t start = columns_of(before);
  const std::size_t marks =
      std::min(std::max<std::size_t>(columns_of(span), 1), width > start ? width - start : 1);
  std::string text = style.paint(Colour::kDim, margin(std::to_string(finding.place.line)));
  text += fit(before + span + after, width) + "\n";
  text += style.paint(Colour::kDim, margin("")) + std::string(start, ' ');
  return text + style.paint(colour_of(finding.level), std::string(marks, '^')) + "\n";
}

}  // namespace

std::string finding_text(const lint::Finding& finding, const TextStyle& style) {
  std::string text = printable(finding.file);
  if (finding.place.line > 0) {
    text += ":" + std::to_string(finding.place.line) + ":" + std::to_string(finding.place.column);
  }
  text = style.paint(Colour::kBold, text + ":") + " ";
  text += style.paint(colour_of(finding.level), std::string(level_name(finding.level)) + ":");
  // Further lines of a message are a rewritten rule.
  const std::string_view message = finding.message;
  const std::size_t first = std::min(message.find('\n'), message.size());
  text += " " + printable(message.substr(0, first)) + " [" + std::string(finding.code) + "]\n";
  if (!finding.line.empty()) text += source_lines(finding, style);
  for (std::size_t at = first; at + 1 < message.size();) {
    const std::size_t end = std::min(message.find('\n', at + 1), message.size());
    text +=
        std::string(kMarginWidth + 3, ' ') + printable(message.substr(at + 1, end - at - 1)) + "\n";
    at = end;
  }
  if (finding.fix) {
    text += std::string(kMarginWidth, ' ') + " = fix: " + printable(finding.fix->title);
    text += finding.fix->is_safe ? " (--fix does it)\n" : "\n";
  }
  return text;
}

}  // namespace catena::app
