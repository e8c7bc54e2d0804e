// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/join_weight.h"

#include <array>

namespace catena::incident {
namespace {

struct TypeWeight {
  JoinClass join_class;
  std::uint32_t base;   // Q16
  Timestamp half_life;  // nanoseconds
};

constexpr std::uint32_t percent(std::uint32_t value) { return kFullWeight * value / 100; }

// In the order of EntityType. A host alone joins for half an hour (60 % falls to 50 % after 0.26
// half-lives), because an attack stays on a host; a user alone never does.
constexpr std::array<TypeWeight, kEntityTypeCount> kWeights = {{
    {JoinClass::kStrong, percent(100), 6 * kNanosPerHour},   // process
    {JoinClass::kStrong, percent(100), 6 * kNanosPerHour},   // ancestor
    {JoinClass::kStrong, percent(90), 8 * kNanosPerHour},    // logon
    {JoinClass::kMedium, percent(70), 24 * kNanosPerHour},   // file
    {JoinClass::kMedium, percent(70), 6 * kNanosPerHour},    // ip
    {JoinClass::kMedium, percent(70), 6 * kNanosPerHour},    // domain
    {JoinClass::kWeak, percent(30), 30 * kNanosPerMinute},   // user
    {JoinClass::kWeak, percent(60), 114 * kNanosPerMinute},  // host
    {JoinClass::kMedium, percent(70), 24 * kNanosPerHour},   // mail
    {JoinClass::kMedium, percent(70), 6 * kNanosPerHour},    // cloud
}};

// 2^(-i/16) in Q16, i = 0 … 15.
constexpr std::array<std::uint32_t, 16> kFractionOfHalf = {65536, 62757, 60097, 57549, 55109, 52773,
                                                           50535, 48393, 46341, 44376, 42495, 40693,
                                                           38968, 37316, 35734, 34219};

constexpr Timestamp kMaxHalvings = 16;

}  // namespace

JoinClass join_class(EntityType type) noexcept {
  return kWeights[static_cast<std::size_t>(type)].join_class;
}

std::uint32_t join_weight(EntityType type, Timestamp distance) noexcept {
  const TypeWeight& weight = kWeights[static_cast<std::size_t>(type)];
  const Timestamp halvings = distance / weight.half_life;
  if (halvings >= kMaxHalvings) return 0;
  const Timestamp sixteenth = weight.half_life / 16;
  const auto step =
      static_cast<std::size_t>((distance % weight.half_life) / sixteenth) % kFractionOfHalf.size();
  const std::uint64_t decayed =
      (static_cast<std::uint64_t>(weight.base) * kFractionOfHalf[step]) >> 16U;
  return static_cast<std::uint32_t>(decayed >> static_cast<unsigned>(halvings));
}

std::uint32_t combine_weights(std::uint32_t a, std::uint32_t b) noexcept {
  const std::uint64_t rest =
      (static_cast<std::uint64_t>(kFullWeight - a) * (kFullWeight - b)) >> 16U;
  return kFullWeight - static_cast<std::uint32_t>(rest);
}

}  // namespace catena::incident
