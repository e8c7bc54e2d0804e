// SPDX-License-Identifier: Apache-2.0
#include "engine/normalise/mapping_definition.h"

#include <algorithm>
#include <array>

namespace catena::normalise {
namespace {

constexpr std::array<std::string_view, kRecordFormatCount> kFormatNames = {
    "json",       "event_xml", "syslog", "line",  "auditd",  "auoms",
    "access_log", "firewall",  "cisco",  "squid", "fortinet"};

}  // namespace

std::string_view record_format_name(RecordFormat format) noexcept {
  return kFormatNames[static_cast<std::size_t>(format)];
}

std::optional<RecordFormat> parse_record_format(std::string_view name) noexcept {
  const auto* const found = std::find(kFormatNames.begin(), kFormatNames.end(), name);
  if (found == kFormatNames.end()) return std::nullopt;
  return static_cast<RecordFormat>(found - kFormatNames.begin());
}

}  // namespace catena::normalise
