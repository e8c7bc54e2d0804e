// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/json_lines.h"

#include "engine/base/json_writer.h"

namespace catena::incident {
namespace {

void write_strings(JsonWriter& json, std::string_view name,
                   const std::vector<std::string>& values) {
  json.key(name).begin_array();
  for (const std::string& value : values) json.string(value);
  json.end_array();
}

void write_phase(JsonWriter& json, attack::Phase phase) {
  const attack::PhaseInfo& info = attack::phase_info(phase);
  json.begin_object()
      .member("phase", info.slug)
      .member("framework", info.framework)
      .member("stage", info.stage)
      .end_object();
}

// The phase decided in the chain first, then the rule's other candidates.
void write_phases(JsonWriter& json, const Detection& detection, const Step* step) {
  json.key("iris").begin_array();
  const bool decided = step != nullptr && step->has_phase;
  if (decided) write_phase(json, step->phase);
  for (const attack::Phase phase : detection.phases) {
    if (!decided || phase != step->phase) write_phase(json, phase);
  }
  json.end_array();
}

// Entities grouped by type; they are sorted by type already.
void write_entities(JsonWriter& json, const std::vector<Entity>& entities) {
  json.key("entities").begin_object();
  for (std::size_t i = 0; i < entities.size();) {
    const EntityType type = entities[i].type;
    json.key(entity_type_name(type)).begin_array();
    for (; i < entities.size() && entities[i].type == type; ++i) json.string(entities[i].value);
    json.end_array();
  }
  json.end_object();
}

void write_join(JsonWriter& json, const JoinEdge& join) {
  json.key("join").begin_object();
  if (!join.parent.is_zero()) {
    json.member("parent", join.parent.hex())
        .member("type", entity_type_name(join.entity.type))
        .member("value", join.entity.value)
        .key("weight")
        .fixed(static_cast<double>(join.weight) / 65536.0, 3);
  }
  json.end_object();
}

void write_origin(JsonWriter& json, const DetectionOrigin& origin) {
  json.member("source", origin.source)
      .key("line")
      .unsigned_integer(origin.line)
      .key("offset")
      .unsigned_integer(origin.offset);
}

void write_correlation(JsonWriter& json, const CorrelationEvidence& evidence) {
  json.key("correlation").begin_object().member("type", evidence.type);
  json.member("condition", evidence.condition);
  write_strings(json, "fields", evidence.fields);
  json.key("timespan_seconds").unsigned_integer(evidence.span_seconds);
  json.key("group").begin_object();
  for (const TellingField& field : evidence.group) json.member(field.name, field.value);
  json.end_object().key("value").number(evidence.value);
  json.key("value_is_floor").boolean(evidence.value_is_floor);
  json.member("first", format_iso8601(evidence.first));
  json.key("event_count").unsigned_integer(evidence.event_count);
  json.key("event_count_is_floor").boolean(evidence.event_count_is_floor);
  json.key("events").begin_array();
  for (const CorrelatedEvent& event : evidence.events) {
    json.begin_object().member("id", event.event_id.hex()).member("rule", event.rule_id);
    json.member("time", format_iso8601(event.time));
    write_origin(json, event.origin);
    json.end_object();
  }
  json.end_array().end_object();
}

std::string_view state_name(PhaseState state) {
  return state == PhaseState::kObserved ? "observed" : "inferred";
}

}  // namespace

std::string detection_json(const Detection& detection, const Id128& chain, const Step* step) {
  JsonWriter json;
  json.begin_object().member("kind", "detection").key("schema").integer(kJsonSchemaVersion);
  json.member("id", detection.id.hex()).member("time", format_iso8601(detection.time));
  json.key("rule")
      .begin_object()
      .member("id", detection.rule_id)
      .member("title", detection.rule_title)
      .member("level", plan::level_name(detection.level))
      .end_object();
  json.key("attack").begin_object();
  write_strings(json, "techniques", detection.techniques);
  write_strings(json, "tactics", detection.tactics);
  json.end_object();
  write_phases(json, detection, step);
  json.key("logsource").begin_object().member("product", detection.product);
  write_strings(json, "category", detection.categories);
  write_strings(json, "service", detection.services);
  json.end_object();
  json.key("event").begin_object();
  write_origin(json, detection.origin);
  json.member("id", detection.event_id.hex()).end_object();
  write_entities(json, detection.entities);
  json.key("telling").begin_array();
  for (const TellingField& field : detection.telling) {
    json.begin_object().member("field", field.name).member("value", field.value).end_object();
  }
  json.end_array();
  if (detection.correlation != nullptr) write_correlation(json, *detection.correlation);
  if (step != nullptr) write_join(json, step->join);
  json.member("chain", chain.hex()).end_object();
  return json.take();
}

std::string chain_json(const Chain& chain, std::string_view state) {
  JsonWriter json;
  json.begin_object().member("kind", "chain").key("schema").integer(kJsonSchemaVersion);
  json.member("id", chain.id.hex())
      .member("first", format_iso8601(chain.first))
      .member("last", format_iso8601(chain.last));
  json.key("score").fixed(chain.score / 10.0, 1).member("severity", severity_name(chain.severity));
  write_strings(json, "hosts", chain.hosts);
  write_strings(json, "users", chain.users);
  write_strings(json, "techniques", chain.techniques);
  json.key("phases").begin_array();
  for (std::size_t i = 0; i < chain.phases.size(); ++i) {
    const PhaseSlot& slot = chain.phases[i];
    if (slot.state == PhaseState::kAbsent) continue;
    json.begin_object()
        .member("phase", attack::all_phases()[i].slug)
        .member("state", state_name(slot.state))
        .member("first", format_iso8601(slot.first))
        .member("last", format_iso8601(slot.last))
        .key("steps")
        .unsigned_integer(slot.steps)
        .end_object();
  }
  json.end_array();
  json.key("inferences").begin_array();
  for (const PhaseInference& inference : chain.inferences) {
    json.begin_object()
        .member("phase", attack::phase_info(inference.phase).slug)
        .member("rule", inference_rule_name(inference.rule));
    json.key("witnesses").begin_array().string(inference.witness.hex());
    if (!inference.second_witness.is_zero()) json.string(inference.second_witness.hex());
    json.end_array().end_object();
  }
  json.end_array().member("launch", launch_outcome_name(chain.launch));
  json.key("objective_imminent").boolean(chain.objective_imminent);
  if (!state.empty()) json.member("state", state);
  json.key("steps").begin_array();
  for (const Step& step : chain.steps) json.string(step.detection.hex());
  json.end_array().end_object();
  return json.take();
}

}  // namespace catena::incident
