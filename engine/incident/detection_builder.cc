// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/detection_builder.h"

#include "engine/match/explain.h"

namespace catena::incident {
namespace {

// At most `limit` bytes, cut between code points.
std::string clip(std::string_view text, std::size_t limit) {
  if (text.size() > limit) {
    std::size_t end = limit;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text = text.substr(0, end);
  }
  return std::string(text);
}

}  // namespace

DetectionBuilder::DetectionBuilder(const Sources& sources, const attack::AttackCatalog& attack)
    : sources_(sources) {
  tags_.reserve(sources_.rules.rules.size());
  for (const plan::Rule& rule : sources_.rules.rules) {
    tags_.push_back(attack.resolve(rule.tags));
  }
}

Detection DetectionBuilder::build(const Event& event, plan::RuleIndex index) const {
  const plan::Rule& rule = sources_.rules.rules[index];
  const attack::RuleTags& tags = tags_[index];
  const LogSource& log_source = sources_.log_sources.get(event.log_source);
  Detection detection;
  detection.id = detection_id(event.id, rule.id);
  detection.event_id = event.id;
  detection.time = event.time;
  detection.rule_id = rule.id;
  detection.rule_title = rule.title;
  detection.level = rule.level;
  detection.techniques = tags.techniques;
  detection.tactics = tags.tactics;
  detection.phases = tags.phases.phases;
  detection.contextual_phase = tags.phases.contextual;
  detection.product = log_source.product;
  detection.categories = log_source.categories;
  detection.services = log_source.services;
  detection.origin = {sources_.source_names[event.origin.source], event.origin.line,
                      event.origin.offset};
  detection.entities = sources_.entities.extract(event);
  for (const Field& field :
       match::explain(sources_.rules, index, event, Detection::kMaxTellingFields)) {
    detection.telling.push_back({std::string(sources_.fields.name(field.id)),
                                 clip(field.text, TellingField::kMaxValueBytes)});
  }
  detection.evidence = clip(event.raw, Detection::kMaxEvidenceBytes);
  return detection;
}

}  // namespace catena::incident
