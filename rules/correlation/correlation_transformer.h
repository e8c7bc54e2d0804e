// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "rules/sigma/correlation.h"
#include "rules/sigma/diagnostic.h"

// CorrelationTransformer changes correlation rules before they become the engine's program: the
// fields they group by, compare and alias. This is the port; processing pipelines
// (rules/processing) are what is plugged into it.
// Thread safety: const; each call knows one correlation.
namespace catena::compile {

class CorrelationTransformer {
 public:
  virtual ~CorrelationTransformer() = default;

  // Changes `rule`, or says why it must be refused. `log_sources` are those of the rules below it,
  // as they are after their own transformation. `rule` keeps its references and stays within
  // kMaxCorrelationFields.
  [[nodiscard]] virtual std::optional<sigma::RuleProblem> transform(
      sigma::CorrelationRule& rule, std::span<const sigma::LogSource> log_sources) const = 0;
};

}  // namespace catena::compile
