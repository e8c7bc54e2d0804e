// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/alert/alert_mapping.h"
#include "engine/alert/alert_record.h"
#include "engine/incident/entity.h"

// What an alert is about, in the same canonical forms as the entities of events, so that both meet.
// Thread safety: pure functions.
namespace catena::alert {

// The first value of the first path that has one; "" when none has.
[[nodiscard]] std::string_view first_value(const AlertRecord& record,
                                           const std::vector<std::string>& paths);

// A whole decimal number, for instance a severity or a process id.
[[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view text) noexcept;

// Sorted, unique, at most AlertReader::kMaxEntities. What has not the form of its type is left out.
[[nodiscard]] std::vector<incident::Entity> entities_of(const AlertEngine& engine,
                                                        const AlertRecord& record);

}  // namespace catena::alert
