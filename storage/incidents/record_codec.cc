// SPDX-License-Identifier: Apache-2.0
#include "storage/incidents/record_codec.h"

#include <memory>
#include <utility>
#include <vector>

#include "storage/kv/record_bytes.h"

namespace catena::storage {
namespace {

using attack::Phase;
using incident::Entity;
using incident::EntityType;
using incident::PhaseState;

constexpr std::uint8_t kGreatestLevel = static_cast<std::uint8_t>(plan::Level::kCritical);
constexpr std::uint8_t kGreatestSeverity = static_cast<std::uint8_t>(incident::Severity::kCritical);
constexpr std::uint8_t kGreatestPhase = static_cast<std::uint8_t>(attack::kPhaseCount - 1);
constexpr std::uint8_t kGreatestEntityType =
    static_cast<std::uint8_t>(incident::kEntityTypeCount - 1);
// An id of 16 bytes, a time of 8, four numbers and texts of at least one.
constexpr std::size_t kLeastEventBytes = 28;
constexpr std::uint8_t kGreatestPhaseState = static_cast<std::uint8_t>(PhaseState::kInferred);
constexpr std::uint8_t kGreatestInferenceRule =
    static_cast<std::uint8_t>(incident::kInferenceRuleCount - 1);
constexpr std::uint8_t kGreatestOutcome =
    static_cast<std::uint8_t>(incident::LaunchOutcome::kSuccess);
constexpr std::size_t kLeastInferenceBytes = 34;  // phase, rule, two ids

// Opens a record: its version must be one that this program writes.
Status begin(RecordReader& reader, const std::string& what, std::uint8_t newest, bool& is_newest) {
  const std::uint8_t version = reader.byte();
  is_newest = version == newest;
  if (reader.ok() && version > newest) {
    return version_mismatch(what + ": record version " + std::to_string(version) +
                            ", this program reads up to " + std::to_string(newest));
  }
  if (version == 0) return corrupt(what + ": no record version");
  return {};
}

Status begin(RecordReader& reader, const std::string& what) {
  bool is_newest = false;
  return begin(reader, what, kRecordVersion, is_newest);
}

void write_texts(RecordWriter& out, const std::vector<std::string>& texts) {
  out.number(texts.size());
  for (const std::string& text : texts) out.text(text);
}

std::vector<std::string> read_texts(RecordReader& in) {
  std::vector<std::string> texts;
  for (std::size_t left = in.count(1); left > 0 && in.ok(); --left) texts.push_back(in.text());
  return texts;
}

void write_phases(RecordWriter& out, const std::vector<Phase>& phases) {
  out.number(phases.size());
  for (const Phase phase : phases) out.byte(static_cast<std::uint8_t>(phase));
}

std::vector<Phase> read_phases(RecordReader& in) {
  std::vector<Phase> phases;
  for (std::size_t left = in.count(1); left > 0 && in.ok(); --left) {
    phases.push_back(static_cast<Phase>(in.byte_up_to(kGreatestPhase)));
  }
  return phases;
}

void write_entity(RecordWriter& out, const Entity& entity) {
  out.byte(static_cast<std::uint8_t>(entity.type));
  out.text(entity.value);
}

Entity read_entity(RecordReader& in) {
  Entity entity;
  entity.type = static_cast<EntityType>(in.byte_up_to(kGreatestEntityType));
  entity.value = in.text();
  return entity;
}

void write_entities(RecordWriter& out, const std::vector<Entity>& entities) {
  out.number(entities.size());
  for (const Entity& entity : entities) write_entity(out, entity);
}

std::vector<Entity> read_entities(RecordReader& in) {
  std::vector<Entity> entities;
  for (std::size_t left = in.count(2); left > 0 && in.ok(); --left) {
    entities.push_back(read_entity(in));
  }
  return entities;
}

void write_telling(RecordWriter& out, const std::vector<incident::TellingField>& fields) {
  out.number(fields.size());
  for (const incident::TellingField& field : fields) {
    out.text(field.name);
    out.text(field.value);
  }
}

std::vector<incident::TellingField> read_telling(RecordReader& in) {
  std::vector<incident::TellingField> fields;
  for (std::size_t left = in.count(2); left > 0 && in.ok(); --left) {
    incident::TellingField& field = fields.emplace_back();
    field.name = in.text();
    field.value = in.text();
  }
  return fields;
}

void write_correlation(RecordWriter& out, const incident::CorrelationEvidence& evidence) {
  out.text(evidence.type);
  out.text(evidence.condition);
  write_texts(out, evidence.fields);
  out.number(evidence.span_seconds);
  write_telling(out, evidence.group);
  out.text(evidence.value);
  out.byte(evidence.value_is_floor ? 1 : 0);
  out.number(evidence.event_count);
  out.byte(evidence.event_count_is_floor ? 1 : 0);
  out.time(evidence.first);
  out.number(evidence.events.size());
  for (const incident::CorrelatedEvent& event : evidence.events) {
    out.id(event.event_id);
    out.text(event.rule_id);
    out.time(event.time);
    out.text(event.origin.source);
    out.number(event.origin.line);
    out.number(event.origin.offset);
  }
}

incident::CorrelationEvidence read_correlation(RecordReader& in) {
  incident::CorrelationEvidence evidence;
  evidence.type = in.text();
  evidence.condition = in.text();
  evidence.fields = read_texts(in);
  evidence.span_seconds = in.number();
  evidence.group = read_telling(in);
  evidence.value = in.text();
  evidence.value_is_floor = in.byte_up_to(1) == 1;
  evidence.event_count = in.number();
  evidence.event_count_is_floor = in.byte_up_to(1) == 1;
  evidence.first = in.time();
  for (std::size_t left = in.count(kLeastEventBytes); left > 0 && in.ok(); --left) {
    incident::CorrelatedEvent& event = evidence.events.emplace_back();
    event.event_id = in.id();
    event.rule_id = in.text();
    event.time = in.time();
    event.origin.source = in.text();
    event.origin.line = in.number();
    event.origin.offset = in.number();
  }
  return evidence;
}

void write_inferences(RecordWriter& out, const incident::Chain& chain) {
  out.number(chain.inferences.size());
  for (const incident::PhaseInference& inference : chain.inferences) {
    out.byte(static_cast<std::uint8_t>(inference.phase));
    out.byte(static_cast<std::uint8_t>(inference.rule));
    out.id(inference.witness);
    out.id(inference.second_witness);
  }
  out.byte(static_cast<std::uint8_t>(chain.launch));
  out.byte(chain.objective_imminent ? 1 : 0);
}

void read_inferences(RecordReader& in, incident::Chain& chain) {
  for (std::size_t left = in.count(kLeastInferenceBytes); left > 0 && in.ok(); --left) {
    incident::PhaseInference& inference = chain.inferences.emplace_back();
    inference.phase = static_cast<Phase>(in.byte_up_to(kGreatestPhase));
    inference.rule = static_cast<incident::InferenceRule>(in.byte_up_to(kGreatestInferenceRule));
    inference.witness = in.id();
    inference.second_witness = in.id();
  }
  chain.launch = static_cast<incident::LaunchOutcome>(in.byte_up_to(kGreatestOutcome));
  chain.objective_imminent = in.byte_up_to(1) == 1;
}

void read_detection_fields(RecordReader& in, incident::Detection& out) {
  out.event_id = in.id();
  out.time = in.time();
  out.rule_id = in.text();
  out.rule_title = in.text();
  out.level = static_cast<plan::Level>(in.byte_up_to(kGreatestLevel));
  out.techniques = read_texts(in);
  out.tactics = read_texts(in);
  out.phases = read_phases(in);
  out.contextual_phase = in.byte_up_to(1) == 1;
  out.product = in.text();
  out.categories = read_texts(in);
  out.services = read_texts(in);
  out.origin.source = in.text();
  out.origin.line = in.number();
  out.origin.offset = in.number();
  out.entities = read_entities(in);
  out.telling = read_telling(in);
  out.evidence = in.text();
}

}  // namespace

std::string encode_detection(const incident::Detection& detection) {
  RecordWriter out;
  const bool correlated = detection.correlation != nullptr;
  out.byte(correlated ? kCorrelationRecordVersion : kRecordVersion);
  out.id(detection.event_id);
  out.time(detection.time);
  out.text(detection.rule_id);
  out.text(detection.rule_title);
  out.byte(static_cast<std::uint8_t>(detection.level));
  write_texts(out, detection.techniques);
  write_texts(out, detection.tactics);
  write_phases(out, detection.phases);
  out.byte(detection.contextual_phase ? 1 : 0);
  out.text(detection.product);
  write_texts(out, detection.categories);
  write_texts(out, detection.services);
  out.text(detection.origin.source);
  out.number(detection.origin.line);
  out.number(detection.origin.offset);
  write_entities(out, detection.entities);
  write_telling(out, detection.telling);
  out.text(detection.evidence);
  if (correlated) write_correlation(out, *detection.correlation);
  return std::move(out).take();
}

Result<incident::Detection> decode_detection(const Id128& id, std::string_view value) {
  const std::string what = "detection " + id.hex();
  RecordReader in(value);
  bool correlated = false;
  RETURN_IF_ERROR(begin(in, what, kCorrelationRecordVersion, correlated));
  incident::Detection detection;
  detection.id = id;
  read_detection_fields(in, detection);
  if (correlated) {
    detection.correlation =
        std::make_shared<const incident::CorrelationEvidence>(read_correlation(in));
  }
  RETURN_IF_ERROR(in.finish(what));
  return detection;
}

std::string encode_chain(const incident::Chain& chain) {
  RecordWriter out;
  out.byte(kChainRecordVersion);
  out.time(chain.first);
  out.time(chain.last);
  out.number(chain.score);
  out.byte(static_cast<std::uint8_t>(chain.severity));
  write_texts(out, chain.hosts);
  write_texts(out, chain.users);
  write_texts(out, chain.techniques);
  for (const incident::PhaseSlot& slot : chain.phases) {
    out.byte(static_cast<std::uint8_t>(slot.state));
    out.time(slot.first);
    out.time(slot.last);
    out.number(slot.steps);
  }
  out.number(chain.steps.size());
  write_inferences(out, chain);
  return std::move(out).take();
}

Result<ChainRecord> decode_chain(const Id128& id, std::string_view value) {
  const std::string what = "chain " + id.hex();
  RecordReader in(value);
  bool is_newest = false;
  RETURN_IF_ERROR(begin(in, what, kChainRecordVersion, is_newest));
  ChainRecord record;
  incident::Chain& chain = record.chain;
  chain.id = id;
  chain.first = in.time();
  chain.last = in.time();
  chain.score = in.number32();
  chain.severity = static_cast<incident::Severity>(in.byte_up_to(kGreatestSeverity));
  chain.hosts = read_texts(in);
  chain.users = read_texts(in);
  chain.techniques = read_texts(in);
  for (incident::PhaseSlot& slot : chain.phases) {
    slot.state = static_cast<PhaseState>(in.byte_up_to(kGreatestPhaseState));
    slot.first = in.time();
    slot.last = in.time();
    slot.steps = in.number32();
  }
  record.step_count = in.number();
  if (is_newest) read_inferences(in, chain);
  RETURN_IF_ERROR(in.finish(what));
  return record;
}

std::string encode_step(const incident::Step& step) {
  RecordWriter out;
  out.byte(kChainRecordVersion);
  out.byte(!step.has_phase ? 0 : step.inferred ? 2 : 1);
  out.byte(static_cast<std::uint8_t>(step.phase));
  out.id(step.join.parent);
  write_entity(out, step.join.entity);
  out.number(step.join.weight);
  out.byte(step.background ? 1 : 0);
  return std::move(out).take();
}

Result<incident::Step> decode_step(const Id128& detection, Timestamp time, std::string_view value) {
  const std::string what = "step " + detection.hex();
  RecordReader in(value);
  bool is_newest = false;
  RETURN_IF_ERROR(begin(in, what, kChainRecordVersion, is_newest));
  incident::Step step;
  step.detection = detection;
  step.time = time;
  const auto phase_state = in.byte_up_to(2);
  step.has_phase = phase_state != 0;
  step.inferred = phase_state == 2;
  step.phase = static_cast<Phase>(in.byte_up_to(kGreatestPhase));
  step.join.parent = in.id();
  step.join.entity = read_entity(in);
  step.join.weight = in.number32();
  if (is_newest) step.background = in.byte_up_to(1) == 1;
  RETURN_IF_ERROR(in.finish(what));
  return step;
}

std::string encode_position(const pipeline::SourcePosition& position) {
  RecordWriter out;
  out.byte(kRecordVersion);
  out.number(position.offset);
  out.number(position.lines);
  out.number(position.content_hash);
  return std::move(out).take();
}

Result<pipeline::SourcePosition> decode_position(std::string_view source, std::string_view value) {
  const std::string what = "position of '" + std::string(source) + "'";
  RecordReader in(value);
  RETURN_IF_ERROR(begin(in, what));
  pipeline::SourcePosition position;
  position.source = std::string(source);
  position.offset = in.number();
  position.lines = in.number();
  position.content_hash = in.number();
  RETURN_IF_ERROR(in.finish(what));
  return position;
}

std::string encode_counters(const StoreCounters& counters) {
  RecordWriter out;
  out.byte(kRecordVersion);
  out.number(counters.events);
  out.number(counters.dead_letters);
  out.number(counters.epochs);
  return std::move(out).take();
}

Result<StoreCounters> decode_counters(std::string_view value) {
  const std::string what = "counters";
  RecordReader in(value);
  RETURN_IF_ERROR(begin(in, what));
  StoreCounters counters;
  counters.events = in.number();
  counters.dead_letters = in.number();
  counters.epochs = in.number();
  RETURN_IF_ERROR(in.finish(what));
  return counters;
}

}  // namespace catena::storage
