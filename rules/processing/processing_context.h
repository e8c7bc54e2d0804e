// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/compile/resolved_rule.h"
#include "rules/processing/scalar.h"
#include "rules/sigma/correlation.h"
#include "rules/sigma/diagnostic.h"

// What the items of all pipelines share while they work on one rule: the rule, the pipelines'
// variables, the state that items set for later ones, and which item changed what. For a
// correlation the rule has its title, tags and attributes, and no detections. Thread safety: none;
// one context a rule.
namespace catena::processing {

// Names of `vars`, with one value or several.
using Variables = std::map<std::string, std::vector<Scalar>, std::less<>>;

inline constexpr std::size_t kMaxDetectionDepth = 64;  // nested groups of one search identifier

class ProcessingContext {
 public:
  ProcessingContext(compile::ResolvedRule& rule, const Variables& variables);

  // The correlation in work and the log sources of the rules below it.
  struct Correlation {
    sigma::CorrelationRule& rule;
    std::span<const sigma::LogSource> log_sources;
  };

  compile::ResolvedRule& rule;
  std::optional<Correlation> correlation;  // nullopt: a plain rule
  const Variables& variables;
  std::map<std::string, Scalar, std::less<>> state;
  sigma::Attribute fields;                // the rule's `fields`, as pipelines rename them
  std::set<std::string> applied_to_rule;  // ids of the items whose rule conditions held
  // By field name of `fields` and of references: the items that gave it its name.
  std::map<std::string, std::set<std::string>, std::less<>> applied_to_field;
  // Fields that a mapping named, and those that it made.
  std::set<std::string, std::less<>> mapped_from;
  std::set<std::string, std::less<>> mapped_to;

  // The first thing that went wrong; the rule is refused with it.
  std::optional<sigma::RuleProblem> problem;
  void fail(sigma::Place place, std::string message,
            sigma::DiagnosticCode code = sigma::DiagnosticCode::kPipeline);
  [[nodiscard]] bool failed() const noexcept { return problem.has_value(); }

  // Counts values that a transformation adds; false, and a problem, when the rule gets too large.
  [[nodiscard]] bool grow(std::size_t values, std::size_t bytes, sigma::Place place);

  // A top-level key of the rule, or what set_custom_attribute made; nullptr when there is none.
  [[nodiscard]] const sigma::Attribute* attribute(const std::string& name) const;

 private:
  std::size_t values_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace catena::processing
