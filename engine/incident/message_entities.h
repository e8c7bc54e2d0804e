// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "engine/incident/entity.h"

// Entities inside free text: the addresses, accounts and mail recipients that a syslog message
// names without a field of their own. It reads shapes that many programs share ("from 192.0.2.7
// port 22", "user=alice", "to=<bob@example.org>"), not the grammar of one program. Thread safety:
// pure function. Cost: one pass, at most kMaxMessageBytes and kMaxPerMessage entities.
namespace catena::incident {

inline constexpr std::size_t kMaxMessageBytes = 8192;
inline constexpr std::size_t kMaxPerMessage = 16;

// Appends canonical entities (IP, user, mail) found in `message`.
void append_message_entities(std::string_view message, std::vector<Entity>& out);

}  // namespace catena::incident
