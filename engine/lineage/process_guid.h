// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/hash.h"

// ProcessGuid: the 128 bits of a process GUID as Sysmon writes them; 16 bytes instead of a text,
// because every process start is kept. Thread safety: value type.
namespace catena::lineage {

struct ProcessGuid {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend auto operator<=>(const ProcessGuid&, const ProcessGuid&) = default;
  [[nodiscard]] bool is_zero() const noexcept { return high == 0 && low == 0; }

  // "b34bc01c-3031-5f69-6a01-000000000900", with braces or without, any case. Zero when the text is
  // no GUID of that form.
  static ProcessGuid parse(std::string_view text) noexcept;
  // The value of a process entity: "guid:" and the GUID in lower case.
  [[nodiscard]] std::string entity_value() const;
};

}  // namespace catena::lineage

template <>
struct std::hash<catena::lineage::ProcessGuid> {
  std::size_t operator()(const catena::lineage::ProcessGuid& guid) const noexcept {
    return static_cast<std::size_t>(guid.low ^ (guid.high * 0x9E3779B97F4A7C15ULL));
  }
};
