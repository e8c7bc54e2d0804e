// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/cost_tables.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "bench/harness/machine.h"
#include "bench/harness/result.h"
#include "connectors/codec/decoder.h"
#include "engine/base/json_writer.h"
#include "engine/match/reference_matcher.h"

namespace catena::harness {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text.empty() ? "-" : text;
}

std::string name_of(const LogSource& source) {
  return (source.product.empty() ? "-" : source.product) + "/" + joined(source.categories) + "/" +
         joined(source.services);
}

// `plain`: with every text unescaped, as the reference matcher wants it.
template <typename Use>
void for_each_event(LoadedEvents& events, const Subject& subject, bool plain, const Use& use) {
  codec::Decoder decoder(subject.mapping, subject.fields);
  EventBatch batch;
  for (std::size_t i = 0; i < events.batch_count(); ++i) {
    events.lend(i, batch);
    decoder.decode(batch);
    bool goes_on = true;
    for (Event& event : batch.events) {
      if (plain) make_plain(event, batch.arena);
      goes_on = use(event);
      if (!goes_on) break;
    }
    events.give_back(i, batch);
    if (!goes_on) return;
  }
}

double ns_per(double seconds, std::uint64_t count) {
  return count > 0 ? seconds * 1e9 / static_cast<double>(count) : 0;
}

}  // namespace

Result<std::vector<PlanCost>> measure_plans(LoadedEvents& events, const Subject& subject,
                                            const match::Matcher& matcher) {
  const FieldId event_id = subject.fields.find("EventID");
  match::Matcher::Scratch scratch(matcher);
  std::vector<plan::RuleIndex> matches;
  std::map<std::pair<LogSourceId, std::string>, PlanCost> costs;
  Status failure;
  for_each_event(events, subject, false, [&](const Event& event) {
    const Field* field = event_id == kUnknownField ? nullptr : event.find(event_id);
    PlanCost& cost =
        costs[{event.log_source, field == nullptr ? std::string() : std::string(field->text)}];
    const auto before = scratch.counters();
    const double begin = wall_seconds();
    failure = matcher.match(event, scratch, matches);
    cost.seconds += wall_seconds() - begin;
    ++cost.events;
    cost.candidates += scratch.counters().candidates - before.candidates;
    cost.matches += matches.size();
    return failure.ok();
  });
  RETURN_IF_ERROR(failure);
  std::vector<PlanCost> sorted;
  for (auto& [key, cost] : costs) {
    cost.log_source = name_of(subject.mapping.log_sources().get(key.first));
    cost.event_id = key.second;
    sorted.push_back(std::move(cost));
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const PlanCost& a, const PlanCost& b) { return a.seconds > b.seconds; });
  return sorted;
}

std::vector<RuleCost> measure_rules(LoadedEvents& events, const Subject& subject) {
  const auto& rules = subject.rules.rules;
  const match::ReferenceMatcher reference(subject.rules, subject.mapping.log_sources());
  std::vector<RuleCost> costs(rules.size());
  for (std::size_t i = 0; i < costs.size(); ++i) costs[i].rule = static_cast<plan::RuleIndex>(i);
  std::uint64_t seen = 0;
  for_each_event(events, subject, true, [&](const Event& event) {
    const LogSource& source = subject.mapping.log_sources().get(event.log_source);
    for (RuleCost& cost : costs) {
      const plan::Rule& rule = rules[cost.rule];
      if (!applies(rule.log_source, source)) continue;
      const double begin = wall_seconds();
      const bool matched = reference.evaluate(rule.root, event);
      cost.ns_per_event += (wall_seconds() - begin) * 1e9;  // the sum until the end
      cost.matches += matched ? 1 : 0;
      ++cost.events;
    }
    return ++seen < kRuleSampleEvents;
  });
  std::stable_sort(costs.begin(), costs.end(), [](const RuleCost& a, const RuleCost& b) {
    return a.ns_per_event > b.ns_per_event;
  });
  for (RuleCost& cost : costs) {
    if (cost.events > 0) cost.ns_per_event /= static_cast<double>(cost.events);
  }
  return costs;
}

std::string plans_text(const std::vector<PlanCost>& plans, std::size_t limit) {
  double total = 0;
  for (const PlanCost& plan : plans) total += plan.seconds;
  std::string out = "  share     ns/evt     events  cand/evt  match/evt  kind of event\n";
  for (std::size_t i = 0; i < std::min(limit, plans.size()); ++i) {
    const PlanCost& plan = plans[i];
    std::array<char, 128> line{};
    std::snprintf(line.data(), line.size(), "%6.1f %% %10.0f %10llu %9.2f %10.4f  ",
                  total > 0 ? 100 * plan.seconds / total : 0, ns_per(plan.seconds, plan.events),
                  static_cast<unsigned long long>(plan.events),
                  static_cast<double>(plan.candidates) / static_cast<double>(plan.events),
                  static_cast<double>(plan.matches) / static_cast<double>(plan.events));
    out +=
        line.data() + plan.log_source + (plan.event_id.empty() ? "" : " " + plan.event_id) + "\n";
  }
  return out;
}

std::string plans_json(const std::vector<PlanCost>& plans, std::size_t limit) {
  std::string out;
  for (std::size_t i = 0; i < std::min(limit, plans.size()); ++i) {
    JsonWriter json;
    json.begin_object().member("kind", "plan").key("schema").integer(kResultSchemaVersion);
    json.member("log_source", plans[i].log_source).member("event_id", plans[i].event_id);
    json.key("events").unsigned_integer(plans[i].events);
    json.key("candidates").unsigned_integer(plans[i].candidates);
    json.key("matches").unsigned_integer(plans[i].matches);
    json.key("ns_per_event").fixed(ns_per(plans[i].seconds, plans[i].events), 1).end_object();
    out += json.take() + "\n";
  }
  return out;
}

std::string rules_text(const std::vector<RuleCost>& rules, const Subject& subject,
                       std::size_t limit) {
  std::string out = "  plain ns/evt     events    matches  rule\n";
  for (std::size_t i = 0; i < std::min(limit, rules.size()); ++i) {
    const plan::Rule& rule = subject.rules.rules[rules[i].rule];
    std::array<char, 64> line{};
    std::snprintf(line.data(), line.size(), "%14.0f %10llu %10llu  ", rules[i].ns_per_event,
                  static_cast<unsigned long long>(rules[i].events),
                  static_cast<unsigned long long>(rules[i].matches));
    out += line.data() + rule.id + " " + rule.title + "\n";
  }
  return out;
}

std::string rules_json(const std::vector<RuleCost>& rules, const Subject& subject,
                       std::size_t limit) {
  std::string out;
  for (std::size_t i = 0; i < std::min(limit, rules.size()); ++i) {
    const plan::Rule& rule = subject.rules.rules[rules[i].rule];
    JsonWriter json;
    json.begin_object().member("kind", "rule").key("schema").integer(kResultSchemaVersion);
    json.member("id", rule.id).member("title", rule.title);
    json.key("events").unsigned_integer(rules[i].events);
    json.key("matches").unsigned_integer(rules[i].matches);
    json.key("plain_ns_per_event").fixed(rules[i].ns_per_event, 1).end_object();
    out += json.take() + "\n";
  }
  return out;
}

}  // namespace catena::harness
