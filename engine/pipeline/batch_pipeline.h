// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/event/event_batch.h"

// BatchPipeline runs read -> work -> apply over batches with any number of threads and applies the
// outcomes in input order, so that the result does not depend on the number of threads.
// Every thread owns one batch and one outcome and does all three steps for it: reading and applying
// are serial (one thread at a time, in order), working is parallel. Memory is bounded by one batch
// a thread, and back-pressure needs no queue. Errors: the first failure of any step stops all
// threads and is returned.
namespace catena::pipeline {

template <typename Outcome>
struct BatchStages {
  // Fills the batch; false at the end of input. Serial.
  std::function<Result<bool>(EventBatch&)> read;
  // Turns a batch into an outcome. Parallel; `worker` is the thread's number from 0.
  std::function<Status(EventBatch&, Outcome&, std::size_t worker)> work;
  // Takes the outcome. Serial, in the order of reading.
  std::function<Status(Outcome&)> apply;
};

// Who reads next and who applies next. Not a template, so that it is compiled once.
class BatchTurns {
 public:
  // Runs `read` under the reading turn. Returns the batch's place, or nullopt at the end (or after
  // a failure anywhere).
  [[nodiscard]] std::optional<std::uint64_t> read(const std::function<Result<bool>()>& read);
  // Waits for the place's turn, then runs `apply`. Does nothing after a failure.
  void apply(std::uint64_t place, const std::function<Status()>& apply);
  // Stops everything; the first failure counts.
  void fail(Status status);
  [[nodiscard]] Status status() const;

 private:
  struct State;
  std::shared_ptr<State> state_ = make_state();
  static std::shared_ptr<State> make_state();
};

// Starts `threads` - 1 threads and uses the caller's as well; returns when all are done.
void run_on_threads(std::size_t threads, const std::function<void(std::size_t worker)>& body);

template <typename Outcome>
Status run_batches(const BatchStages<Outcome>& stages, std::size_t threads) {
  BatchTurns turns;
  run_on_threads(threads, [&](std::size_t worker) {
    EventBatch batch;
    Outcome outcome;
    while (true) {
      batch.clear();
      const auto place = turns.read([&] { return stages.read(batch); });
      if (!place) return;
      outcome.clear();
      if (Status status = stages.work(batch, outcome, worker); !status.ok()) {
        turns.fail(std::move(status));
        return;
      }
      turns.apply(*place, [&] { return stages.apply(outcome); });
    }
  });
  return turns.status();
}

}  // namespace catena::pipeline
