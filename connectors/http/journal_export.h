// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "connectors/http/message.h"
#include "engine/base/status.h"

// POST /upload, as systemd-journal-upload sends it: entries in the Journal Export Format (systemd's
// JOURNAL_EXPORT_FORMATS). Each becomes a JSON object as `journalctl -o json` prints it, which a
// mapping pack knows. The sender saves its cursor when we answer.
// Thread safety: pure functions. Bounds: kMaxJournalFields an entry; a longer one is a dead letter.
namespace catena::http {

inline constexpr std::string_view kJournalPath = "/upload";
inline constexpr std::size_t kMaxJournalFields = 1024;

// Appends one record for each entry. kInvalidInput: `body` breaks the format; what was complete
// before that has been appended.
Status read_journal_export(std::string_view body, std::vector<net::RecordBuffer>& offers);

[[nodiscard]] Intake take_journal(const Request& request);
[[nodiscard]] Response journal_refusal(net::Verdict verdict, std::string_view detail);

}  // namespace catena::http
