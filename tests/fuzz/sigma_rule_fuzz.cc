// SPDX-License-Identifier: Apache-2.0
// Any bytes as a rule file, from YAML to the program: every document is loaded or refused with a
// reason, and the program is well formed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "engine/plan/rule_set_codec.h"
#include "rules/compile/rule_loader.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void check_program(const catena::plan::RuleSet& set) {
  using Kind = catena::plan::Node::Kind;
  for (std::size_t i = 0; i < set.nodes.size(); ++i) {
    const auto& node = set.nodes[i];
    if (node.kind == Kind::kPredicate) check(node.first < set.predicates.size());
    if (node.kind != Kind::kAnd && node.kind != Kind::kOr && node.kind != Kind::kNot) continue;
    check(node.count >= (node.kind == Kind::kNot ? 1U : 2U));
    check(node.first + node.count <= set.children.size());
    for (std::uint32_t c = 0; c < node.count; ++c) check(set.children[node.first + c] < i);
  }
  for (const auto& rule : set.rules) {
    check(rule.root < set.nodes.size());
    check(!rule.id.empty() && !rule.title.empty());
  }
  for (const auto& predicate : set.predicates) {
    check((predicate.op == catena::plan::Op::kRegex) == (predicate.regex != nullptr));
    check(predicate.any_field == (predicate.field == catena::kUnknownField));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // An exact-size copy lets the address sanitizer see one byte too far.
  const std::unique_ptr<char[]> copy(new char[size]);
  for (std::size_t i = 0; i < size; ++i) copy[i] = static_cast<char>(data[i]);
  catena::FieldCatalog catalog;
  catena::compile::CompileOptions options;
  options.placeholders["x"] = {"one", "two*"};
  catena::compile::RuleLoader loader(catalog, options);
  loader.add_text({copy.get(), size}, "fuzz");
  const auto set = loader.finish();
  check(set.ok());
  check(set->rules.size() == loader.report().rules_loaded);
  for (const auto& refusal : loader.report().refused) check(!refusal.message.empty());
  check_program(*set);
  check(catena::plan::check_rule_set(*set, catalog.size()).ok());
  return 0;
}
