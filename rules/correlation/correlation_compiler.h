// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/event/field_catalog.h"
#include "engine/plan/rule_set.h"
#include "rules/sigma/correlation.h"
#include "rules/sigma/diagnostic.h"

// Makes a CorrelationProgram of correlation rules whose references are bound: level, tags and
// condition of each, and, once all are there, which values every rule's matches have to carry for
// the correlations above it. Thread safety: none.
// Call protocol: add() for each, those below before those above; finish() once.
namespace catena::compile {

// Correlations above one another: of a rule, of a correlation of it, and so on.
inline constexpr std::size_t kMaxCorrelationDepth = 16;

// Alias -> field, for one input.
using AliasFields = std::map<std::string, std::string, std::less<>>;

struct BoundCorrelation {
  const sigma::CorrelationRule& rule;
  std::string file;
  std::uint32_t line = 0;
  // In the order of the rule's `rules`: the index is that of the rule set or of add().
  std::vector<plan::CorrelationInput> inputs;
  std::vector<AliasFields> aliases;
};

class CorrelationCompiler {
 public:
  CorrelationCompiler(std::span<const plan::Rule> rules, FieldCatalog& catalog)
      : rules_(rules), catalog_(catalog) {}

  // Sets `number` to the correlation's own, or says why it is refused.
  [[nodiscard]] std::optional<sigma::RuleProblem> add(BoundCorrelation bound,
                                                      std::uint32_t& number);
  [[nodiscard]] plan::CorrelationProgram finish();

 private:
  // The fields whose values something gives to the correlations above it.
  using Fields = std::vector<std::string>;

  [[nodiscard]] std::optional<sigma::RuleProblem> set_level(const BoundCorrelation& bound,
                                                            plan::Correlation& correlation) const;
  void set_tags(const BoundCorrelation& bound, plan::Correlation& correlation) const;
  [[nodiscard]] std::optional<sigma::RuleProblem> count_fields(const BoundCorrelation& bound);
  [[nodiscard]] std::optional<sigma::RuleProblem> measure_depth(const BoundCorrelation& bound,
                                                                std::size_t& depth) const;
  void ask(std::size_t number);
  [[nodiscard]] std::uint32_t slot(const plan::CorrelationInput& input, const std::string& field);
  void set_alerts(plan::CorrelationProgram& program) const;

  std::span<const plan::Rule> rules_;
  FieldCatalog& catalog_;
  std::vector<plan::Correlation> correlations_;
  std::vector<std::vector<AliasFields>> aliases_;  // by correlation, by input
  std::vector<bool> generates_;                    // by correlation
  std::vector<std::size_t> depths_;                // by correlation
  std::map<std::uint32_t, Fields> rule_needs_;     // by rule
  std::vector<Fields> correlation_needs_;          // by correlation, beside its group-by
  // How many fields may be asked for.
  std::map<std::uint32_t, std::size_t> rule_asked_;
  std::vector<std::size_t> correlation_asked_;
};

}  // namespace catena::compile
