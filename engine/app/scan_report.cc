// SPDX-License-Identifier: Apache-2.0
#include "engine/app/scan_report.h"

#include <algorithm>
#include <tuple>

#include "engine/app/chain_text.h"
#include "engine/incident/json_lines.h"

namespace catena::app {
namespace {

constexpr std::size_t kShownLogSources = 20;
constexpr std::size_t kShownRules = 25;
constexpr std::size_t kShownChains = 10;

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += "+";
    out += name;
  }
  return out;
}

template <typename Key>
std::vector<std::pair<std::uint64_t, Key>> by_count(const std::map<Key, std::uint64_t>& counts) {
  std::vector<std::pair<std::uint64_t, Key>> sorted;
  for (const auto& [key, count] : counts) sorted.emplace_back(count, key);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  return sorted;
}

std::string and_more(std::size_t total, std::size_t shown) {
  return total > shown ? "  and " + std::to_string(total - shown) + " more\n" : "";
}

// Counts under their names; what is zero is left out.
void write_skipped(JsonWriter& json, const pipeline::CorrelationStage::Counters& counters) {
  json.key("skipped").begin_object();
  if (counters.without_time > 0) {
    json.key("without_time").unsigned_integer(counters.without_time);
  }
  for (std::size_t i = 0; i < counters.skipped.size(); ++i) {
    if (counters.skipped[i] == 0) continue;
    json.key(correlate::skipped_name(static_cast<correlate::Skipped>(i)))
        .unsigned_integer(counters.skipped[i]);
  }
  json.end_object();
}

void write_correlations(JsonWriter& json, const pipeline::CorrelationStage::Counters& counters) {
  json.key("correlations").begin_object().key("loaded").unsigned_integer(counters.loaded);
  json.key("matches").unsigned_integer(counters.hits);
  json.key("results").unsigned_integer(counters.results);
  json.key("groups").unsigned_integer(counters.groups);
  json.key("greatest_groups").unsigned_integer(counters.greatest_groups);
  json.key("groups_evicted").unsigned_integer(counters.evicted);
  json.key("late").unsigned_integer(counters.late);
  json.key("hurried").unsigned_integer(counters.hurried);
  write_skipped(json, counters);
  json.end_object();
}

std::string correlations_text(const pipeline::CorrelationStage::Counters& counters) {
  if (counters.loaded == 0) return "";
  std::string out = "  " + grouped(counters.loaded) + " rules, " + grouped(counters.hits) +
                    " matches counted, " + grouped(counters.results) + " results, " +
                    grouped(counters.greatest_groups) + " groups at most\n";
  const auto line = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) out += "  " + column(what, 60) + grouped(count) + "\n";
  };
  line(counters.evicted, "groups given up for want of memory");
  line(counters.hurried, "matches that could not wait for want of memory");
  line(counters.late, "matches left out: later than --lateness");
  line(counters.without_time, "matches left out: event without a time");
  for (std::size_t i = 0; i < counters.skipped.size(); ++i) {
    line(counters.skipped[i], "matches left out: " + std::string(correlate::skipped_name(
                                                         static_cast<correlate::Skipped>(i))));
  }
  return out;
}

void write_alerts(JsonWriter& json, const AlertCounts& counts) {
  if (counts.read == 0) return;
  json.key("alerts").begin_object().key("read").unsigned_integer(counts.read);
  json.key("detections").unsigned_integer(counts.detections);
  json.key("ignored").unsigned_integer(counts.ignored);
  json.key("refused").unsigned_integer(counts.refused);
  if (counts.refused > 0) json.member("first_refused", counts.first_refused);
  json.end_object();
}

std::string alerts_text(const AlertCounts& counts, const TextStyle& style) {
  if (counts.read == 0) return "";
  std::string out = "\n" + style.paint(Colour::kDim, "ALERTS OF OTHER ENGINES") + "  " +
                    grouped(counts.read) + " records: " + grouped(counts.detections) +
                    " detections, " + grouped(counts.ignored) + " no alerts, " +
                    grouped(counts.refused) + " refused\n";
  if (counts.refused > 0) out += "  first refused  " + printable(counts.first_refused) + "\n";
  return out;
}

}  // namespace

std::string log_source_name(const LogSource& log_source) {
  std::string name = log_source.product;
  if (!log_source.categories.empty()) {
    name += (name.empty() ? "" : " ") + joined(log_source.categories);
  }
  if (!log_source.services.empty()) name += " (" + joined(log_source.services) + ")";
  return name.empty() ? "unmapped" : name;
}

std::vector<const incident::Chain*> top_chains(const std::map<Id128, incident::Chain>& chains,
                                               std::size_t limit) {
  std::vector<const incident::Chain*> sorted;
  for (const auto& [id, chain] : chains) sorted.push_back(&chain);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return std::tuple(b->severity, b->score, b->last, a->id) <
           std::tuple(a->severity, a->score, a->last, b->id);
  });
  if (sorted.size() > limit) sorted.resize(limit);
  return sorted;
}

std::uint64_t ScanReport::dead_letter_total() const noexcept {
  std::uint64_t total = 0;
  for (const DeadLetterCount& entry : dead_letters) total += entry.count;
  return total;
}

std::string ScanReport::json(const LogSourceCatalog& log_sources) const {
  JsonWriter json;
  json.begin_object().member("kind", "summary").key("schema").integer(incident::kJsonSchemaVersion);
  json.key("events").unsigned_integer(events());
  json.key("evaluated").unsigned_integer(evaluated);
  json.key("dead_letters").unsigned_integer(dead_letter_total());
  json.key("detections").unsigned_integer(detections);
  write_alerts(json, alerts);
  json.key("chains").unsigned_integer(chains.size());
  json.key("seconds").fixed(seconds, 3);
  json.key("new_detections").unsigned_integer(new_detections);
  json.key("bytes").unsigned_integer(bytes);
  json.key("rules").begin_object().key("loaded").unsigned_integer(rules_loaded);
  json.key("refused").unsigned_integer(rules_refused);
  json.key("unmapped").unsigned_integer(rules_unmapped);
  json.key("quarantined").unsigned_integer(quarantined.size()).end_object();
  json.key("quarantined_rules").begin_array();
  for (const QuarantinedRule& rule : quarantined) {
    json.begin_object().member("rule", rule.id).member("title", rule.title);
    json.key("work_per_event").unsigned_integer(rule.work_per_event);
    json.key("after_events").unsigned_integer(rule.after_events).end_object();
  }
  json.end_array();
  write_correlations(json, correlations);
  json.key("sources_failed").unsigned_integer(sources_failed);
  json.key("events_by_log_source").begin_object();
  for (const auto& [count, id] : by_count(by_log_source)) {
    json.key(log_source_name(log_sources.get(id))).unsigned_integer(count);
  }
  json.end_object().key("dead_letters_by_reason").begin_object();
  for (std::size_t i = 0; i < dead_letters.size(); ++i) {
    if (dead_letters[i].count == 0) continue;
    json.key(dead_letter_reason_name(static_cast<DeadLetterReason>(i)))
        .unsigned_integer(dead_letters[i].count);
  }
  json.end_object().key("detections_by_level").begin_object();
  for (std::size_t i = by_level.size(); i-- > 0;) {
    json.key(plan::level_name(static_cast<plan::Level>(i))).unsigned_integer(by_level[i]);
  }
  json.end_object();
  write_evtx(json);
  json.end_object();
  return json.take();
}

// Only where there was an event log file.
void ScanReport::write_evtx(JsonWriter& json) const {
  if (event_logs.chunks() == 0) return;
  json.key("evtx").begin_object();
  json.key("chunks").unsigned_integer(event_logs.chunks());
  json.key("records").unsigned_integer(event_logs.records());
  for (std::size_t i = 0; i < evtx::kFindingCount; ++i) {
    const auto finding = static_cast<evtx::Finding>(i);
    if (event_logs[finding].count == 0) continue;
    json.key(evtx::finding_name(finding)).unsigned_integer(event_logs[finding].count);
  }
  json.end_object();
}

std::string ScanReport::evtx_text(const TextStyle& style) const {
  if (event_logs.chunks() == 0) return {};
  std::string out = "\n" + style.paint(Colour::kDim, "EVENT LOG FILES") + "  " +
                    grouped(event_logs.records()) + " records in " + grouped(event_logs.chunks()) +
                    " chunks\n";
  for (std::size_t i = 0; i < evtx::kFindingCount; ++i) {
    const auto finding = static_cast<evtx::Finding>(i);
    const auto& entry = event_logs[finding];
    if (entry.count == 0) continue;
    out += "  " + column(evtx::finding_name(finding), 24) + column(grouped(entry.count), 12) +
           "first at " + printable(source_names[entry.source]) + ", byte " +
           std::to_string(entry.offset) + "\n";
  }
  return out;
}

std::string ScanReport::text(const LogSourceCatalog& log_sources, const TextStyle& style) const {
  std::string out = style.paint(Colour::kBold, grouped(events()) + " events") + ", " +
                    grouped(dead_letter_total()) + " of them dead letters, " +
                    grouped(rules_loaded) + " rules\n";
  out += "\n" + style.paint(Colour::kDim, "EVENTS BY LOG SOURCE") + "\n";
  const auto sources = by_count(by_log_source);
  for (std::size_t i = 0; i < sources.size() && i < kShownLogSources; ++i) {
    out += "  " + column(log_source_name(log_sources.get(sources[i].second)), 60) +
           grouped(sources[i].first) + "\n";
  }
  out += and_more(sources.size(), kShownLogSources);
  if (dead_letter_total() > 0) {
    out += "\n" + style.paint(Colour::kDim, "DEAD LETTERS") + "\n";
    for (std::size_t i = 0; i < dead_letters.size(); ++i) {
      if (dead_letters[i].count == 0) continue;
      out += "  " + column(dead_letter_reason_name(static_cast<DeadLetterReason>(i)), 20) +
             column(grouped(dead_letters[i].count), 12) + "first at " +
             printable(dead_letters[i].first_place) + "\n";
    }
  }
  out += evtx_text(style);
  out += alerts_text(alerts, style);
  if (!quarantined.empty()) {
    out += "\n" + style.paint(Colour::kDim, "QUARANTINED RULES") + "\n";
    for (const QuarantinedRule& rule : quarantined) {
      out += "  " + column(printable(rule.title), 60) + "after " + grouped(rule.after_events) +
             " events: " + grouped(rule.work_per_event) + " units of work an event\n";
    }
  }
  out += "\n" + style.paint(Colour::kDim, "DETECTIONS") + "  " + grouped(detections);
  for (std::size_t i = by_level.size(); i-- > 0;) {
    if (by_level[i] == 0) continue;
    out += ", " + grouped(by_level[i]) + " " +
           std::string(plan::level_name(static_cast<plan::Level>(i)));
  }
  out += "\n";
  std::vector<const RuleCount*> rules;
  for (const auto& [id, entry] : by_rule) rules.push_back(&entry);
  std::stable_sort(rules.begin(), rules.end(), [](const RuleCount* a, const RuleCount* b) {
    return std::tuple(b->level, b->count) < std::tuple(a->level, a->count);
  });
  for (std::size_t i = 0; i < rules.size() && i < kShownRules; ++i) {
    out += "  " + column(plan::level_name(rules[i]->level), 14) +
           column(grouped(rules[i]->count), 8) + column(printable(rules[i]->title), 70) +
           " first at " + printable(rules[i]->first_place) + "\n";
  }
  out += and_more(rules.size(), kShownRules);
  if (correlations.loaded > 0) {
    out +=
        "\n" + style.paint(Colour::kDim, "CORRELATIONS") + "\n" + correlations_text(correlations);
  }
  out += "\n" + style.paint(Colour::kDim, "TOP CHAINS") + "  of " + grouped(chains.size()) + "\n";
  if (!chains.empty()) out += chain_list_heading(style, false);
  for (const incident::Chain* chain : top_chains(chains, kShownChains)) {
    out += chain_list_line(*chain, "", style);
  }
  return out;
}

}  // namespace catena::app
