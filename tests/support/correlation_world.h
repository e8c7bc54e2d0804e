// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "engine/event/field_catalog.h"
#include "engine/pipeline/correlation_stage.h"
#include "rules/compile/rule_loader.h"
#include "rules/sigma/correlation_parser.h"
#include "rules/yaml/yaml_reader.h"
#include "tests/support/brute_correlator.h"
#include "tests/support/choices.h"

// Random correlation rules and random events for the correlator and its slow twin. Rules are texts
// that go through the real loader; events have few values, close and often equal times, and some
// have fields that are missing, arrays or no numbers. Shared by the property test and the fuzz
// target.
namespace catena::test {

inline constexpr std::uint32_t kWorldRules = 4;  // rule_0 … rule_3
inline constexpr std::uint32_t kWorldSpanSeconds = 20;

class CorrelationWorld {
 public:
  explicit CorrelationWorld(Choices& choices) : choices_(choices) {
    std::string text;
    for (std::uint32_t i = 0; i < kWorldRules; ++i) text += rule_text(i);
    const std::uint32_t count = 1 + choices_.pick(4);
    for (std::uint32_t i = 0; i < count; ++i) text += correlation_text(i);
    text_ = text;
    load();
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] const compile::LoadReport& report() const noexcept { return report_; }
  [[nodiscard]] const std::vector<sigma::CorrelationRule>& rules() const noexcept { return rules_; }
  [[nodiscard]] const plan::CorrelationProgram& program() const noexcept {
    return set_.correlation;
  }

  std::vector<WorldEvent> events(std::uint32_t count, std::uint32_t sources) {
    std::vector<WorldEvent> events;
    for (std::uint32_t i = 0; i < count; ++i) events.push_back(event(i, sources));
    return events;
  }

  // One hit for each rule that the event matches and that is an input.
  [[nodiscard]] std::vector<correlate::Hit> hits(const WorldEvent& event) const {
    std::vector<correlate::Hit> hits;
    for (std::uint32_t i = 0; i < program().rules.size(); ++i) {
      const plan::InputRule& input = program().rules[i];
      if (!event.matches.contains("rule_" + std::to_string(input.rule))) continue;
      correlate::Hit& hit = hits.emplace_back();
      hit.event = event.event;
      hit.rule = i;
      for (const FieldId field : input.captures) {
        const auto known = event.fields.find(std::string(fields_.name(field)));
        if (known == event.fields.end()) {
          hit.payload.add_value(correlate::FieldState::kMissing, "");
        } else if (known->second.size() > 1) {
          hit.payload.add_value(correlate::FieldState::kSeveral, "");
        } else {
          hit.payload.add_value(correlate::FieldState::kOne, known->second[0]);
        }
      }
      for (const correlate::Trait& trait : event.traits)
        hit.payload.add_trait(trait.kind, trait.text);
    }
    return hits;
  }

  // As BruteCorrelator writes it.
  [[nodiscard]] std::string text_of(const correlate::Result& result) const {
    const plan::Correlation& correlation = program().correlations[result.correlation];
    std::string text = correlation.title + " at " + std::to_string(result.event.time) + "/" +
                       std::to_string(result.event.place.offset) + " [";
    for (const std::string& value : result.group) text += folded(value) + ",";
    text += "]";
    const bool ordered = correlation.type == plan::CorrelationType::kTemporalOrdered;
    const bool temporal = ordered || correlation.type == plan::CorrelationType::kTemporal;
    if (!ordered) {
      text += " = " + format_decimal({result.measure.value / result.measure.scale});
    }
    if (!temporal) {
      text +=
          " of " + std::to_string(result.member_count) + " from " + std::to_string(result.first);
    }
    for (const correlate::Trait& trait : result.traits) text += " " + trait.text;
    return text;
  }

 private:
  static std::string rule_text(std::uint32_t number) {
    const std::string n = std::to_string(number);
    return "title: rule_" + n + "\nname: rule_" + n +
           "\nlevel: low\nlogsource: {category: test}\ndetection: {s: {kind: k" + n +
           "}, condition: s}\n---\n";
  }

  // Some rules, each once, correlations below `number` among them.
  std::vector<std::string> references(std::uint32_t number) {
    std::vector<std::string> all;
    for (std::uint32_t i = 0; i < kWorldRules; ++i) all.push_back("rule_" + std::to_string(i));
    for (std::uint32_t i = 0; i < number; ++i) all.push_back("corr_" + std::to_string(i));
    std::vector<std::string> chosen;
    const std::uint32_t count = 1 + choices_.pick(4);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::string& name = all[choices_.pick(static_cast<std::uint32_t>(all.size()))];
      if (std::find(chosen.begin(), chosen.end(), name) == chosen.end()) chosen.push_back(name);
    }
    return chosen;
  }

  std::string expression(const std::vector<std::string>& names, std::size_t first,
                         std::size_t end) {
    if (end - first == 1) {
      return (choices_.once_in(4) ? "not " : "") + names[first];
    }
    const std::size_t middle =
        first + 1 + choices_.pick(static_cast<std::uint32_t>(end - first - 1));
    const std::string joined = expression(names, first, middle) +
                               (choices_.once_in(2) ? " or " : " and ") +
                               expression(names, middle, end);
    return (choices_.once_in(5) ? "not (" : "(") + joined + ")";
  }

  std::string bound(std::uint32_t below, bool from_below) {
    static constexpr const char* kNames[] = {"gte", "gt", "lt", "lte", "eq", "neq"};
    const std::string name = kNames[choices_.pick(from_below ? 2 : 6)];
    std::string text = name + ": " + std::to_string(choices_.pick(below));
    if (!from_below && choices_.once_in(4)) {
      text += std::string(", ") + (name == "lte" ? "gte" : "lte") + ": " +
              std::to_string(choices_.pick(below));
    }
    return text;
  }

  std::string condition(std::uint32_t type, const std::vector<std::string>& rules) {
    static constexpr const char* kFields[] = {"v", "[v, host]", "host"};
    const auto all = static_cast<std::uint32_t>(rules.size());
    switch (type) {
      case 0:
        return "{" + bound(5, false) + "}";
      case 1:
        return std::string("{field: ") + kFields[choices_.pick(3)] + ", " + bound(4, false) + "}";
      case 2:
      case 3:
        if (choices_.once_in(3)) return expression(rules, 0, rules.size());
        return choices_.once_in(2) ? "" : "{" + bound(all + 1, type == 3) + "}";
      case 6:
        return "{field: n, percentile: " + std::to_string(choices_.pick(101)) + ", " +
               bound(12, false) + "}";
      default:
        return "{field: n, " + bound(20, false) + "}";
    }
  }

  std::string group_by(const std::vector<std::string>& rules, std::string& aliases) {
    switch (choices_.pick(5)) {
      case 0:
        return "";
      case 1:
        return "[user, host]";
      case 2:
        aliases = "    aliases:\n        peer:\n";
        for (const std::string& rule : rules) {
          aliases += "            " + rule + ": " + (choices_.once_in(2) ? "src" : "dst") + "\n";
        }
        return "[peer]";
      default:
        return "[user]";
    }
  }

  std::string correlation_text(std::uint32_t number) {
    static constexpr const char* kTypes[] = {"event_count",      "value_count", "temporal",
                                             "temporal_ordered", "value_sum",   "value_avg",
                                             "value_percentile", "value_median"};
    const std::string name = "corr_" + std::to_string(number);
    const std::vector<std::string> rules = references(number);
    const std::uint32_t type = choices_.pick(8);
    std::string list;
    for (const std::string& rule : rules) list += (list.empty() ? "" : ", ") + rule;
    std::string aliases;
    const std::string group = group_by(rules, aliases);
    const std::string wanted = condition(type, rules);
    std::string text = "title: " + name + "\nname: " + name +
                       "\ncorrelation:\n    type: " + kTypes[type] + "\n    rules: [" + list +
                       "]\n    timespan: " + std::to_string(1 + choices_.pick(8)) + "s\n";
    if (!group.empty()) text += "    group-by: " + group + "\n";
    if (!wanted.empty()) text += "    condition: " + wanted + "\n";
    if (choices_.once_in(3)) text += "    generate: true\n";
    if (choices_.once_in(4)) text += "    repeat: true\n";
    return text + aliases + "---\n";
  }

  void load() {
    compile::RuleLoader loader(fields_);
    loader.add_text(text_, "world.yml");
    auto set = loader.finish();
    if (!set.ok()) std::abort();
    set_ = *std::move(set);
    report_ = loader.report();
    // The twin gets the rules that loaded.
    std::vector<yaml::YamlDocument> documents;
    if (yaml::parse_yaml(text_, "world.yml", {}, documents)) std::abort();
    for (const yaml::YamlDocument& document : documents) {
      if (sigma::document_kind(document.root) != sigma::DocumentKind::kCorrelation) continue;
      sigma::ParsedCorrelation parsed;
      if (sigma::parse_correlation(document.root, parsed)) continue;
      const bool loaded =
          std::any_of(program().correlations.begin(), program().correlations.end(),
                      [&](const plan::Correlation& one) { return one.id == parsed.rule.body.id; });
      if (loaded) rules_.push_back(std::move(parsed.rule));
    }
  }

  WorldEvent event(std::uint32_t number, std::uint32_t sources) {
    static constexpr const char* kUsers[] = {"ann", "Ann", "bob"};
    static constexpr const char* kHosts[] = {"a", "b"};
    static constexpr const char* kNumbers[] = {"1", "2.5", "-3", "10", "7", "0.25", "many"};
    static constexpr const char* kPeers[] = {"10.0.0.1", "10.0.0.2", "10.0.0.3"};
    WorldEvent event;
    event.event.time = kNanosPerHour +
                       Timestamp{choices_.pick(kWorldSpanSeconds * 4)} * (kNanosPerSecond / 4) +
                       Timestamp{choices_.pick(2)} * kNanosPerMilli;
    event.event.place = {choices_.pick(sources), number, 0};
    event.event.id = hash128(std::to_string(number));
    do {
      event.matches.insert("rule_" + std::to_string(choices_.pick(kWorldRules)));
    } while (choices_.once_in(4));
    if (!choices_.once_in(12)) event.fields["user"] = {kUsers[choices_.pick(3)]};
    if (!choices_.once_in(12)) event.fields["host"] = {kHosts[choices_.pick(2)]};
    if (choices_.once_in(16)) event.fields["user"] = {"ann", "bob"};
    if (!choices_.once_in(10))
      event.fields["v"] = {std::string(1, static_cast<char>('p' + choices_.pick(4)))};
    if (!choices_.once_in(10)) event.fields["n"] = {kNumbers[choices_.pick(7)]};
    event.fields["src"] = {kPeers[choices_.pick(3)]};
    event.fields["dst"] = {kPeers[choices_.pick(3)]};
    event.traits.push_back({1, "t" + std::to_string(choices_.pick(6))});
    return event;
  }

  Choices& choices_;
  std::string text_;
  FieldCatalog fields_;
  plan::RuleSet set_;
  compile::LoadReport report_;
  std::vector<sigma::CorrelationRule> rules_;
};

// How a stream reaches the correlations.
struct Arrangement {
  std::optional<Timestamp> lateness;  // events come up to so much later than newer ones
  std::uint32_t sources = 1;
  std::uint32_t max_batch = 1;  // hits of a batch at most
  std::uint64_t seed = 0;
};

// What the correlations find in `events`, sorted: shuffled within the lateness in each source, the
// sources one after the other, cut into batches at random.
inline std::vector<std::string> run_correlations(const CorrelationWorld& world,
                                                 const std::vector<WorldEvent>& events,
                                                 const Arrangement& how, Choices& choices,
                                                 pipeline::CorrelationStage::Counters* counters) {
  std::vector<std::string> lines;
  std::vector<std::uint32_t> ranks(how.sources);
  for (std::uint32_t i = 0; i < how.sources; ++i) ranks[i] = i;
  pipeline::CorrelationStage stage(world.program(), ranks,
                                   {.lateness = how.lateness, .seed = how.seed},
                                   [&](const correlate::Result& result) {
                                     lines.push_back(world.text_of(result));
                                     return incident::Detection();
                                   });
  const Timestamp jitter = how.lateness.value_or(kNanosPerHour);
  std::vector<std::pair<Timestamp, const WorldEvent*>> arrival;
  for (const WorldEvent& event : events) {
    arrival.emplace_back(event.event.time + jitter * choices.pick(1'000) / 1'000, &event);
  }
  std::stable_sort(arrival.begin(), arrival.end(), [](const auto& a, const auto& b) {
    return a.second->event.place.source != b.second->event.place.source
               ? a.second->event.place.source < b.second->event.place.source
               : a.first < b.first;
  });
  pipeline::BatchOutcome outcome;
  std::uint32_t left = 0;
  for (const auto& [time, event] : arrival) {
    if (left == 0 || event->event.place.source != outcome.source_number) {
      stage.add(outcome);
      outcome.clear();
      left = 1 + choices.pick(how.max_batch);
    }
    outcome.source_number = event->event.place.source;
    for (correlate::Hit& hit : world.hits(*event)) outcome.hits.push_back(std::move(hit));
    --left;
  }
  stage.add(outcome);
  static_cast<void>(stage.finish());
  if (counters != nullptr) *counters = stage.counters();
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace catena::test
