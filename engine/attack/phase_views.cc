// SPDX-License-Identifier: Apache-2.0
#include "engine/attack/phase_views.h"

#include <array>

namespace catena::attack {
namespace {

constexpr std::array<std::string_view, 7> kKillChain = {
    "Reconnaissance",      "Weaponization",        "Delivery", "Exploitation", "Installation",
    "Command and Control", "Actions on Objectives"};
constexpr std::array<std::string_view, 8> kLifeCycle = {
    "Initial Reconnaissance",  "Initial Compromise", "Establish Foothold", "Escalate Privileges",
    "Internal Reconnaissance", "Move Laterally",     "Maintain Presence",  "Complete Mission"};

struct Stages {
  std::array<std::size_t, 2> index{};
  std::size_t count = 0;
  [[nodiscard]] std::span<const std::size_t> span() const noexcept { return {index.data(), count}; }
};

constexpr Stages none() { return {}; }
constexpr Stages one(std::size_t stage) { return {{stage, 0}, 1}; }
constexpr Stages two(std::size_t a, std::size_t b) { return {{a, b}, 2}; }

// In the order of Phase.
constexpr std::array<Stages, kPhaseCount> kKillChainOf = {
    one(0),     // determine objective
    one(0),     // external reconnaissance
    one(1),     // align TTPs
    one(1),     // prepare infrastructure
    one(1),     // prepare tools
    none(),     // operational security
    none(),     // preparation feedback
    one(2),     // launch attack
    one(3),     // initial compromise
    two(4, 5),  // establish foothold
    one(6),     // escalate privileges
    one(6),     // move laterally
    one(6),     // internal reconnaissance
    one(4),     // maintain persistence
    none(),     // defense evasion
    none(),     // execution feedback
    one(6),     // execute objective
};
constexpr std::array<Stages, kPhaseCount> kLifeCycleOf = {
    one(0), one(0), none(), none(), none(), none(), none(), one(1), one(1),
    one(2), one(3), one(5), one(4), one(6), none(), none(), one(7),
};

}  // namespace

std::span<const std::string_view> kill_chain_stages() noexcept { return kKillChain; }
std::span<const std::string_view> life_cycle_stages() noexcept { return kLifeCycle; }

std::span<const std::size_t> kill_chain_of(Phase phase) noexcept {
  return kKillChainOf[static_cast<std::size_t>(phase)].span();
}

std::span<const std::size_t> life_cycle_of(Phase phase) noexcept {
  return kLifeCycleOf[static_cast<std::size_t>(phase)].span();
}

}  // namespace catena::attack
