// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/join_weight.h"

#include <array>
#include <string>

#include "engine/incident/canonical.h"

namespace catena::incident {
namespace {

struct TypeWeight {
  JoinClass join_class;
  std::uint32_t base;   // Q16
  Timestamp half_life;  // nanoseconds
};

constexpr auto percent = percent_weight;

// In the order of EntityType.
constexpr std::array<TypeWeight, kEntityTypeCount> kWeights = {{
    {JoinClass::kStrong, percent(100), 6 * kNanosPerHour},   // process
    {JoinClass::kStrong, percent(100), 6 * kNanosPerHour},   // ancestor
    {JoinClass::kWeak, percent(80), 3 * kNanosPerHour},      // logon
    {JoinClass::kMedium, percent(70), 24 * kNanosPerHour},   // file
    {JoinClass::kMedium, percent(70), 6 * kNanosPerHour},    // ip
    {JoinClass::kMedium, percent(70), 6 * kNanosPerHour},    // domain
    {JoinClass::kWeak, percent(30), 30 * kNanosPerMinute},   // user
    {JoinClass::kWeak, percent(60), 114 * kNanosPerMinute},  // host
    {JoinClass::kMedium, percent(70), 24 * kNanosPerHour},   // mail
    {JoinClass::kMedium, percent(70), 6 * kNanosPerHour},    // cloud
    {JoinClass::kStrong, percent(100), 6 * kNanosPerHour},   // remote
}};

// A process with a name of its own (a GUID, or an id with its start) is the same one as long as it
// may live; a bare id is another's after a while.
constexpr Timestamp kProcessLife = 7 * 24 * kNanosPerHour;

bool is_process_space(EntityType type) noexcept { return key_space(type) == EntityType::kProcess; }

bool names_one_process(const Entity& entity) noexcept {
  return is_process_space(entity.type) &&
         (entity.value.starts_with("guid:") || entity.value.find('@') != std::string::npos);
}

// "host|account", as opposed to a process or a session.
bool is_remote_account(const Entity& entity) noexcept {
  return entity.type == EntityType::kRemote && !names_one_process(entity) &&
         entity.value.find("|pid:") == std::string::npos &&
         entity.value.find("|0x") == std::string::npos;
}

// 2^(-i/16) in Q16, i = 0 … 15.
constexpr std::array<std::uint32_t, 16> kFractionOfHalf = {65536, 62757, 60097, 57549, 55109, 52773,
                                                           50535, 48393, 46341, 44376, 42495, 40693,
                                                           38968, 37316, 35734, 34219};

constexpr Timestamp kMaxHalvings = 16;

}  // namespace

JoinClass join_class(const Entity& entity) noexcept {
  if (entity.type == EntityType::kIp && is_private_ip(entity.value)) return JoinClass::kWeak;
  if (is_remote_account(entity)) return JoinClass::kWeak;
  return kWeights[static_cast<std::size_t>(entity.type)].join_class;
}

std::uint32_t join_weight(const Entity& entity, Timestamp distance) noexcept {
  if (names_one_process(entity)) return distance <= kProcessLife ? kFullWeight : 0;
  const TypeWeight& weight = kWeights[static_cast<std::size_t>(entity.type)];
  return decayed_weight(weight.base, weight.half_life, distance);
}

std::uint32_t decayed_weight(std::uint32_t base, Timestamp half_life, Timestamp distance) noexcept {
  const Timestamp halvings = distance / half_life;
  if (halvings >= kMaxHalvings) return 0;
  const Timestamp sixteenth = half_life / 16;
  const auto step =
      static_cast<std::size_t>((distance % half_life) / sixteenth) % kFractionOfHalf.size();
  const std::uint64_t decayed = (static_cast<std::uint64_t>(base) * kFractionOfHalf[step]) >> 16U;
  return static_cast<std::uint32_t>(decayed >> static_cast<unsigned>(halvings));
}

std::uint32_t combine_weights(std::uint32_t a, std::uint32_t b) noexcept {
  const std::uint64_t rest =
      (static_cast<std::uint64_t>(kFullWeight - a) * (kFullWeight - b)) >> 16U;
  return kFullWeight - static_cast<std::uint32_t>(rest);
}

}  // namespace catena::incident
