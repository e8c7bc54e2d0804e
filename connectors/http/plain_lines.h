// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "connectors/http/message.h"

// POST /ingest/ndjson: one record a line, a JSON object or text, answered with how many were taken.
// For curl, Vector's and Fluent Bit's http outputs, Logstash, NXLog. A JSON array of objects is
// taken too (Fluent Bit's format json). Thread safety: pure functions.
namespace catena::http {

inline constexpr std::string_view kNdjsonPath = "/ingest/ndjson";

[[nodiscard]] Intake take_plain_lines(const Request& request);
[[nodiscard]] Response plain_refusal(net::Verdict verdict, std::string_view detail);

}  // namespace catena::http
