// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "bench/harness/loaded_events.h"
#include "bench/harness/result.h"
#include "bench/harness/stage_worker.h"
#include "engine/base/result.h"

// Latency under a fixed offered rate, in an open loop: event number n is sent at n / rate seconds,
// whether or not the workers keep up, and its latency runs from that moment until its batch is
// done. A stall therefore counts for every event that was due during it (no coordinated omission).
// A batch is sent when its last event is due, so waiting for the batch to fill is part of the
// latency.
namespace catena::harness {

// For so long events are sent.
inline constexpr double kOpenLoopSeconds = 3.0;
// Workers that are behind stop here; what was due and not begun by then is not counted, and
// Latency::behind_seconds tells how late the latest batch was.
inline constexpr double kMaxOpenLoopSeconds = 6.0;

// `workers` is one or more; each gets a thread. Fails when the rate is not positive.
[[nodiscard]] Result<Latency> run_open_loop(
    LoadedEvents& events, const std::vector<std::unique_ptr<StageWorker>>& workers, double rate);

}  // namespace catena::harness
