// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/condition_parser.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "rules/sigma/modifier.h"

namespace catena::sigma {
namespace {

constexpr std::string_view kAggregationAdvice =
    "aggregations ('| count() by', '| near') were withdrawn from Sigma; rewrite the rule as a "
    "correlation rule (type event_count, value_count or temporal)";

enum class TokenKind : std::uint8_t { kOpen, kClose, kPipe, kWord, kEnd };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;
  std::size_t offset = 0;
};

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_word(char c) noexcept { return !is_blank(c) && c != '(' && c != ')' && c != '|'; }

bool same_word(std::string_view word, std::string_view lower) noexcept {
  return std::equal(word.begin(), word.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

bool is_reserved(std::string_view word) noexcept {
  for (const std::string_view keyword : {"and", "or", "not", "of", "them"}) {
    if (same_word(word, keyword)) return true;
  }
  return false;
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < text.size() && tokens.size() <= kMaxConditionTokens) {
    const char c = text[at];
    if (is_blank(c)) {
      ++at;
    } else if (is_word(c)) {
      std::size_t end = at;
      while (end < text.size() && is_word(text[end])) ++end;
      tokens.push_back({TokenKind::kWord, text.substr(at, end - at), at});
      at = end;
    } else {
      const TokenKind kind = c == '('   ? TokenKind::kOpen
                             : c == ')' ? TokenKind::kClose
                                        : TokenKind::kPipe;
      tokens.push_back({kind, text.substr(at, 1), at});
      ++at;
    }
  }
  return tokens;
}

class Parser {
 public:
  Parser(std::string_view text, Condition& condition)
      : tokens_(tokens_of(text)),
        end_{TokenKind::kEnd, "the end", text.size()},
        condition_(condition) {}

  std::optional<ConditionProblem> run() {
    if (tokens_.size() > kMaxConditionTokens) {
      fail(tokens_.back(), "more than " + std::to_string(kMaxConditionTokens) + " words",
           DiagnosticCode::kLimit);
      return problem_;
    }
    const auto root = or_expression(0);
    if (root && peek().kind != TokenKind::kEnd) fail_unexpected();
    if (problem_) return problem_;
    condition_.root = *root;
    return std::nullopt;
  }

 private:
  using Index = std::optional<std::uint32_t>;  // nullopt: problem_ says why

  const Token& peek(std::size_t ahead = 0) const {
    return next_ + ahead < tokens_.size() ? tokens_[next_ + ahead] : end_;
  }
  bool at_keyword(std::string_view keyword) const {
    return peek().kind == TokenKind::kWord && same_word(peek().text, keyword);
  }

  std::nullopt_t fail(const Token& at, std::string message,
                      DiagnosticCode code = DiagnosticCode::kCondition) {
    if (!problem_) problem_ = ConditionProblem{code, at.offset, std::move(message)};
    return std::nullopt;
  }

  std::nullopt_t fail_unexpected() {
    const Token& token = peek();
    if (token.kind == TokenKind::kPipe || at_keyword("near")) {
      return fail(token, std::string(kAggregationAdvice), DiagnosticCode::kLegacy);
    }
    if (token.kind == TokenKind::kEnd) return fail(token, "the condition ends too early");
    return fail(token, "unexpected '" + std::string(token.text) + "'");
  }

  std::uint32_t add(ConditionNode node) {
    condition_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(condition_.nodes.size() - 1);
  }

  Index or_expression(std::size_t depth) {
    return joined(ConditionNode::Kind::kOr, "or", [&] { return and_expression(depth); });
  }
  Index and_expression(std::size_t depth) {
    return joined(ConditionNode::Kind::kAnd, "and", [&] { return not_expression(depth); });
  }

  template <typename Operand>
  Index joined(ConditionNode::Kind kind, std::string_view keyword, Operand operand) {
    ConditionNode node;
    node.kind = kind;
    node.offset = peek().offset;
    for (;;) {
      const Index child = operand();
      if (!child) return std::nullopt;
      node.children.push_back(*child);
      if (!at_keyword(keyword)) break;
      ++next_;
    }
    if (node.children.size() == 1) return node.children[0];
    return add(std::move(node));
  }

  Index not_expression(std::size_t depth) {
    const std::size_t offset = peek().offset;
    bool negated = false;
    while (at_keyword("not")) {
      negated = !negated;
      ++next_;
    }
    const Index operand = primary(depth);
    if (!operand || !negated) return operand;
    ConditionNode node;
    node.kind = ConditionNode::Kind::kNot;
    node.children.push_back(*operand);
    node.offset = offset;
    return add(std::move(node));
  }

  Index primary(std::size_t depth) {
    const Token token = peek();
    if (token.kind == TokenKind::kOpen) return bracketed(depth);
    if (token.kind != TokenKind::kWord) return fail_unexpected();
    if (peek(1).kind == TokenKind::kWord && same_word(peek(1).text, "of")) return quantified();
    if (is_reserved(token.text)) return fail_unexpected();
    if (token.text.find('*') != std::string_view::npos) {
      return fail(token, "'" + std::string(token.text) +
                             "' is a pattern; write '1 of' or 'all of' before it");
    }
    ++next_;
    ConditionNode node;
    node.name = std::string(token.text);
    node.offset = token.offset;
    return add(std::move(node));
  }

  Index bracketed(std::size_t depth) {
    if (depth >= kMaxConditionDepth) {
      return fail(peek(),
                  "brackets nested deeper than " + std::to_string(kMaxConditionDepth) + " levels",
                  DiagnosticCode::kLimit);
    }
    ++next_;
    const Index inner = or_expression(depth + 1);
    if (!inner) return std::nullopt;
    if (peek().kind != TokenKind::kClose) {
      if (peek().kind == TokenKind::kEnd) return fail(peek(), "a bracket is not closed");
      return fail_unexpected();
    }
    ++next_;
    return inner;
  }

  Index quantified() {
    const Token quantifier = peek();
    ConditionNode node;
    node.kind = ConditionNode::Kind::kQuantified;
    node.offset = quantifier.offset;
    if (same_word(quantifier.text, "any")) {
      node.count = 1;
    } else if (!same_word(quantifier.text, "all")) {
      const char* const end = quantifier.text.data() + quantifier.text.size();
      const auto [stop, error] = std::from_chars(quantifier.text.data(), end, node.count);
      if (error != std::errc() || stop != end || node.count == 0) {
        return fail(quantifier, "'" + std::string(quantifier.text) +
                                    "' before 'of' is neither 'all', 'any' nor a count from 1");
      }
    }
    next_ += 2;
    const Token selector = peek();
    if (selector.kind != TokenKind::kWord) return fail_unexpected();
    node.is_them = same_word(selector.text, "them");
    if (!node.is_them && is_reserved(selector.text)) return fail_unexpected();
    node.name = std::string(selector.text);
    ++next_;
    return add(std::move(node));
  }

  std::vector<Token> tokens_;
  Token end_;
  Condition& condition_;
  std::size_t next_ = 0;
  std::optional<ConditionProblem> problem_;
};

std::optional<ConditionProblem> resolve_name(const std::vector<std::string_view>& names,
                                             ConditionNode& node) {
  const auto found = std::find(names.begin(), names.end(), node.name);
  if (found != names.end()) {
    node.identifiers.push_back(static_cast<std::uint32_t>(found - names.begin()));
    return std::nullopt;
  }
  std::string message = "there is no search identifier '" + node.name + "'";
  const std::string_view nearest = nearest_name(node.name, names);
  if (!nearest.empty()) message += "; did you mean '" + std::string(nearest) + "'?";
  return ConditionProblem{DiagnosticCode::kNamesNothing, node.offset, std::move(message)};
}

std::optional<ConditionProblem> resolve_quantified(const std::vector<std::string_view>& names,
                                                   ConditionNode& node) {
  // The specification: a pattern is "same as them, but restricted to matching" names.
  const bool with_hidden = !node.is_them && node.name.starts_with('_');
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!with_hidden && names[i].starts_with('_')) continue;
    if (node.is_them || matches_name_pattern(node.name, names[i]))
      node.identifiers.push_back(static_cast<std::uint32_t>(i));
  }
  const auto refuse = [&node](std::string message) {
    return ConditionProblem{DiagnosticCode::kNamesNothing, node.offset, std::move(message)};
  };
  if (node.identifiers.empty()) {
    return refuse("no search identifier matches '" + node.name + "'");
  }
  if (node.count > node.identifiers.size()) {
    return refuse("'" + std::to_string(node.count) + " of " + node.name +
                  "' can never hold: only " + std::to_string(node.identifiers.size()) + " match");
  }
  return std::nullopt;
}

}  // namespace

std::optional<ConditionProblem> parse_condition(std::string_view text, Condition& condition) {
  condition = {};
  if (text.size() > kMaxConditionBytes) {
    return ConditionProblem{DiagnosticCode::kLimit, 0,
                            "longer than " + std::to_string(kMaxConditionBytes) + " bytes"};
  }
  return Parser(text, condition).run();
}

std::optional<ConditionProblem> resolve_condition(const std::vector<std::string_view>& names,
                                                  Condition& condition) {
  std::size_t references = 0;
  for (ConditionNode& node : condition.nodes) {
    node.identifiers.clear();
    std::optional<ConditionProblem> problem;
    if (node.kind == ConditionNode::Kind::kName) problem = resolve_name(names, node);
    if (node.kind == ConditionNode::Kind::kQuantified) problem = resolve_quantified(names, node);
    if (problem) return problem;
    references += node.identifiers.size();
    if (references > kMaxConditionReferences) {
      return ConditionProblem{DiagnosticCode::kLimit, node.offset,
                              "stands for more than " + std::to_string(kMaxConditionReferences) +
                                  " search identifiers"};
    }
  }
  return std::nullopt;
}

bool matches_name_pattern(std::string_view pattern, std::string_view name) noexcept {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;  // the last "*" seen, to return to
  std::size_t resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace catena::sigma
