// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/correlation_detection.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace catena::incident {
namespace {

constexpr std::size_t kGroupFieldsShown = Detection::kMaxTellingFields - 1;

std::string value_text(const correlate::Measure& measure) {
  return format_decimal({measure.value / measure.scale});
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// "user_count"-like label and what it says: "value_count of User", "12, >= 10 within 600 s".
TellingField telling_measure(const CorrelationEvidence& evidence) {
  std::string name = evidence.type;
  if (!evidence.fields.empty()) name += " of " + joined(evidence.fields);
  return {std::move(name), (evidence.value_is_floor ? "at least " : "") + evidence.value + " (" +
                               evidence.condition + " within " +
                               std::to_string(evidence.span_seconds) + " s)"};
}

// What an analyst opens first: where the events are.
std::string evidence_text(const CorrelationEvidence& evidence) {
  std::string text = (evidence.event_count_is_floor ? "at least " : "") +
                     std::to_string(evidence.event_count) + " events:";
  for (auto event = evidence.events.rbegin(); event != evidence.events.rend(); ++event) {
    const std::string place = " " + event->origin.source + ":" + std::to_string(event->origin.line);
    if (text.size() + place.size() > Detection::kMaxEvidenceBytes) break;
    text += place;
  }
  return text;
}

void add_bytes(std::string& content, const Id128& id) {
  const auto bytes = id.bytes();
  content.append(bytes.data(), bytes.size());
}

Id128 result_id(const plan::Correlation& correlation, const correlate::Result& result) {
  std::string content;
  add_bytes(content, result.key);
  add_bytes(content, result.event.id);
  content += std::to_string(result.first);
  return hash128_parts({"correlation", correlation.id, content});
}

}  // namespace

CorrelationDetections::CorrelationDetections(const Sources& sources,
                                             const attack::AttackCatalog& attack)
    : sources_(sources) {
  for (const plan::Correlation& correlation : sources_.rules.correlation.correlations) {
    tags_.push_back(attack.resolve(correlation.tags));
  }
}

const std::string& CorrelationDetections::input_id(const plan::Correlation& correlation,
                                                   std::uint32_t input) const {
  const plan::CorrelationInput& below = correlation.inputs[input];
  const plan::CorrelationProgram& program = sources_.rules.correlation;
  if (below.is_correlation) return program.correlations[below.index].id;
  return sources_.rules.rules[program.rules[below.index].rule].id;
}

DetectionOrigin CorrelationDetections::origin_of(const correlate::EventReference& event) const {
  return {sources_.source_names[event.place.source], event.line, event.place.offset};
}

CorrelationEvidence CorrelationDetections::evidence_of(const correlate::Result& result) const {
  const plan::Correlation& correlation =
      sources_.rules.correlation.correlations[result.correlation];
  CorrelationEvidence evidence;
  evidence.type = plan::correlation_type_name(correlation.type);
  evidence.condition = correlation.condition;
  evidence.fields = correlation.value_names;
  evidence.span_seconds = static_cast<std::uint64_t>(correlation.span / kNanosPerSecond);
  for (std::size_t i = 0; i < result.group.size(); ++i) {
    // Bounded by HitBuilder; cut for show, between characters.
    std::string value = result.group[i];
    if (value.size() > TellingField::kMaxValueBytes) {
      std::size_t end = TellingField::kMaxValueBytes;
      while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) --end;
      value.resize(end);
    }
    evidence.group.push_back({correlation.group_names[i], std::move(value)});
  }
  evidence.value = value_text(result.measure);
  evidence.value_is_floor = result.measure.is_floor;
  evidence.event_count = result.member_count;
  evidence.event_count_is_floor = result.member_count_is_floor;
  evidence.first = result.first;
  for (const correlate::MemberReference& member : result.members) {
    evidence.events.push_back({member.event.id, input_id(correlation, member.input),
                               member.event.time, origin_of(member.event)});
  }
  return evidence;
}

Detection CorrelationDetections::build(const correlate::Result& result) const {
  const plan::Correlation& correlation =
      sources_.rules.correlation.correlations[result.correlation];
  const attack::RuleTags& tags = tags_[result.correlation];
  const LogSource& log_source = sources_.log_sources.get(result.log_source);
  CorrelationEvidence evidence = evidence_of(result);
  Detection detection;
  detection.id = result_id(correlation, result);
  detection.event_id = result.event.id;
  detection.time = result.event.time;
  detection.rule_id = correlation.id;
  detection.rule_title = correlation.title;
  detection.level = correlation.level;
  detection.techniques = tags.techniques;
  detection.tactics = tags.tactics;
  detection.phases = tags.phases.phases;
  detection.contextual_phase = tags.phases.contextual;
  detection.product = log_source.product;
  detection.categories = log_source.categories;
  detection.services = log_source.services;
  detection.origin = origin_of(result.event);
  for (const correlate::Trait& trait : result.traits) {
    detection.entities.push_back({static_cast<EntityType>(trait.kind), trait.text});
  }
  const std::size_t shown = std::min(evidence.group.size(), kGroupFieldsShown);
  detection.telling.assign(evidence.group.begin(),
                           evidence.group.begin() + static_cast<std::ptrdiff_t>(shown));
  detection.telling.push_back(telling_measure(evidence));
  detection.evidence = evidence_text(evidence);
  detection.correlation = std::make_shared<const CorrelationEvidence>(std::move(evidence));
  return detection;
}

}  // namespace catena::incident
