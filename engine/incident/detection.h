// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/attack/phase.h"
#include "engine/base/hash.h"
#include "engine/event/timestamp.h"
#include "engine/incident/entity.h"
#include "engine/plan/rule_set.h"

// Detection: one rule that matched one event, with everything needed to show it, join it and keep
// it after the event's bytes are gone. It owns its strings; it is rare, so it may. Identity:
// hash(event id, rule id), so the same match found again is the same detection. Thread safety:
// value type.
namespace catena::incident {

// A field that made the rule match, for the analyst's eye.
struct TellingField {
  std::string name;   // "" when a keyword matched the whole record
  std::string value;  // at most kMaxValueBytes, cut at a character border
  static constexpr std::size_t kMaxValueBytes = 512;
};

struct DetectionOrigin {
  std::string source;  // path as given, or "-" for standard input
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
};

// An event that a correlation counted.
struct CorrelatedEvent {
  Id128 event_id;
  std::string rule_id;  // of the rule, or of the correlation below, that it matched
  Timestamp time = kNoTime;
  DetectionOrigin origin;
};

// What a detection of a correlation rule says beyond that of a rule.
struct CorrelationEvidence {
  std::string type;                 // "event_count"
  std::string condition;            // ">= 10"
  std::vector<std::string> fields;  // `field` of the condition
  std::uint64_t span_seconds = 0;
  std::vector<TellingField> group;  // group-by fields and their values
  std::string value;                // what was compared, a decimal number
  bool value_is_floor = false;      // the true value may be greater
  std::uint64_t event_count = 0;    // in the window; for temporal types of those that made it hold
  bool event_count_is_floor = false;
  Timestamp first = kNoTime;  // the earliest of them; the last is the detection's own event
  std::vector<CorrelatedEvent> events;  // the newest, earliest first; not more than 64
};

struct Detection {
  Id128 id;
  Id128 event_id;
  Timestamp time = kNoTime;
  std::string rule_id;
  std::string rule_title;
  plan::Level level = plan::Level::kInformational;
  std::vector<std::string> techniques;  // canonical, sorted
  std::vector<std::string> tactics;     // ids, catalog order
  std::vector<attack::Phase> phases;    // candidates, primary first; the chain may decide otherwise
  bool contextual_phase = false;        // execution: the neighbours decide
  std::string product;                  // the event's log source
  std::vector<std::string> categories;
  std::vector<std::string> services;
  DetectionOrigin origin;
  std::vector<Entity> entities;       // sorted by (type, value), unique
  std::vector<TellingField> telling;  // at most kMaxTellingFields
  std::string evidence;               // the record as received, cut to kMaxEvidenceBytes
  // Of a correlation rule: event, origin and time are those of the event at which its condition
  // came to hold, and `evidence` names the events. nullptr for a rule's own match.
  std::shared_ptr<const CorrelationEvidence> correlation;
  static constexpr std::size_t kMaxTellingFields = 4;
  static constexpr std::size_t kMaxEvidenceBytes = 4096;
};

// The order of everything: by event time, then by id.
[[nodiscard]] bool earlier(const Detection& a, const Detection& b) noexcept;

// What joining and scoring need; the text that only people read stays in the store.
[[nodiscard]] Detection without_evidence(const Detection& detection);

[[nodiscard]] Id128 detection_id(const Id128& event_id, std::string_view rule_id);

}  // namespace catena::incident
