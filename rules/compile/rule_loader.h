// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/result.h"
#include "engine/event/field_catalog.h"
#include "engine/plan/rule_set_builder.h"
#include "rules/compile/compile_options.h"
#include "rules/compile/filter_set.h"
#include "rules/compile/parsed_source.h"
#include "rules/compile/rule_files.h"
#include "rules/compile/rule_sources.h"
#include "rules/correlation/correlation_set.h"
#include "rules/sigma/diagnostic.h"

// RuleLoader reads Sigma rules from files, folders and texts and compiles them to one RuleSet. A
// rule that cannot be compiled is refused with its place and reason, and the rest go on.
// Filters apply to the rules of the same call of add_* and of later ones.
// Correlations may refer to rules that are read later, so they are bound in finish().
// Call protocol: add_* any number of times, finish() once, report() at any time; what became of
// correlations and filters is in it after finish().
// Thread safety: none. Ownership: the catalog must outlive the loader; rule fields are interned in
// it. Cost: linear in the bytes read; memory is bounded by the limits of rules/yaml and
// compile_options.h per file and rule.
namespace catena::compile {

inline constexpr std::size_t kMaxRules = 100'000;

struct LoadReport {
  std::size_t files = 0;           // rule files read or tried, texts included
  std::size_t rules_loaded = 0;    //
  std::size_t correlations = 0;    // loaded, beside the rules
  std::vector<FilterUse> filters;  // what each of them did; refused ones are among `refused`
  // Refused because a placeholder has no value.
  std::size_t unresolved_placeholders = 0;
  // One per refused rule or unreadable file, in the order read; then correlations that
  // cannot be bound, then filters.
  std::vector<sigma::Diagnostic> refused;
  std::vector<sigma::Diagnostic> warnings;
};

// The failure of a load that must be complete: kInvalidInput when `options.strict` and something
// was refused.
[[nodiscard]] Status check_strict(const CompileOptions& options, const LoadReport& report);

class RuleLoader {
 public:
  explicit RuleLoader(FieldCatalog& catalog, CompileOptions options = {});

  // Files, and folders with everything below them. kNotFound or kIo when one of `paths` itself
  // cannot be read; problems below them are in the report. Every file is read twice.
  Status add_paths(std::span<const std::string> paths);
  Status add_path(const std::string& path) { return add_paths({&path, 1}); }
  // The documents of `text`; `name` stands for the file in diagnostics.
  void add_text(std::string_view text, std::string_view name);
  // What was read before. The texts are parsed on `threads` threads and compiled in order on this
  // one: the result, field ids and diagnostics included, is the same for any number.
  void add_sources(std::span<const RuleSource> sources, std::size_t threads);

  // The program. Fails (kInvalidInput) only when options.strict and something was refused.
  Result<plan::RuleSet> finish();

  [[nodiscard]] const LoadReport& report() const noexcept { return report_; }

 private:
  void add(const RuleSource& source, ParsedSource parsed);
  void add_document(const std::string& file, ParsedDocument& document);
  void add_rule(const std::string& file, ParsedDocument& document);
  [[nodiscard]] std::optional<sigma::RuleProblem> load_rule(const std::string& file,
                                                            ParsedDocument& document);
  void add_correlation(const std::string& file, ParsedDocument& document);
  [[nodiscard]] std::optional<sigma::RuleProblem> check_duplicate(const std::string& id,
                                                                  sigma::Place place,
                                                                  const std::string& file);
  // Refuses a document, so that those who refer to it can say why.
  void refuse(const std::string& file, const ParsedDocument& document, sigma::RuleProblem problem);
  void refuse(const std::string& file, sigma::RuleProblem problem);
  void warn(const std::string& file, const std::vector<sigma::RuleProblem>& problems);

  [[nodiscard]] ParseOptions parse_options() const noexcept;

  FieldCatalog& catalog_;
  CompileOptions options_;
  plan::RuleSetBuilder builder_;
  RuleFileFinder finder_;
  CorrelationSet correlations_;
  FilterSet filters_;
  std::unordered_map<std::string, std::string> places_by_id_;  // lower-case id -> "file:line"
  LoadReport report_;
};

}  // namespace catena::compile
