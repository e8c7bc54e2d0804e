// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "engine/pipeline/incident_store.h"

// What every IncidentStore asks of an epoch before it keeps any of it. Stores share this, so that
// none accepts what another refuses. Thread safety: pure function.
namespace catena::pipeline {

inline constexpr std::size_t kMaxSourceBytes = 4096;  // of a source's path
inline constexpr std::size_t kMaxChainSteps = 1'000'000;

// kInvalidInput when steps are not in strict (time, detection id) order, a chain id comes twice or
// is also merged away, a detection is a step of two chains, or a source is named twice; kLimit
// beyond the limits.
Status check_epoch(const Epoch& epoch);

}  // namespace catena::pipeline
