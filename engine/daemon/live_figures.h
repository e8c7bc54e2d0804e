// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "engine/event/event_batch.h"

// What the evaluating side of the daemon counts, for /metrics, /readyz and the tests' invariants:
//   records evaluated + dead letters = cursor - first cursor, and cursor + pending = journal's end.
// Thread safety: atomics, each right for itself. They live as long as the process, across lives of
// the evaluation.
namespace catena::daemon {

struct LiveFigures {
  using Count = std::atomic<std::uint64_t>;
  Count evaluated{0};  // in committed epochs
  std::array<Count, kDeadLetterReasonCount> dead_letters{};
  Count shortened{0};
  Count cursor{0};  // records below it are evaluated, and that is durable
  Count detections{0};
  Count chains_changed{0};
  Count epochs{0};
  Count commit_nanoseconds{0};  // of all epochs
  Count missing_records{0};     // damaged in the journal
  Count rebuilt_records{0};     // read again to remember windows and processes
  Count correlation_groups{0};
  Count correlation_waiting{0};
  Count correlation_late{0};
  Count quarantined_rules{0};
  Count failures{0};  // lives that ended with an error
  Count beats{0};     // grows while the evaluation gets on
  std::atomic<bool> ready{false};
};

}  // namespace catena::daemon
