// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "rules/compile/parsed_source.h"
#include "rules/compile/rule_sources.h"
#include "rules/sigma/diagnostic.h"
#include "rules/sigma/filter.h"

// FilterSet holds the Sigma filters of a corpus and adds them to its rules: `(rule's condition) and
// (filter's condition)`, for each of the rule's conditions (filters specification 2.1; combined as
// pySigma does it). Conditions refer to search identifiers by number once they are resolved, so the
// filter's names, also those that a pattern like `1 of filter_*` stands for, are its own whatever
// the rule calls its parts. Correlation rules are not filtered.
// Filters must be known before the first rule is compiled: collect() reads every source for them
// before add() reads it for rules.
// Thread safety: none. Cost: collect() searches the text and parses it only when the key "filter"
// starts a line; apply() is linear in what it adds.
namespace catena::compile {

inline constexpr std::size_t kMaxFilters = 10'000;

// What a filter did, for the report.
struct FilterUse {
  std::string title;
  std::string file;
  std::uint32_t line = 0;
  std::uint64_t rules = 0;  // to which it was added
};

class FilterSet {
 public:
  // Takes the filters that are documents of `source`.
  void collect(const RuleSource& source);

  // True when the filter that is the document at this place was collected.
  [[nodiscard]] bool has(const std::string& file, std::uint32_t line) const;

  // Adds what applies to `rule`, and lists it for count(). Fails when the rule gets too large.
  [[nodiscard]] std::optional<sigma::RuleProblem> apply(sigma::Rule& rule,
                                                        std::vector<std::size_t>& applied);
  // The rule to which these were added was loaded.
  void count(const std::vector<std::size_t>& applied);

  // After all rules: what each filter did, and what is wrong with those that did nothing.
  struct Outcome {
    std::vector<FilterUse> uses;  // of filters that refer to something
    std::vector<sigma::Diagnostic> refused;
    std::vector<sigma::Diagnostic> warnings;
  };
  [[nodiscard]] Outcome outcome() const;

 private:
  struct Reference {
    std::size_t filter = 0;
    std::size_t reference = 0;  // index in Filter::rules
  };
  struct Entry {
    sigma::Filter filter;
    std::string file;
    std::uint32_t line = 0;
    std::uint64_t rules = 0;
    std::vector<bool> found;    // per reference: some rule has this id or name
    std::vector<bool> outside;  // and its log source is not within the filter's
  };

  void add(const std::string& file, ParsedDocument& document);
  void find(const sigma::Rule& rule, const std::string& name, std::vector<std::size_t>& wanted);
  void report_references(const Entry& entry, Outcome& outcome) const;

  std::vector<Entry> entries_;
  std::unordered_set<std::string> places_;  // "file:line" of all that were collected
  std::vector<std::size_t> any_;            // entries that apply by log source alone
  std::unordered_map<std::string, std::vector<Reference>> by_name_;  // folded id or name
  std::vector<sigma::Diagnostic> refused_;
};

}  // namespace catena::compile
