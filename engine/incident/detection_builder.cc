// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/detection_builder.h"

#include <algorithm>
#include <array>

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

constexpr std::array<std::string_view, 5> kLogSourceFields = {"EventID", "Channel", "Provider_Name",
                                                              "type", "program"};
constexpr std::array<std::string_view, 14> kContextFields = {
    "CommandLine", "ScriptBlockText", "TargetFilename", "TargetObject",  "ServiceFileName",
    "TaskName",    "ImageLoaded",     "QueryName",      "DestinationIp", "TargetImage",
    "Image",       "eventName",       "cs-uri-stem",    "message"};
// With fewer fields than this a detection also shows what else is known of the event.
constexpr std::size_t kEnoughTellingFields = 1;

template <std::size_t N>
std::vector<FieldId> known_fields(const FieldCatalog& catalog,
                                  const std::array<std::string_view, N>& names) {
  std::vector<FieldId> ids;
  for (const std::string_view name : names) {
    if (const FieldId id = catalog.find(name); id != kUnknownField) ids.push_back(id);
  }
  return ids;
}

bool contains(const std::vector<FieldId>& ids, FieldId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

DetectionBuilder::DetectionBuilder(const Sources& sources, const attack::AttackCatalog& attack)
    : sources_(sources),
      log_source_fields_(known_fields(sources.fields, kLogSourceFields)),
      context_fields_(known_fields(sources.fields, kContextFields)) {
  tags_.reserve(sources_.rules.rules.size());
  for (const plan::Rule& rule : sources_.rules.rules) {
    tags_.push_back(attack.resolve(rule.tags));
  }
}

// What the rule looked at comes first; where that only names the kind of event, what happened in
// it.
std::vector<Field> DetectionBuilder::telling_fields(const Event& event,
                                                    plan::RuleIndex rule) const {
  std::vector<Field> fields =
      match::explain(sources_.rules, rule, event, Detection::kMaxTellingFields);
  const auto kind = std::stable_partition(fields.begin(), fields.end(), [&](const Field& field) {
    return !contains(log_source_fields_, field.id);
  });
  std::vector<Field> telling(fields.begin(), kind);
  for (const FieldId id : context_fields_) {
    if (telling.size() >= kEnoughTellingFields) break;
    const Field* field = event.find(id);
    const bool shown = std::any_of(telling.begin(), telling.end(),
                                   [&](const Field& known) { return known.id == id; });
    if (field != nullptr && !field->text.empty() && !shown) telling.push_back(*field);
  }
  telling.insert(telling.end(), kind, fields.end());
  if (telling.size() > Detection::kMaxTellingFields) telling.resize(Detection::kMaxTellingFields);
  return telling;
}

Detection DetectionBuilder::build(const Event& event, plan::RuleIndex index) const {
  const plan::Rule& rule = sources_.rules.rules[index];
  const attack::RuleTags& tags = tags_[index];
  const LogSource& log_source = sources_.log_sources.get(event.log_source);
  Detection detection;
  detection.event_id = event.id();
  detection.id = detection_id(detection.event_id, rule.id);
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
  for (const Field& field : telling_fields(event, index)) {
    detection.telling.push_back({std::string(sources_.fields.name(field.id)),
                                 clip(field.text, TellingField::kMaxValueBytes)});
  }
  detection.evidence = clip(event.raw, Detection::kMaxEvidenceBytes);
  return detection;
}

}  // namespace catena::incident
