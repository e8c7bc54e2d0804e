// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/correlation_state.h"

#include <algorithm>
#include <array>
#include <limits>

#include "engine/base/text_fold.h"

namespace catena::correlate {
namespace {

constexpr std::array<std::string_view, kSkippedCount> kSkippedNames = {
    "group_field_missing", "group_field_several", "value_missing", "value_several",
    "value_not_a_number"};

// Appends the folded text so that no two lists of texts give the same bytes.
void append_part(std::string& key, std::string_view text) {
  const std::size_t start = key.size();
  append_folded(key, text);
  std::size_t length = key.size() - start;
  do {
    key.push_back(static_cast<char>(length & 0x7F));
    length >>= 7U;
  } while (length != 0);
  key.push_back('\xFF');
}

std::uint64_t mask_of(std::uint32_t input) noexcept {
  return input < plan::kMaxTemporalInputs ? std::uint64_t{1} << input : 0;
}

}  // namespace

std::string_view skipped_name(Skipped reason) noexcept {
  return kSkippedNames[static_cast<std::size_t>(reason)];
}

CorrelationState::CorrelationState(const plan::Correlation& correlation, std::size_t max_bytes,
                                   std::uint64_t seed, bool repeat)
    : correlation_(correlation), repeat_(repeat || correlation.repeat), groups_(max_bytes, seed) {}

Timestamp CorrelationState::start_of(Timestamp time) const noexcept {
  constexpr Timestamp kEarliest = std::numeric_limits<Timestamp>::min();
  return time < kEarliest + correlation_.span ? kEarliest : time - correlation_.span;
}

// Sets key_ to the group's; Sigma compares without case, so the key does.
bool CorrelationState::make_key(const Signal& signal) {
  key_.clear();
  for (const std::uint32_t slot : correlation_.inputs[signal.input].group_slots) {
    const CapturedValue& value = signal.values[slot];
    if (value.state != FieldState::kOne) {
      skip(value.state == FieldState::kMissing ? Skipped::kNoGroup : Skipped::kSeveralGroup);
      return false;
    }
    append_part(key_, value.text);
  }
  return true;
}

bool CorrelationState::read_value(const Signal& signal, Member& member) {
  const auto& slots = correlation_.inputs[signal.input].value_slots;
  if (slots.empty()) return true;
  std::string tuple;
  for (const std::uint32_t slot : slots) {
    const CapturedValue& value = signal.values[slot];
    if (value.state != FieldState::kOne) {
      skip(value.state == FieldState::kMissing ? Skipped::kNoValue : Skipped::kSeveralValue);
      return false;
    }
    append_part(tuple, value.text);
  }
  if (correlation_.type == plan::CorrelationType::kValueCount) {
    member.value_key = hash128(tuple);
    return true;
  }
  const auto number = parse_decimal(signal.values[slots[0]].text);
  if (!number) {
    skip(Skipped::kNotANumber);
    return false;
  }
  member.number = number->units;
  return true;
}

void CorrelationState::arrive(const Signal& signal) {
  Arrival arrival;
  arrival.signal = &signal;
  arrival.member.event = signal.event;
  arrival.member.input = signal.input;
  arrival.member.inputs = mask_of(signal.input);
  if (!make_key(signal) || !read_value(signal, arrival.member)) return;
  arrival.group = &groups_.find(key_, correlation_);
  note_traits(*arrival.group, signal);
  // An event that several rules matched is one event.
  for (Arrival& earlier : arrivals_) {
    if (earlier.group != arrival.group) continue;
    earlier.member.inputs |= arrival.member.inputs;
    return;
  }
  arrivals_.push_back(arrival);
}

void CorrelationState::note_traits(Group& group, const Signal& signal) const {
  const Timestamp start = start_of(signal.event.time);
  std::erase_if(group.traits, [&](const SeenTrait& seen) { return seen.last < start; });
  for (const TraitView& trait : signal.traits) {
    const auto known =
        std::find_if(group.traits.begin(), group.traits.end(), [&](const SeenTrait& seen) {
          return seen.trait.kind == trait.kind && seen.trait.text == trait.text;
        });
    if (known != group.traits.end()) {
      known->last = signal.event.time;
      continue;
    }
    if (group.traits.size() >= kMaxTraits) {
      group.traits.erase(
          std::min_element(group.traits.begin(), group.traits.end(),
                           [](const SeenTrait& a, const SeenTrait& b) { return a.last < b.last; }));
    }
    group.traits.push_back({{trait.kind, std::string(trait.text)}, signal.event.time});
  }
}

void CorrelationState::enter(Group& group, const Member& member) {
  const Timestamp start = start_of(member.event.time);
  if (group.is_new || group.last < start) group.satisfied = false;
  group.is_new = false;
  group.last = member.event.time;
  group.window->expire(start);
  group.window->add(member);
  while (!group.times.empty() && group.times.front() < start) group.times.pop();
  while (!group.recent.empty() && group.recent.front().event.time < start) group.recent.pop();
  if (group.dropped < start) group.has_dropped = false;
  group.times.push(member.event.time);
  group.recent.push({member.event, member.input});
  if (group.recent.size() > kMaxRecentMembers) group.recent.pop();
  if (group.times.size() > kMaxCountedMembers) {
    group.dropped = group.times.front();
    group.has_dropped = true;
    group.times.pop();
  }
}

void CorrelationState::take(std::span<const Signal> signals, std::vector<Due>& due) {
  due.clear();
  arrivals_.clear();
  for (const Signal& signal : signals) arrive(signal);
  for (const Arrival& arrival : arrivals_) {
    Group& group = *arrival.group;
    enter(group, arrival.member);
    const bool holds = group.window->holds();
    if (holds && (repeat_ || !group.satisfied)) due.push_back({&group, arrival.signal});
    group.satisfied = holds;
    groups_.touched(group);
  }
}

}  // namespace catena::correlate
