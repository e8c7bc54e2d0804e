// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/incident/chain.h"
#include "engine/incident/detection.h"

// The machine-readable form of detections and chains: one JSON object a line, schema version 1.
// Field names are a contract: add, never rename. Times are UTC with milliseconds.
// Thread safety: pure functions. No line end is appended.
namespace catena::incident {

inline constexpr int kJsonSchemaVersion = 1;

// The step that the detection is in its chain: the chain's id and the phase decided there.
[[nodiscard]] std::string detection_json(const Detection& detection, const Id128& chain,
                                         const Step* step);
// `state`: what people say has become of it ("contained"); "" when nobody was asked.
[[nodiscard]] std::string chain_json(const Chain& chain, std::string_view state = {});

}  // namespace catena::incident
