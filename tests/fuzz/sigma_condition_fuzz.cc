// SPDX-License-Identifier: Apache-2.0
// Any text as a condition: it parses or has a problem inside the text, and children come first.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "rules/sigma/condition_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // An exact-size copy lets the address sanitizer see one byte too far.
  const std::unique_ptr<char[]> copy(new char[size]);
  for (std::size_t i = 0; i < size; ++i) copy[i] = static_cast<char>(data[i]);
  catena::sigma::Condition condition;
  const auto problem = catena::sigma::parse_condition({copy.get(), size}, condition);
  if (problem) {
    if (problem->offset > size || problem->message.empty()) std::abort();
    return 0;
  }
  if (condition.root >= condition.nodes.size()) std::abort();
  for (std::size_t i = 0; i < condition.nodes.size(); ++i) {
    for (const std::uint32_t child : condition.nodes[i].children) {
      if (child >= i) std::abort();
    }
  }
  const std::vector<std::string_view> names = {"selection", "sel_1", "sel_2", "filter", "_hidden"};
  if (catena::sigma::resolve_condition(names, condition)) return 0;
  for (const auto& node : condition.nodes) {
    const bool leaf = node.children.empty();
    if (leaf == node.identifiers.empty()) std::abort();
  }
  return 0;
}
