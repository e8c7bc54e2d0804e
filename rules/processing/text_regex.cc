// SPDX-License-Identifier: Apache-2.0
#include "rules/processing/text_regex.h"

#include <algorithm>
#include <charconv>

#include <re2/re2.h>

namespace catena::processing {
namespace {

constexpr std::int64_t kMaxMemory = 8 * 1024 * 1024;
constexpr int kMaxGroups = 99;

RE2::Options options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxMemory);
  return options;
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// What `\c` is in a replacement when it is one character; 0 for none.
char control_of(char c) noexcept {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'a':
      return '\a';
    case 'f':
      return '\f';
    case 'v':
      return '\v';
    case 'b':
      return '\b';
    case '\\':
      return '\\';
    default:
      return '\0';
  }
}

Result<int> group_of(std::string_view name, const TextRegex& regex) {
  int number = -1;
  const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || stop != name.data() + name.size()) {
    const auto& names = regex.group_names();
    const auto found = std::find_if(names.begin(), names.end(),
                                    [name](const auto& known) { return known.first == name; });
    number = found == names.end() ? -1 : found->second;
  }
  if (number < 0 || number > regex.group_count()) {
    return invalid_input("the replacement names group '" + std::string(name) +
                         "', which the regular expression does not have");
  }
  return number;
}

std::size_t next_character(std::string_view text, std::size_t at) noexcept {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  return at;
}

}  // namespace

Result<TextRegex> TextRegex::compile(std::string_view pattern) {
  if (pattern.size() > kMaxPipelineRegexBytes) {
    return invalid_input("a regular expression longer than " +
                         std::to_string(kMaxPipelineRegexBytes) + " bytes");
  }
  TextRegex regex;
  regex.regex_ =
      std::make_shared<const RE2>(re2::StringPiece(pattern.data(), pattern.size()), options());
  if (!regex.regex_->ok()) {
    return invalid_input("the regular expression is refused: " + regex.regex_->error());
  }
  if (regex.regex_->NumberOfCapturingGroups() > kMaxGroups) {
    return invalid_input("a regular expression with more than " + std::to_string(kMaxGroups) +
                         " groups");
  }
  for (const auto& [name, number] : regex.regex_->NamedCapturingGroups()) {
    regex.names_.emplace_back(name, number);
  }
  std::sort(regex.names_.begin(), regex.names_.end(),
            [](const auto& a, const auto& b) { return a.second < b.second; });
  return regex;
}

int TextRegex::group_count() const noexcept { return regex_->NumberOfCapturingGroups(); }

bool TextRegex::matches_start(std::string_view text) const {
  return regex_->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                       RE2::ANCHOR_START, nullptr, 0);
}

std::optional<TextRegex::Match> TextRegex::find(std::string_view text, std::size_t from,
                                                bool at_start) const {
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(group_count()) + 1);
  if (!regex_->Match(re2::StringPiece(text.data(), text.size()), from, text.size(),
                     at_start ? RE2::ANCHOR_START : RE2::UNANCHORED, groups.data(),
                     static_cast<int>(groups.size()))) {
    return std::nullopt;
  }
  Match match;
  match.start = static_cast<std::size_t>(groups[0].data() - text.data());
  match.end = match.start + groups[0].size();
  for (const re2::StringPiece& group : groups) {
    if (group.data() == nullptr) {
      match.groups.emplace_back();
    } else {
      match.groups.emplace_back(std::string_view(group.data(), group.size()));
    }
  }
  return match;
}

std::vector<TextRegex::Match> TextRegex::find_all(std::string_view text) const {
  std::vector<Match> matches;
  std::size_t from = 0;
  while (from <= text.size()) {
    auto match = find(text, from);
    if (!match) break;
    // Behind an empty match the search goes on one character later.
    from = match->end > match->start ? match->end : next_character(text, match->end);
    matches.push_back(*std::move(match));
  }
  return matches;
}

void ReplacementText::add_literal(std::string_view text) {
  if (pieces_.empty() || pieces_.back().group >= 0) pieces_.push_back({-1, ""});
  pieces_.back().text += text;
}

Result<ReplacementText> ReplacementText::parse(std::string_view text, const TextRegex& regex) {
  if (text.size() > kMaxReplacementBytes) {
    return invalid_input("a replacement longer than " + std::to_string(kMaxReplacementBytes) +
                         " bytes");
  }
  ReplacementText parsed;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      if (text[i] == '\\') return invalid_input("the replacement ends with a lone backslash");
      parsed.add_literal(text.substr(i, 1));
      continue;
    }
    const char next = text[++i];
    if (is_digit(next)) {
      const std::size_t length = i + 1 < text.size() && is_digit(text[i + 1]) ? 2 : 1;
      if (next == '0') return invalid_input("octal escapes in a replacement are not supported");
      ASSIGN_OR_RETURN(const int group, group_of(text.substr(i, length), regex));
      parsed.pieces_.push_back({group, ""});
      i += length - 1;
    } else if (next == 'g' && i + 1 < text.size() && text[i + 1] == '<') {
      const std::size_t end = text.find('>', i);
      if (end == std::string_view::npos) return invalid_input("the replacement has an open '\\g<'");
      ASSIGN_OR_RETURN(const int group, group_of(text.substr(i + 2, end - i - 2), regex));
      parsed.pieces_.push_back({group, ""});
      i = end;
    } else if (const char control = control_of(next); control != '\0') {
      parsed.add_literal(std::string_view(&control, 1));
    } else if (is_letter(next)) {
      return invalid_input(std::string("the replacement has the unknown escape '\\") + next + "'");
    } else {
      parsed.add_literal(text.substr(i - 1, 2));
    }
  }
  return parsed;
}

std::string ReplacementText::expand(const TextRegex::Match& match) const {
  std::string text;
  for (const Piece& piece : pieces_) {
    if (piece.group < 0) {
      text += piece.text;
    } else if (const auto& group = match.groups[static_cast<std::size_t>(piece.group)]) {
      text += *group;
    }
  }
  return text;
}

}  // namespace catena::processing
