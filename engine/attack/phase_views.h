// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "engine/attack/phase.h"

// The same phase in the words of two other models: Lockheed Martin's Cyber Kill Chain (seven steps,
// Hutchins et al. 2011) and Mandiant's attack life cycle. Both know less than the IRIS frameworks:
// a phase that a model does not have maps to nothing. Thread safety: constants.
namespace catena::attack {

// The models' stages in their own order.
[[nodiscard]] std::span<const std::string_view> kill_chain_stages() noexcept;
[[nodiscard]] std::span<const std::string_view> life_cycle_stages() noexcept;

// Stages that a phase is part of, as indices into the lists above.
[[nodiscard]] std::span<const std::size_t> kill_chain_of(Phase phase) noexcept;
[[nodiscard]] std::span<const std::size_t> life_cycle_of(Phase phase) noexcept;

}  // namespace catena::attack
