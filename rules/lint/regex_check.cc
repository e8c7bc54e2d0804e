// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <string_view>

#include "rules/compile/regex_compiler.h"
#include "rules/compile/value_modifiers.h"
#include "rules/lint/checks.h"

namespace catena::lint {
namespace {

using sigma::Modifier;

constexpr std::string_view kMeta = "\\^$.|?*+()[]{}";

// The text that a pattern without any operator says; nullopt for all other patterns.
std::optional<std::string> plain_text(std::string_view pattern) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '\\') {
      if (kMeta.find(pattern[i]) != std::string_view::npos) return std::nullopt;
      text += pattern[i];
      continue;
    }
    // A backslash before a letter or a digit is a class or an anchor.
    if (++i == pattern.size() || static_cast<unsigned char>(pattern[i]) >= 0x80)
      return std::nullopt;
    const char c = pattern[i];
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_word) return std::nullopt;
    text += c;
  }
  return text;
}

// As a value of a Sigma rule: wildcards and backslashes before them are escaped.
std::string as_sigma_text(std::string_view text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool special = text[i] == '*' || text[i] == '?' ||
                         (text[i] == '\\' && (i + 1 == text.size() || text[i + 1] == '\\' ||
                                              text[i + 1] == '*' || text[i + 1] == '?'));
    if (special) escaped += '\\';
    escaped += text[i];
  }
  return escaped;
}

struct Edges {
  std::size_t begin = 0;  // of the pattern without ".*" or ".*?" at both edges
  std::size_t end = 0;
};

// A search finds "x" wherever it finds ".*x": "." gives up at a line feed, but the match may start
// after it.
Edges without_idle_edges(std::string_view pattern) {
  Edges edges{0, pattern.size()};
  for (const std::string_view idle : {".*?", ".*"}) {
    if (edges.begin == 0 && pattern.starts_with(idle)) edges.begin = idle.size();
  }
  for (const std::string_view idle : {".*?", ".*"}) {
    const std::size_t size = idle.size();
    if (edges.end != pattern.size() || pattern.size() < edges.begin + size) continue;
    if (!pattern.ends_with(idle)) continue;
    const bool is_escaped = pattern.size() > size && pattern[pattern.size() - size - 1] == '\\';
    if (!is_escaped) edges.end = pattern.size() - size;
  }
  return edges;
}

class RegexCheck {
 public:
  RegexCheck(Document& document, const ReadItem& read)
      : document_(document), item_(read.item), is_complete_(read.is_complete) {
    for (const sigma::AppliedModifier& applied : item_.modifiers) {
      flags_.ignore_case |= applied.modifier == Modifier::kRegexIgnoreCase;
      flags_.multi_line |= applied.modifier == Modifier::kRegexMultiLine;
      flags_.dot_all |= applied.modifier == Modifier::kRegexDotAll;
    }
  }

  void run() {
    for (const sigma::Value& value : item_.values) {
      if (const auto error = compile::find_regex_error(value.text, flags_)) {
        document_.add("regex", within(value, error->offset, error->offset + error->length),
                      "the regular expression is refused: " + error->reason);
        continue;
      }
      if (!is_complete_) continue;
      plain(value);
      idle_edges(value);
    }
  }

 private:
  Span within(const sigma::Value& value, std::size_t from, std::size_t to) const {
    bool is_exact = false;
    return document_.source().within(value.place, value.text, from, to, is_exact);
  }

  void plain(const sigma::Value& value) {
    const Edges edges = without_idle_edges(value.text);
    std::string_view body =
        std::string_view(value.text).substr(edges.begin, edges.end - edges.begin);
    const bool at_start = edges.begin == 0 && body.starts_with('^');
    const bool at_end =
        edges.end == value.text.size() && body.ends_with('$') && !body.ends_with("\\$");
    if (flags_.multi_line && (at_start || at_end)) return;
    if (at_start) body.remove_prefix(1);
    if (at_end && !body.empty()) body.remove_suffix(1);
    const auto text = plain_text(body);
    if (!text || text->empty()) return;
    std::string modifiers = at_start && at_end ? ""
                            : at_start         ? "|startswith"
                            : at_end           ? "|endswith"
                                               : "|contains";
    if (item_.is_keyword()) modifiers.clear();
    if (!flags_.ignore_case) modifiers += "|cased";
    document_.add(kRegexAsModifier, document_.span_of(value),
                  "this is no pattern; '" + item_.field + modifiers + ": " + as_sigma_text(*text) +
                      "' says the same without a regular expression");
  }

  void idle_edges(const sigma::Value& value) {
    const Edges edges = without_idle_edges(value.text);
    if (edges.begin >= edges.end) return;  // nothing else
    const std::string_view pattern = value.text;
    // ".*a|b" is (".*a") or "b"; still idle, but "(?i).*" and the like are not looked into.
    if (edges.begin > 0) {
      document_.add(kRegexIdleEdge, within(value, 0, edges.begin),
                    "'" + std::string(pattern.substr(0, edges.begin)) +
                        "' does nothing at the start: the expression is searched, not anchored");
    }
    if (edges.end < pattern.size()) {
      document_.add(kRegexIdleEdge, within(value, edges.end, pattern.size()),
                    "'" + std::string(pattern.substr(edges.end)) +
                        "' does nothing at the end: the expression is searched, not anchored");
    }
  }

  Document& document_;
  const sigma::DetectionItem& item_;
  bool is_complete_;
  compile::RegexFlags flags_;
};

}  // namespace

void check_regexes(Document& document) {
  for (const ReadIdentifier& identifier : document.rule().identifiers) {
    for (const std::vector<ReadItem>& items : identifier.alternatives) {
      for (const ReadItem& read : items) {
        if (compile::has_modifier(read.item, Modifier::kRegex)) {
          RegexCheck(document, read).run();
        }
      }
    }
  }
}

}  // namespace catena::lint
