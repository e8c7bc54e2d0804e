// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

// What starts on Windows computers, as data: who starts whom with which command line, weighted as
// on real hosts, and single events of attacks that the starter rules (rules/packs/starter) find.
// Texts have the gaps of template_text.h. Thread safety: constants.
namespace catena::generator {

struct ProgramStart {
  std::uint32_t weight = 1;
  std::string_view parent;  // image name of the process that starts it
  std::string_view image;
  std::string_view description;
  std::string_view company;
  std::string_view command_line;
};

// Everyday starts: no starter rule finds any of them.
[[nodiscard]] std::span<const ProgramStart> everyday_starts() noexcept;

// Starts that a starter rule finds, in Sysmon 1 as in Security 4688.
[[nodiscard]] std::span<const ProgramStart> attack_starts() noexcept;

// Libraries that processes load (Sysmon 7).
[[nodiscard]] std::span<const std::string_view> loaded_libraries() noexcept;
// Registry keys and values that change all the time (Sysmon 12, 13).
[[nodiscard]] std::span<const std::string_view> registry_values() noexcept;
// Names that are looked up (Sysmon 22).
[[nodiscard]] std::span<const std::string_view> domain_names() noexcept;
// Files that appear (Sysmon 11).
[[nodiscard]] std::span<const std::string_view> created_files() noexcept;
// PowerShell commands of administration (4103, 4104).
[[nodiscard]] std::span<const std::string_view> script_lines() noexcept;

}  // namespace catena::generator
