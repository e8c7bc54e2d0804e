// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "connectors/http/message.h"

// POST /v1/logs of OTLP over HTTP (OTLP specification 1.x, "OTLP/HTTP"): protobuf and JSON,
// answered in the same encoding; errors are a google.rpc.Status. Thread safety: pure functions.
namespace catena::http {

[[nodiscard]] bool is_otlp_path(std::string_view path) noexcept;
[[nodiscard]] Intake take_otlp(const Request& request);
[[nodiscard]] Response otlp_refusal(const Request& request, net::Verdict verdict,
                                    std::string_view detail);

}  // namespace catena::http
