// SPDX-License-Identifier: Apache-2.0
// Any bytes through the YAML reader: it must answer, and every place it names must be a place.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "rules/yaml/yaml_reader.h"

namespace {

void walk(const catena::yaml::YamlNode& node) {
  if (node.line() == 0 || node.column() == 0) std::abort();
  for (const auto& item : node.items()) walk(item);
  for (const auto& entry : node.entries()) {
    if (!entry.key.is_scalar() || node.find(entry.key.text()) == nullptr) std::abort();
    walk(entry.value);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // An exact-size copy lets the address sanitizer see one byte too far.
  const std::unique_ptr<char[]> copy(new char[size]);
  for (std::size_t i = 0; i < size; ++i) copy[i] = static_cast<char>(data[i]);
  std::vector<catena::yaml::YamlDocument> documents;
  catena::yaml::YamlLimits limits;
  limits.nodes = 2'000;  // keeps find() above from being quadratic in a large input
  const auto problem = catena::yaml::parse_yaml({copy.get(), size}, "fuzz", limits, documents);
  if (problem && (problem->line == 0 || problem->column == 0 || problem->reason.empty())) {
    std::abort();
  }
  for (const auto& document : documents) walk(document.root);
  return 0;
}
