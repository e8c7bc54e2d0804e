// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rules/compile/rule_sources.h"
#include "rules/sigma/correlation_parser.h"
#include "rules/sigma/diagnostic.h"
#include "rules/sigma/filter.h"
#include "rules/sigma/rule_parser.h"

// The half of loading that needs nothing but the text: YAML to Sigma's syntax tree. One source says
// nothing about another, so many can be parsed at once; RuleLoader compiles them in order.
// Thread safety: pure functions.
namespace catena::compile {

struct ParsedDocument {
  sigma::DocumentKind kind = sigma::DocumentKind::kEmpty;
  sigma::Place place;
  std::uint32_t line = 1;                     // of the document
  std::optional<sigma::RuleProblem> problem;  // why a rule, correlation or filter is none
  sigma::RuleNames names;                     // by which others may refer to it
  sigma::ParsedRule rule;
  sigma::ParsedCorrelation correlation;
  sigma::Filter filter;
};

struct ParsedSource {
  std::optional<sigma::RuleProblem> problem;  // of the whole source
  std::vector<ParsedDocument> documents;      // empty with a problem
};

struct ParseOptions {
  bool attributes = false;  // fill sigma::Rule::attributes: processing pipelines may ask for them
};

[[nodiscard]] ParsedSource parse_source(const RuleSource& source, ParseOptions options = {});

// The same for each, in the order of `sources`, on up to `threads` threads, this one among them.
[[nodiscard]] std::vector<ParsedSource> parse_sources(std::span<const RuleSource> sources,
                                                      std::size_t threads,
                                                      ParseOptions options = {});

}  // namespace catena::compile
