// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/event/field_catalog.h"
#include "engine/plan/rule_set.h"
#include "rules/correlation/correlation_transformer.h"
#include "rules/sigma/correlation_parser.h"
#include "rules/sigma/diagnostic.h"
#include "rules/sigma/rule_parser.h"

// CorrelationSet binds correlation rules to what they refer to, once all rules are known, and makes
// the program of them. A reference is an id (any case) or a name. A name means the rule of the same
// file when there is one, otherwise the only one that has it; a name that several have is refused
// where it is used. A correlation of something that was refused is refused too, and says why.
// Call protocol: note_* and add() in the order read, build() once. Thread safety: none.
// Cost: linear in references, for each correlation those of its inputs.
namespace catena::compile {

struct CorrelationOutcome {
  plan::CorrelationProgram program;
  std::vector<sigma::Diagnostic> refused;
  std::vector<sigma::Diagnostic> warnings;
};

class CorrelationSet {
 public:
  // A rule that loaded: `index` in the rule set.
  void note_rule(const std::string& file, std::uint32_t line, const sigma::RuleNames& names,
                 plan::RuleIndex index);
  // A rule or correlation that did not, and the diagnostic that says why.
  void note_refused(const std::string& file, std::uint32_t line, const sigma::RuleNames& names,
                    std::string reason);
  void add(const std::string& file, std::uint32_t line, sigma::ParsedCorrelation correlation);

  // `rules` are those of note_rule(); field names that the program needs are interned. Each
  // correlation goes through `transformer` (may be nullptr) first.
  [[nodiscard]] CorrelationOutcome build(std::span<const plan::Rule> rules, FieldCatalog& catalog,
                                         const CorrelationTransformer* transformer);

  // What a reference can mean.
  struct Target {
    enum class Kind : std::uint8_t { kRule, kCorrelation, kRefused };
    Kind kind = Kind::kRefused;
    std::uint32_t index = 0;  // in the rule set, or in entries()
    std::string place;        // "file:line"
    std::string file;
    std::string name;
    std::string reason;  // kRefused
  };
  struct Entry {
    std::string file;
    std::uint32_t line = 0;
    sigma::ParsedCorrelation parsed;
  };

  // The target, or nullptr with `reason` set.
  [[nodiscard]] const Target* find(std::string_view reference, const std::string& file,
                                   std::string& reason) const;
  [[nodiscard]] std::span<const Entry> entries() const noexcept { return entries_; }

 private:
  void note(Target target, const std::string& id);
  [[nodiscard]] std::string not_found(std::string_view reference) const;

  std::vector<Target> targets_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> by_id_;  // lower case
  std::unordered_map<std::string, std::vector<std::size_t>> by_name_;
};

}  // namespace catena::compile
