// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/text_fold.h"
#include "engine/correlate/hit.h"
#include "rules/sigma/correlation.h"

// The slow, obvious twin of engine/correlate: puts all events in order and, at each event of a
// group, looks at the whole window from scratch. It works on the syntax tree of the rules and on
// fields by name, so it is a twin of the correlation compiler as well. Quadratic and worse.
namespace catena::test {

struct WorldEvent {
  correlate::EventReference event;
  std::set<std::string> matches;                           // names of rules
  std::map<std::string, std::vector<std::string>> fields;  // several values: an array
  std::vector<correlate::Trait> traits;
};

class BruteCorrelator {
 public:
  // `order` of the events: by time, then place. `program_order`: rules first, then correlations,
  // each below the ones above it.
  BruteCorrelator(const std::vector<sigma::CorrelationRule>& rules, std::vector<WorldEvent> events,
                  bool repeat)
      : rules_(rules), events_(std::move(events)), repeat_(repeat) {
    std::sort(events_.begin(), events_.end(),
              [](const auto& a, const auto& b) { return before(a.event, b.event); });
    for (const sigma::CorrelationRule& rule : rules_) by_name_[rule.body.name] = &rule;
  }

  // One text for each result of each correlation that alerts, sorted.
  std::vector<std::string> run() {
    std::vector<std::string> lines;
    for (const sigma::CorrelationRule& rule : rules_) {
      if (!alerts(rule)) continue;
      for (const Found& found : results(rule)) lines.push_back(found.text);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

 private:
  using Lookup = std::function<std::vector<std::string>(const std::string&)>;
  struct Signal {
    std::size_t event = 0;
    std::size_t input = 0;
    Lookup lookup;
    std::set<correlate::Trait> traits;
  };
  struct Found {
    std::size_t event = 0;
    Lookup lookup;
    std::set<correlate::Trait> traits;
    std::string text;
  };
  // An event in a group.
  struct Arrival {
    std::size_t event = 0;
    std::set<std::size_t> inputs;
    std::vector<std::string> group;
    std::vector<std::string> values;
    std::int64_t number = 0;  // thousandths
    Lookup lookup;
    std::set<correlate::Trait> traits;
  };
  using Arrivals = std::vector<Arrival>;

  bool alerts(const sigma::CorrelationRule& rule) const {
    bool referred = false;
    for (const sigma::CorrelationRule& other : rules_) {
      for (const sigma::Named& named : other.rules) {
        if (named.name != rule.body.name) continue;
        if (other.generate) return true;
        referred = true;
      }
    }
    return !referred;
  }

  static std::string field_of(const sigma::CorrelationRule& rule, std::size_t input,
                              const std::string& name) {
    for (const sigma::CorrelationAlias& alias : rule.aliases) {
      if (alias.alias.name != name) continue;
      for (const auto& mapping : alias.mappings) {
        if (mapping.rule.name == rule.rules[input].name) return mapping.field;
      }
    }
    return name;
  }

  std::vector<Signal> signals(const sigma::CorrelationRule& rule) {
    std::vector<Signal> all;
    for (std::size_t i = 0; i < rule.rules.size(); ++i) {
      const auto below = by_name_.find(rule.rules[i].name);
      if (below != by_name_.end()) {
        for (const Found& found : results(*below->second)) {
          all.push_back({found.event, i, found.lookup, found.traits});
        }
        continue;
      }
      for (std::size_t e = 0; e < events_.size(); ++e) {
        if (!events_[e].matches.contains(rule.rules[i].name)) continue;
        const auto lookup = [this, e](const std::string& name) {
          const auto known = events_[e].fields.find(name);
          return known == events_[e].fields.end() ? std::vector<std::string>() : known->second;
        };
        all.push_back({e, i, lookup, {events_[e].traits.begin(), events_[e].traits.end()}});
      }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Signal& a, const Signal& b) { return a.event < b.event; });
    return all;
  }

  static bool read(const sigma::CorrelationRule& rule, const Signal& signal, Arrival& arrival) {
    for (const sigma::Named& name : rule.group_by) {
      const auto values = signal.lookup(field_of(rule, signal.input, name.name));
      if (values.size() != 1) return false;
      arrival.group.push_back(folded(values[0]));
    }
    for (const sigma::Named& name : rule.value_fields) {
      const auto values = signal.lookup(field_of(rule, signal.input, name.name));
      if (values.size() != 1) return false;
      arrival.values.push_back(folded(values[0]));
    }
    const bool numeric =
        !rule.value_fields.empty() && rule.kind != sigma::CorrelationKind::kValueCount;
    if (!numeric) return true;
    const auto number = parse_decimal(arrival.values[0]);
    if (!number) return false;
    arrival.number = static_cast<std::int64_t>(number->units / (Decimal::kUnitsPerOne / 1'000));
    return true;
  }

  std::map<std::vector<std::string>, Arrivals> groups(const sigma::CorrelationRule& rule) {
    std::map<std::vector<std::string>, Arrivals> groups;
    for (const Signal& signal : signals(rule)) {
      Arrival arrival;
      if (!read(rule, signal, arrival)) continue;
      Arrivals& arrivals = groups[arrival.group];
      if (!arrivals.empty() && arrivals.back().event == signal.event) {
        arrivals.back().inputs.insert(signal.input);
        arrivals.back().traits.insert(signal.traits.begin(), signal.traits.end());
        continue;
      }
      arrival.event = signal.event;
      arrival.inputs = {signal.input};
      arrival.traits = signal.traits;
      const auto* const r = &rule;
      arrival.lookup = [r, signal](const std::string& name) {
        return signal.lookup(field_of(*r, signal.input, name));
      };
      arrivals.push_back(std::move(arrival));
    }
    return groups;
  }

  Timestamp time_of(const Arrival& arrival) const { return events_[arrival.event].event.time; }

  // The members of the window that ends with the arrival at `last`.
  Arrivals window(const sigma::CorrelationRule& rule, const Arrivals& arrivals,
                  std::size_t last) const {
    Arrivals members;
    const Timestamp span = rule.span_seconds * kNanosPerSecond;
    for (std::size_t i = 0; i <= last; ++i) {
      if (time_of(arrivals[i]) >= time_of(arrivals[last]) - span) members.push_back(arrivals[i]);
    }
    return members;
  }

  static bool compare(const sigma::CorrelationRule& rule, std::int64_t value, std::int64_t scale) {
    using Comparator = sigma::CorrelationBound::Comparator;
    for (const sigma::CorrelationBound& bound : rule.bounds) {
      const auto other =
          static_cast<std::int64_t>(bound.value.units / (Decimal::kUnitsPerOne / 1'000)) * scale;
      bool holds = false;
      switch (bound.comparator) {
        case Comparator::kGreater:
          holds = value > other;
          break;
        case Comparator::kGreaterEqual:
          holds = value >= other;
          break;
        case Comparator::kLess:
          holds = value < other;
          break;
        case Comparator::kLessEqual:
          holds = value <= other;
          break;
        case Comparator::kEqual:
          holds = value == other;
          break;
        case Comparator::kNotEqual:
          holds = value != other;
          break;
      }
      if (!holds) return false;
    }
    return true;
  }

  // `named`: which rules count as there where the condition wants them; `seen`: which are there
  // where it does not.
  static bool evaluate(const sigma::Condition& condition, std::uint32_t node, bool wanted,
                       const std::set<std::size_t>& named, const std::set<std::size_t>& seen) {
    const sigma::ConditionNode& n = condition.nodes[node];
    const auto there = [&](std::size_t rule) {
      return wanted ? named.contains(rule) : !seen.contains(rule);
    };
    const auto child = [&](std::uint32_t c) { return evaluate(condition, c, wanted, named, seen); };
    using Kind = sigma::ConditionNode::Kind;
    switch (n.kind) {
      case Kind::kName:
        return there(n.identifiers[0]);
      case Kind::kNot:
        return evaluate(condition, n.children[0], !wanted, named, seen);
      case Kind::kAnd:
        return wanted ? std::all_of(n.children.begin(), n.children.end(), child)
                      : std::any_of(n.children.begin(), n.children.end(), child);
      case Kind::kOr:
        return wanted ? std::any_of(n.children.begin(), n.children.end(), child)
                      : std::all_of(n.children.begin(), n.children.end(), child);
      case Kind::kQuantified: {
        const auto count = std::count_if(n.identifiers.begin(), n.identifiers.end(), there);
        const auto all = static_cast<std::ptrdiff_t>(n.identifiers.size());
        const auto needed = n.count == 0 ? all : static_cast<std::ptrdiff_t>(n.count);
        return wanted ? count >= needed : count > all - needed;
      }
    }
    return false;
  }

  // `chosen` rules occur one after the other, at different events.
  static bool in_order(const Arrivals& members, const std::set<std::size_t>& chosen) {
    auto next = chosen.begin();
    for (const Arrival& member : members) {
      if (next != chosen.end() && member.inputs.contains(*next)) ++next;
    }
    return next == chosen.end();
  }

  static bool ordered(const sigma::CorrelationRule& rule, const Arrivals& members,
                      const std::set<std::size_t>& seen) {
    for (std::uint32_t mask = 1; mask < (1U << rule.rules.size()); ++mask) {
      std::set<std::size_t> chosen;
      for (std::size_t i = 0; i < rule.rules.size(); ++i) {
        if ((mask >> i & 1U) != 0) chosen.insert(i);
      }
      if (!in_order(members, chosen)) continue;
      const bool holds = rule.condition
                             ? evaluate(*rule.condition, rule.condition->root, true, chosen, seen)
                             : compare(rule, static_cast<std::int64_t>(chosen.size()) * 1'000, 1);
      if (holds) return true;
    }
    return false;
  }

  // Value of the condition over its scale, in thousandths.
  static std::pair<std::int64_t, std::int64_t> measure(const sigma::CorrelationRule& rule,
                                                       const Arrivals& members,
                                                       const std::set<std::size_t>& seen) {
    using Kind = sigma::CorrelationKind;
    std::int64_t sum = 0;
    std::vector<std::int64_t> numbers;
    std::set<std::vector<std::string>> values;
    for (const Arrival& member : members) {
      sum += member.number;
      numbers.push_back(member.number);
      values.insert(member.values);
    }
    const auto count = static_cast<std::int64_t>(members.size());
    if (rule.kind == Kind::kEventCount) return {count * 1'000, 1};
    if (rule.kind == Kind::kValueCount) {
      return {static_cast<std::int64_t>(values.size()) * 1'000, 1};
    }
    if (sigma::is_temporal(rule.kind)) return {static_cast<std::int64_t>(seen.size()) * 1'000, 1};
    if (rule.kind == Kind::kValueSum) return {sum, 1};
    if (rule.kind == Kind::kValueAverage) return {sum, count};
    std::sort(numbers.begin(), numbers.end());
    const std::int64_t percentile =
        rule.kind == Kind::kValueMedian ? 50'000 : std::int64_t{*rule.percentile};
    const std::int64_t position = percentile * (count - 1);
    const auto rank = static_cast<std::size_t>(position / 100'000);
    const std::int64_t beyond = position % 100'000;
    const std::int64_t next = rank + 1 < numbers.size() ? numbers[rank + 1] : 0;
    return {numbers[rank] * (100'000 - beyond) + next * beyond, 100'000};
  }

  static std::set<std::size_t> seen_in(const Arrivals& members) {
    std::set<std::size_t> seen;
    for (const Arrival& member : members) seen.insert(member.inputs.begin(), member.inputs.end());
    return seen;
  }

  bool holds(const sigma::CorrelationRule& rule, const Arrivals& arrivals, std::size_t at) const {
    const Arrivals members = window(rule, arrivals, at);
    const std::set<std::size_t> seen = seen_in(members);
    if (rule.kind == sigma::CorrelationKind::kTemporalOrdered) return ordered(rule, members, seen);
    if (rule.condition) return evaluate(*rule.condition, rule.condition->root, true, seen, seen);
    const auto [value, scale] = measure(rule, members, seen);
    return compare(rule, value, scale);
  }

  bool due(const sigma::CorrelationRule& rule, const Arrivals& arrivals, std::size_t at) const {
    if (!holds(rule, arrivals, at)) return false;
    if (repeat_ || rule.repeat || at == 0) return true;
    const Timestamp pause = time_of(arrivals[at]) - time_of(arrivals[at - 1]);
    return pause > rule.span_seconds * kNanosPerSecond || !holds(rule, arrivals, at - 1);
  }

  std::string text(const sigma::CorrelationRule& rule, const Arrivals& members) const {
    const Arrival& last = members.back();
    const bool is_ordered = rule.kind == sigma::CorrelationKind::kTemporalOrdered;
    std::string text = rule.body.name + " at " + std::to_string(events_[last.event].event.time) +
                       "/" + std::to_string(events_[last.event].event.place.offset) + " [";
    for (const std::string& value : last.group) text += value + ",";
    text += "]";
    if (!is_ordered) {
      const auto [value, scale] = measure(rule, members, seen_in(members));
      text += " = " + format_decimal({Int128{value} * (Decimal::kUnitsPerOne / 1'000) / scale});
    }
    if (!sigma::is_temporal(rule.kind)) {
      text += " of " + std::to_string(members.size()) + " from " +
              std::to_string(time_of(members.front()));
    }
    std::set<correlate::Trait> traits;
    for (const Arrival& member : members) traits.insert(member.traits.begin(), member.traits.end());
    for (const correlate::Trait& trait : traits) text += " " + trait.text;
    return text;
  }

  const std::vector<Found>& results(const sigma::CorrelationRule& rule) {
    const auto known = found_.find(rule.body.name);
    if (known != found_.end()) return known->second;
    std::vector<Found> all;
    for (const auto& [group, arrivals] : groups(rule)) {
      for (std::size_t i = 0; i < arrivals.size(); ++i) {
        if (!due(rule, arrivals, i)) continue;
        const Arrivals members = window(rule, arrivals, i);
        Found found;
        found.event = arrivals[i].event;
        found.lookup = arrivals[i].lookup;
        for (const Arrival& member : members) {
          found.traits.insert(member.traits.begin(), member.traits.end());
        }
        found.text = text(rule, members);
        all.push_back(std::move(found));
      }
    }
    return found_[rule.body.name] = std::move(all);
  }

  const std::vector<sigma::CorrelationRule>& rules_;
  std::vector<WorldEvent> events_;
  bool repeat_;
  std::map<std::string, const sigma::CorrelationRule*> by_name_;
  std::map<std::string, std::vector<Found>> found_;
};

}  // namespace catena::test
