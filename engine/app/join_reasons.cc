// SPDX-License-Identifier: Apache-2.0
#include "engine/app/join_reasons.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "engine/incident/hub.h"
#include "engine/incident/join_weight.h"

namespace catena::app {
namespace {

using incident::Detection;
using incident::Entity;
using incident::JoinClass;

// When a chain had an entity.
struct Presence {
  Entity entity;
  std::vector<Timestamp> times;  // ascending
};
using Presences = std::map<std::uint64_t, Presence>;  // by entity key

Presences presences_of(const report::Story& told) {
  Presences found;
  for (const Detection& detection : told.detections) {
    for (const Entity& entity : detection.entities) {
      Presence& presence = found[incident::entity_key(entity)];
      presence.entity = entity;
      presence.times.push_back(detection.time);
    }
  }
  return found;
}

// The least distance between two ascending lists of times.
Timestamp least_distance(const std::vector<Timestamp>& a, const std::vector<Timestamp>& b) {
  Timestamp least = std::abs(a.front() - b.front());
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    least = std::min(least, std::abs(a[i] - b[j]));
    a[i] < b[j] ? ++i : ++j;
  }
  return least;
}

std::string weight_text(std::uint32_t weight) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.2f",
                static_cast<double>(weight) / incident::kFullWeight);
  return text.data();
}

std::string verdict(const Entity& entity, std::uint32_t weight) {
  if (is_static_hub(entity)) return "everybody has it: it joins nothing";
  if (join_class(entity) == JoinClass::kWeak) {
    return "a place where many meet: it ties only where one story can be meant";
  }
  if (weight < incident::kJoinThreshold) return "too long apart: it weighs less than 0.50";
  if (join_class(entity) == JoinClass::kMedium) {
    return "one of its kind attaches a step; to merge two chains takes two kinds";
  }
  return "strong: a limit (steps of a chain, hosts of an entity) or the background kept them apart";
}

}  // namespace

std::string why_not_joined(const report::Story& a, const report::Story& b, const TextStyle& style) {
  if (a.chain.id == b.chain.id) return "They are in one chain: " + a.chain.id.hex() + "\n";
  std::string out = "Chains " + a.chain.id.hex().substr(0, 12) + " and " +
                    b.chain.id.hex().substr(0, 12) + " are two.\n";
  const Presences of_a = presences_of(a);
  const Presences of_b = presences_of(b);
  std::size_t shared = 0;
  for (const auto& [key, mine] : of_a) {
    const auto theirs = of_b.find(key);
    if (theirs == of_b.end() || ++shared > kMaxSharedShown) continue;
    const Timestamp apart = least_distance(mine.times, theirs->second.times);
    const std::uint32_t weight = join_weight(mine.entity, apart);
    out += "  " + column(entity_type_name(mine.entity.type), 9) + " " +
           fit(printable(mine.entity.value), 48) + ", " + duration_text(apart) + " apart, weight " +
           weight_text(weight) + "\n";
    out += style.paint(Colour::kDim, "            " + verdict(mine.entity, weight)) + "\n";
  }
  if (shared == 0)
    out += "  They share nothing: no process, session, address, file, account or host.\n";
  if (shared > kMaxSharedShown) {
    out += "  and " + std::to_string(shared - kMaxSharedShown) + " more\n";
  }
  return out;
}

}  // namespace catena::app
