// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The expression that links the named conditions of a pipeline item:
//
//   or_expr  = and_expr , { "or" , and_expr } ;
//   and_expr = not_expr , { "and" , not_expr } ;
//   not_expr = { "not" } , ( name | "(" , or_expr , ")" ) ;
//   name     = letters, digits, "_" and "-" ;
//
// Source: pySigma's rule_cond_expr, detection_item_cond_expr and field_name_cond_expr.
// Thread safety: pure functions. Native stack: kMaxConditionNesting frames.
namespace catena::processing {

inline constexpr std::size_t kMaxExpressionBytes = 4'096;
inline constexpr std::size_t kMaxConditionNesting = 64;  // brackets and `not`

class ConditionExpression {
 public:
  struct Problem {
    std::size_t offset = 0;  // byte in the text
    std::string message;
  };

  // Names are bound to their index in `names`; each of these must occur.
  [[nodiscard]] std::optional<Problem> parse(std::string_view text,
                                             const std::vector<std::string>& names);

  // `truth(i)` says whether condition i holds.
  template <typename Truth>
  [[nodiscard]] bool evaluate(Truth truth) const {
    std::vector<bool> done;
    done.reserve(nodes_.size());
    for (const Node& node : nodes_) {
      switch (node.kind) {
        case Node::Kind::kName:
          done.push_back(truth(node.left));
          break;
        case Node::Kind::kNot:
          done.push_back(!done[node.left]);
          break;
        case Node::Kind::kAnd:
          done.push_back(done[node.left] && done[node.right]);
          break;
        case Node::Kind::kOr:
          done.push_back(done[node.left] || done[node.right]);
          break;
      }
    }
    return done.back();
  }

 private:
  friend class ExpressionParser;
  struct Node {
    enum class Kind : std::uint8_t { kName, kNot, kAnd, kOr };
    Kind kind = Kind::kName;
    std::size_t left = 0;  // kName: the condition's index
    std::size_t right = 0;
  };
  std::vector<Node> nodes_;  // children before their parents, the root last
};

}  // namespace catena::processing
