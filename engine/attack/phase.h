// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// The 17 phases of the IBM X-Force IRIS cyberattack preparation and execution frameworks.
// A phase is a property of a chain's step; it is not an ATT&CK tactic and has no fixed order:
// phases may be concurrent, repeated or absent. Thread safety: constants.
namespace catena::attack {

// Declared in the frameworks' order; the value is the index everywhere (bitmaps, chain slots).
enum class Phase : std::uint8_t {
  kDetermineObjective,
  kExternalReconnaissance,
  kAlignTtps,
  kPrepareInfrastructure,
  kPrepareTools,
  kOperationalSecurity,
  kPreparationFeedback,
  kLaunchAttack,
  kInitialCompromise,
  kEstablishFoothold,
  kEscalatePrivileges,
  kMoveLaterally,
  kInternalReconnaissance,
  kMaintainPersistence,
  kDefenseEvasion,
  kExecutionFeedback,
  kExecuteObjective,
};
inline constexpr std::size_t kPhaseCount = 17;

struct PhaseInfo {
  Phase phase;
  std::string_view code;       // "P1" … "P8", "E1" … "E9": the short id of the mapping tables
  std::string_view slug;       // "external-reconnaissance": the id in tags (iris.<slug>) and JSON
  std::string_view name;       // "External reconnaissance": for people
  std::string_view framework;  // "preparation" or "execution"
  std::string_view stage;  // "prepare-attack", "continuous-preparation", "access-environment", …
};

[[nodiscard]] const PhaseInfo& phase_info(Phase phase) noexcept;
[[nodiscard]] const std::array<PhaseInfo, kPhaseCount>& all_phases() noexcept;
// By code ("P2", "e7") or slug; any case. nullopt for anything else.
[[nodiscard]] std::optional<Phase> parse_phase(std::string_view code_or_slug) noexcept;

}  // namespace catena::attack
