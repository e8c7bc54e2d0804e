// SPDX-License-Identifier: Apache-2.0
#include "rules/correlation/correlation_set.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "engine/base/text_fold.h"
#include "rules/correlation/correlation_compiler.h"
#include "rules/sigma/modifier.h"

namespace catena::compile {
namespace {

std::string place_text(const std::string& file, std::uint32_t line) {
  return file + ":" + std::to_string(line);
}

// A correlation with what its references mean; `problem` says why it is out.
struct Bound {
  std::vector<const CorrelationSet::Target*> targets;
  std::optional<sigma::RuleProblem> problem;
  std::size_t waits_for = 0;                  // correlations below it that are not in order yet
  std::vector<sigma::LogSource> log_sources;  // of the rules below it, each once
};

void sort_unique(std::vector<sigma::LogSource>& sources) {
  const auto parts = [](const sigma::LogSource& source) {
    return std::tie(source.product, source.category, source.service);
  };
  std::sort(sources.begin(), sources.end(),
            [&](const auto& a, const auto& b) { return parts(a) < parts(b); });
  const auto end = std::unique(sources.begin(), sources.end(),
                               [&](const auto& a, const auto& b) { return parts(a) == parts(b); });
  sources.erase(end, sources.end());
}

// Binds all correlations, puts them in order and compiles those that can be.
class CorrelationBuild {
 public:
  CorrelationBuild(const CorrelationSet& set, std::span<const plan::Rule> rules,
                   FieldCatalog& catalog, const CorrelationTransformer* transformer)
      : set_(set),
        rules_(rules),
        transformer_(transformer),
        bound_(set.entries().size()),
        above_(set.entries().size()),
        compiler_(rules, catalog) {}

  CorrelationOutcome run() {
    for (std::size_t i = 0; i < bound_.size(); ++i) bind(i);
    order();
    for (std::size_t i = 0; i < bound_.size(); ++i) {
      if (!done_.contains(i)) refuse_circle(i);
    }
    CorrelationOutcome outcome;
    outcome.program = compiler_.finish();
    for (std::size_t i = 0; i < bound_.size(); ++i) report(i, outcome);
    return outcome;
  }

 private:
  void bind(std::size_t index) {
    const CorrelationSet::Entry& entry = set_.entries()[index];
    Bound& bound = bound_[index];
    for (const sigma::Named& rule : entry.parsed.rule.rules) {
      std::string reason;
      const auto* target = set_.find(rule.name, entry.file, reason);
      if (target == nullptr) return fail(bound, rule.place, reason);
      for (std::size_t i = 0; i < bound.targets.size(); ++i) {
        if (bound.targets[i] != target) continue;
        return fail(
            bound, rule.place,
            "'" + rule.name + "' is the same rule as '" + entry.parsed.rule.rules[i].name + "'");
      }
      bound.targets.push_back(target);
      if (target->kind != CorrelationSet::Target::Kind::kCorrelation) continue;
      if (target->index == index)
        return fail(bound, rule.place, "the correlation refers to itself");
      above_[target->index].push_back(index);
      ++bound.waits_for;
    }
  }

  static void fail(Bound& bound, sigma::Place place, std::string message) {
    bound.problem = {sigma::DiagnosticCode::kCorrelation, place, std::move(message)};
    bound.waits_for = 0;
  }

  // Those below before those above, otherwise in the order read.
  void order() {
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < bound_.size(); ++i) {
      if (bound_[i].waits_for == 0) ready.push_back(i);
    }
    for (std::size_t next = 0; next < ready.size(); ++next) {
      const std::size_t index = ready[next];
      compile(index);
      for (const std::size_t above : above_[index]) {
        if (bound_[above].problem || bound_[above].waits_for == 0) continue;
        if (--bound_[above].waits_for == 0) ready.push_back(above);
      }
    }
  }

  void compile(std::size_t index) {
    const CorrelationSet::Entry& entry = set_.entries()[index];
    Bound& bound = bound_[index];
    done_.emplace(index, std::nullopt);
    if (bound.problem) return;
    std::vector<plan::CorrelationInput> inputs;
    for (std::size_t i = 0; i < bound.targets.size(); ++i) {
      const CorrelationSet::Target& target = *bound.targets[i];
      plan::CorrelationInput input;
      input.index = target.index;
      if (target.kind == CorrelationSet::Target::Kind::kCorrelation) {
        const auto below = done_.at(target.index);
        if (!below) return fail(bound, entry.parsed.rule.rules[i].place, refused_below(target));
        input.is_correlation = true;
        input.index = *below;
      }
      inputs.push_back(std::move(input));
    }
    sigma::CorrelationRule rule = entry.parsed.rule;
    if (transformer_ != nullptr) {
      note_log_sources(bound);
      bound.problem = transformer_->transform(rule, bound.log_sources);
      if (bound.problem) return;
    }
    auto fields = bind_aliases(index, rule.aliases);
    if (bound.problem) return;
    std::uint32_t number = 0;
    bound.problem =
        compiler_.add({rule, entry.file, entry.line, std::move(inputs), std::move(fields)}, number);
    if (!bound.problem) done_[index] = number;
  }

  void note_log_sources(Bound& bound) const {
    for (const CorrelationSet::Target* target : bound.targets) {
      if (target->kind == CorrelationSet::Target::Kind::kCorrelation) {
        const auto& below = bound_[target->index].log_sources;
        bound.log_sources.insert(bound.log_sources.end(), below.begin(), below.end());
      } else {
        const LogSourceSelector& source = rules_[target->index].log_source;
        bound.log_sources.push_back({source.product, source.category, source.service});
      }
    }
    sort_unique(bound.log_sources);
  }

  [[nodiscard]] std::string refused_below(const CorrelationSet::Target& target) const {
    return "the correlation at " + target.place +
           " that it refers to was refused: " + bound_[target.index].problem->message;
  }

  // For each input: alias -> field.
  std::vector<AliasFields> bind_aliases(std::size_t index,
                                        std::span<const sigma::CorrelationAlias> aliases) {
    const CorrelationSet::Entry& entry = set_.entries()[index];
    Bound& bound = bound_[index];
    std::vector<AliasFields> fields(bound.targets.size());
    for (const sigma::CorrelationAlias& alias : aliases) {
      for (const auto& mapping : alias.mappings) {
        std::string reason;
        const auto* target = set_.find(mapping.rule.name, entry.file, reason);
        const auto input = std::find(bound.targets.begin(), bound.targets.end(), target);
        if (target == nullptr || input == bound.targets.end()) {
          fail(bound, mapping.rule.place,
               "the alias '" + alias.alias.name + "' speaks of '" + mapping.rule.name +
                   "', which is none of the correlation's rules");
          return fields;
        }
        fields[static_cast<std::size_t>(input - bound.targets.begin())][alias.alias.name] =
            mapping.field;
      }
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].contains(alias.alias.name)) continue;
        fail(bound, alias.alias.place,
             "the alias '" + alias.alias.name + "' says nothing of the rule '" +
                 entry.parsed.rule.rules[i].name + "'");
        return fields;
      }
    }
    return fields;
  }

  // What waits for ever is in a circle or above one.
  void refuse_circle(std::size_t start) {
    const CorrelationSet::Entry& entry = set_.entries()[start];
    std::string path = "'" + entry.parsed.rule.body.title + "'";
    sigma::Place place = entry.parsed.rule.place;
    std::vector<bool> seen(bound_.size(), false);
    for (std::size_t at = start; !seen[at];) {
      seen[at] = true;
      const auto& targets = bound_[at].targets;
      for (std::size_t i = 0; i < targets.size(); ++i) {
        if (targets[i]->kind != CorrelationSet::Target::Kind::kCorrelation ||
            done_.contains(targets[i]->index)) {
          continue;
        }
        if (at == start) place = entry.parsed.rule.rules[i].place;
        at = targets[i]->index;
        path += " > '" + set_.entries()[at].parsed.rule.body.title + "'";
        break;
      }
    }
    circles_[start] = {sigma::DiagnosticCode::kCorrelation, place,
                       "the correlation refers in a circle: " + path};
  }

  void report(std::size_t index, CorrelationOutcome& outcome) {
    const CorrelationSet::Entry& entry = set_.entries()[index];
    auto problem = bound_[index].problem;
    if (const auto circle = circles_.find(index); circle != circles_.end())
      problem = circle->second;
    if (problem) {
      outcome.refused.push_back({sigma::Severity::kError, problem->code, entry.file, problem->place,
                                 std::move(problem->message)});
      return;
    }
    for (const sigma::RuleProblem& warning : entry.parsed.warnings) {
      outcome.warnings.push_back(
          {sigma::Severity::kWarning, warning.code, entry.file, warning.place, warning.message});
    }
  }

  const CorrelationSet& set_;
  std::span<const plan::Rule> rules_;
  const CorrelationTransformer* transformer_;
  std::vector<Bound> bound_;
  std::vector<std::vector<std::size_t>> above_;
  // Those in order: their number in the program, unless they were refused.
  std::unordered_map<std::size_t, std::optional<std::uint32_t>> done_;
  std::unordered_map<std::size_t, sigma::RuleProblem> circles_;
  CorrelationCompiler compiler_;
};

}  // namespace

void CorrelationSet::note(Target target, const std::string& id) {
  const std::size_t index = targets_.size();
  if (!id.empty()) {
    const auto [known, is_new] = by_id_.try_emplace(folded(id), index);
    // A second rule with an id is refused; the first one keeps it.
    if (!is_new && targets_[known->second].kind == Target::Kind::kRefused) known->second = index;
  }
  if (!target.name.empty()) by_name_[target.name].push_back(index);
  targets_.push_back(std::move(target));
}

void CorrelationSet::note_rule(const std::string& file, std::uint32_t line,
                               const sigma::RuleNames& names, plan::RuleIndex index) {
  note({Target::Kind::kRule, index, place_text(file, line), file, names.name, ""}, names.id);
}

void CorrelationSet::note_refused(const std::string& file, std::uint32_t line,
                                  const sigma::RuleNames& names, std::string reason) {
  note({Target::Kind::kRefused, 0, place_text(file, line), file, names.name, std::move(reason)},
       names.id);
}

void CorrelationSet::add(const std::string& file, std::uint32_t line,
                         sigma::ParsedCorrelation correlation) {
  const auto index = static_cast<std::uint32_t>(entries_.size());
  const sigma::Rule& body = correlation.rule.body;
  note({Target::Kind::kCorrelation, index, place_text(file, line), file, body.name, ""}, body.id);
  entries_.push_back({file, line, std::move(correlation)});
}

const CorrelationSet::Target* CorrelationSet::find(std::string_view reference,
                                                   const std::string& file,
                                                   std::string& reason) const {
  const Target* found = nullptr;
  if (const auto by_id = by_id_.find(folded(reference)); by_id != by_id_.end()) {
    found = &targets_[by_id->second];
  } else if (const auto by_name = by_name_.find(std::string(reference));
             by_name != by_name_.end()) {
    std::vector<const Target*> here;
    std::vector<const Target*> all;
    for (const std::size_t index : by_name->second) {
      const Target& target = targets_[index];
      all.push_back(&target);
      if (target.file == file) here.push_back(&target);
    }
    const auto& meant = here.empty() ? all : here;
    if (meant.size() > 1) {
      reason = "two rules have the name '" + std::string(reference) + "': " + meant[0]->place +
               " and " + meant[1]->place + "; refer to one by its id";
      return nullptr;
    }
    found = meant[0];
  }
  if (found == nullptr) {
    reason = not_found(reference);
  } else if (found->kind == Target::Kind::kRefused) {
    reason = "the rule '" + std::string(reference) + "' was refused: " + found->reason;
    found = nullptr;
  }
  return found;
}

std::string CorrelationSet::not_found(std::string_view reference) const {
  std::vector<std::string_view> names;
  for (const auto& [name, indices] : by_name_) names.push_back(name);
  std::sort(names.begin(), names.end());
  const std::string_view nearest = sigma::nearest_name(reference, names);
  return "no rule has the id or name '" + std::string(reference) + "'" +
         (nearest.empty() ? "" : "; did you mean '" + std::string(nearest) + "'?");
}

CorrelationOutcome CorrelationSet::build(std::span<const plan::Rule> rules, FieldCatalog& catalog,
                                         const CorrelationTransformer* transformer) {
  return CorrelationBuild(*this, rules, catalog, transformer).run();
}

}  // namespace catena::compile
