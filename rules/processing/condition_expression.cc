// SPDX-License-Identifier: Apache-2.0
#include "rules/processing/condition_expression.h"

#include <algorithm>

namespace catena::processing {
namespace {

bool is_name_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

}  // namespace

class ExpressionParser {
 public:
  using Node = ConditionExpression::Node;
  using Problem = ConditionExpression::Problem;

  ExpressionParser(std::string_view text, const std::vector<std::string>& names,
                   std::vector<Node>& nodes)
      : text_(text), names_(names), nodes_(nodes), seen_(names.size(), false) {}

  std::optional<Problem> run() {
    next();
    std::size_t root = 0;
    if (auto problem = parse_linked(Node::Kind::kOr, root)) return problem;
    if (!word_.empty()) return unexpected();
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      if (!seen_[i]) return Problem{0, "does not mention the condition '" + names_[i] + "'"};
    }
    return std::nullopt;
  }

 private:
  void next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) {
      ++at_;
    }
    start_ = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    if (at_ == start_ && at_ < text_.size()) ++at_;
    word_ = text_.substr(start_, at_ - start_);
  }

  Problem unexpected() const {
    return {start_, word_.empty() ? "ends too early" : "unexpected '" + std::string(word_) + "'"};
  }

  std::size_t add(Node node) {
    nodes_.push_back(node);
    return nodes_.size() - 1;
  }

  std::optional<Problem> parse_linked(Node::Kind kind, std::size_t& root) {
    const bool is_or = kind == Node::Kind::kOr;
    const auto operand = [&](std::size_t& node) {
      return is_or ? parse_linked(Node::Kind::kAnd, node) : parse_not(node);
    };
    if (auto problem = operand(root)) return problem;
    while (word_ == (is_or ? "or" : "and")) {
      next();
      std::size_t right = 0;
      if (auto problem = operand(right)) return problem;
      root = add({kind, root, right});
    }
    return std::nullopt;
  }

  std::optional<Problem> parse_not(std::size_t& root) {
    if (++depth_ > kMaxConditionNesting) return Problem{start_, "is nested too deeply"};
    std::optional<Problem> problem;
    if (word_ == "not") {
      next();
      problem = parse_not(root);
      if (!problem) root = add({Node::Kind::kNot, root, 0});
    } else {
      problem = parse_primary(root);
    }
    --depth_;
    return problem;
  }

  std::optional<Problem> parse_primary(std::size_t& root) {
    if (word_ == "(") {
      next();
      if (auto problem = parse_linked(Node::Kind::kOr, root)) return problem;
      if (word_ != ")") return unexpected();
      next();
      return std::nullopt;
    }
    if (word_.empty() || !is_name_character(word_[0]) || word_ == "and" || word_ == "or") {
      return unexpected();
    }
    const auto found = std::find(names_.begin(), names_.end(), word_);
    if (found == names_.end()) {
      return Problem{start_, "there is no condition '" + std::string(word_) + "'"};
    }
    const auto index = static_cast<std::size_t>(found - names_.begin());
    seen_[index] = true;
    root = add({Node::Kind::kName, index, 0});
    next();
    return std::nullopt;
  }

  std::string_view text_;
  const std::vector<std::string>& names_;
  std::vector<Node>& nodes_;
  std::vector<bool> seen_;
  std::string_view word_;
  std::size_t start_ = 0;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

std::optional<ConditionExpression::Problem> ConditionExpression::parse(
    std::string_view text, const std::vector<std::string>& names) {
  nodes_.clear();
  if (text.size() > kMaxExpressionBytes) {
    return Problem{0, "is longer than " + std::to_string(kMaxExpressionBytes) + " bytes"};
  }
  return ExpressionParser(text, names, nodes_).run();
}

}  // namespace catena::processing
