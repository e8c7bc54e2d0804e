// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/ip_network.h"
#include "engine/plan/predicate.h"
#include "rules/compile/compile_options.h"
#include "rules/compile/regex_compiler.h"
#include "rules/compile/text_pattern.h"
#include "rules/sigma/diagnostic.h"
#include "rules/sigma/rule.h"

// Applies the modifiers of a detection item to one of its values, from left to right, each to the
// result of the one before (rules specification 2.1, Value Modifiers). `all` and `neq` concern the
// item as a whole and are left to the rule compiler.
// Thread safety: pure functions.
namespace catena::compile {

// A value on its way from a rule to a predicate.
struct ModifiedValue {
  enum class Kind : std::uint8_t {
    kText,            // text, number or boolean, compared as text
    kNull,            //
    kRegex,           // regex
    kNetwork,         // network
    kNumber,          // op and number
    kExists,          // exists
    kFieldReference,  // other_field, compared as opened_start and opened_end say
    kTimePart,        // time_part, op and number
  };
  // How a kText value was written; all are compared as text, but pipelines tell them apart.
  enum class Scalar : std::uint8_t { kString, kNumber, kBool };
  Kind kind = Kind::kText;
  Scalar scalar = Scalar::kString;
  bool cased = false;
  bool opened_start = false;  // contains or endswith was applied
  bool opened_end = false;    // contains or startswith was applied
  bool is_touched = false;    // some modifier changed it: it is no longer what was written
  bool is_bytes = false;      // a utf16 modifier was the last to encode it
  bool exists = false;
  TextPattern text;
  std::string regex;
  RegexFlags regex_flags;
  bool whole = false;  // kRegex: must match the whole value instead of some part of it
  IpNetwork network;
  plan::Op op = plan::Op::kEquals;
  plan::Number number;
  plan::TimePart time_part = plan::TimePart::kHour;
  std::string other_field;
};

// Replaces `results` by what `value` of `item` becomes: alternatives, at most
// kMaxVariantsPerValue.
[[nodiscard]] std::optional<sigma::RuleProblem> apply_modifiers(
    const sigma::DetectionItem& item, const sigma::Value& value, const CompileOptions& options,
    std::vector<ModifiedValue>& results);

[[nodiscard]] bool has_modifier(const sigma::DetectionItem& item,
                                sigma::Modifier modifier) noexcept;

}  // namespace catena::compile
