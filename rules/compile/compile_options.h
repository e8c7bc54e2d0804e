// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

// What the person who loads rules decides, and the bounds that no rule may exceed.
namespace catena::compile {

class RuleTransformer;

struct CompileOptions {
  // finish() fails when any rule was refused.
  bool strict = false;
  // What `|expand` puts for %name%: the values, which may hold wildcards. A name that is not here
  // refuses the rule (rules specification 2.1, Placeholders).
  std::map<std::string, std::vector<std::string>, std::less<>> placeholders;
  // Changes each rule between its modifiers and its predicates (processing pipelines); may be null.
  std::shared_ptr<const RuleTransformer> transformer;
};

// Predicates of one rule, before equal ones are joined.
inline constexpr std::size_t kMaxPredicatesPerRule = 20'000;
// Bytes of text in all predicates of one rule, after expansion.
inline constexpr std::size_t kMaxTextBytesPerRule = 8 * 1024 * 1024;
// Bytes of one value, before expansion.
inline constexpr std::size_t kMaxValueBytes = 16 * 1024;
// What one value may become: windash gives 5 for each dash, base64offset 3, expand the product of
// its placeholders' values.
inline constexpr std::size_t kMaxVariantsPerValue = 1'000;
inline constexpr std::size_t kMaxWildcardsPerValue = 256;
// "N of" with 1 < N < all stands for every choice of N search identifiers.
inline constexpr std::size_t kMaxQuantifierChoices = 1'024;

}  // namespace catena::compile
