// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/event/log_source.h"
#include "engine/event/timestamp.h"

// Hit: one match of a rule that correlations refer to, with the few values of the event that they
// ask for. It owns its bytes, for the event's are gone when its turn comes. It is not a detection:
// whether it is one as well is the rule's business. Thread safety: value type.
namespace catena::correlate {

// Where an event stands in the input. Events of one time are in this order; it does not depend on
// when they arrive.
struct Place {
  std::uint32_t source = 0;  // rank of the source's name among all of the run
  std::uint64_t offset = 0;  // of the record in its source
  std::uint32_t number = 0;  // among events of one offset

  friend auto operator<=>(const Place&, const Place&) = default;
};

struct EventReference {
  Id128 id;
  Timestamp time = kNoTime;
  Place place;
  std::uint64_t line = 0;

  // Time first, then place.
  [[nodiscard]] friend bool before(const EventReference& a, const EventReference& b) noexcept {
    return a.time != b.time ? a.time < b.time : a.place < b.place;
  }
};

// What an event says of one field.
enum class FieldState : std::uint8_t {
  kMissing,  // not there, or null
  kSeveral,  // an array, an object, or several different values
  kOne,
};
struct CapturedValue {
  FieldState state = FieldState::kMissing;
  std::string_view text;
};

// Something that the event has in common with others (a host, a user), for whoever shows or joins
// the result. Correlations do not look into it.
struct Trait {
  std::uint8_t kind = 0;
  std::string text;

  friend auto operator<=>(const Trait&, const Trait&) = default;
};
struct TraitView {
  std::uint8_t kind = 0;
  std::string_view text;
};

// Captured values and traits, packed into one string: one allocation a hit.
class HitPayload {
 public:
  void add_value(FieldState state, std::string_view text) { append(state, text, values_); }
  // After the last value.
  void add_trait(std::uint8_t kind, std::string_view text) {
    append(static_cast<FieldState>(kind), text, traits_);
  }

  // Views into this payload.
  void read(std::vector<CapturedValue>& values, std::vector<TraitView>& traits) const;
  [[nodiscard]] std::size_t capacity() const noexcept { return bytes_.capacity(); }

 private:
  void append(FieldState state, std::string_view text, std::uint32_t& count);

  std::string bytes_;
  std::uint32_t values_ = 0;
  std::uint32_t traits_ = 0;
};

struct Hit {
  EventReference event;
  std::uint32_t rule = 0;  // index into CorrelationProgram::rules
  LogSourceId log_source = kUnmappedLogSource;
  HitPayload payload;
};

}  // namespace catena::correlate
