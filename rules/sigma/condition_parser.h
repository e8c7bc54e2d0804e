// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/sigma/diagnostic.h"

// Parses the condition of a Sigma rule (rules specification 2.1, section Condition):
//
//   condition  = or_expr ;
//   or_expr    = and_expr , { "or" , and_expr } ;
//   and_expr   = not_expr , { "and" , not_expr } ;
//   not_expr   = { "not" } , primary ;
//   primary    = quantified | name | "(" , or_expr , ")" ;
//   quantified = ( "all" | "any" | count ) , "of" , ( "them" | pattern ) ;
//   count      = digit , { digit } ;                    (* at least 1; "any" is 1 *)
//   pattern    = name that may hold "*" at any place ;  (* "*" stands for any characters *)
//   name       = one or more characters other than blanks, "(" , ")" , "|" ;
//
// Keywords may be written in any case; names are case-sensitive. "them" leaves out names that start
// with "_", and so does a pattern that does not start with "_" itself. The withdrawn aggregation "|
// count() by ..." and "near" are refused with the way out. It knows no search identifiers until
// resolve_condition(), which binds names and patterns. Thread safety: pure functions. Cost: linear
// in the text. Native stack: kMaxConditionDepth frames.
namespace catena::sigma {

inline constexpr std::size_t kMaxConditionBytes = 64 * 1024;
inline constexpr std::size_t kMaxConditionTokens = 4'096;
// Search identifiers that the names and patterns of one condition stand for, all counted.
inline constexpr std::size_t kMaxConditionReferences = 16'384;
inline constexpr std::size_t kMaxConditionDepth = 64;  // nested brackets

struct ConditionNode {
  enum class Kind : std::uint8_t { kName, kAnd, kOr, kNot, kQuantified };
  Kind kind = Kind::kName;
  std::vector<std::uint32_t> children;  // kAnd, kOr: two or more; kNot: one; indices into nodes
  std::string name;                     // kName; the pattern of kQuantified, or "them"
  std::uint32_t count = 0;              // kQuantified: how many must hold; 0 means all
  bool is_them = false;                 // kQuantified: written as "them"
  std::size_t offset = 0;               // where in the condition's text
  // After resolve_condition(): indices of the search identifiers that kName or kQuantified means.
  std::vector<std::uint32_t> identifiers;
};

struct Condition {
  std::vector<ConditionNode> nodes;  // children come before their parents
  std::uint32_t root = 0;
};

struct ConditionProblem {
  DiagnosticCode code = DiagnosticCode::kCondition;
  std::size_t offset = 0;  // byte in the condition's text
  std::string message;
};

[[nodiscard]] std::optional<ConditionProblem> parse_condition(std::string_view text,
                                                              Condition& condition);

// Binds every name and pattern to `names`. A problem when a name is unknown, a pattern matches
// nothing, or fewer names match than are asked for.
[[nodiscard]] std::optional<ConditionProblem> resolve_condition(
    const std::vector<std::string_view>& names, Condition& condition);

// True when `name` is `pattern` with every "*" replaced by some characters.
[[nodiscard]] bool matches_name_pattern(std::string_view pattern, std::string_view name) noexcept;

}  // namespace catena::sigma
