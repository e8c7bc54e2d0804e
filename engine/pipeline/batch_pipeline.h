// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/base/result.h"
#include "engine/event/event_batch.h"

// BatchPipeline runs read -> work -> apply over batches with any number of threads and applies the
// outcomes in input order, so that the result does not depend on the number of threads.
//
//   every thread:  read (one at a time) -> work (side by side) -> put the outcome into the ring
//   the ring:      [ 7 applied | 8 applying | 9 complete | 10 worked on | 11 complete | free … ]
//
// A thread keeps its one batch for all its turns, so a batch never changes core, and its memory is
// near the core that touched it first. Only outcomes are handed over: whoever completes the next
// one in order applies it and all complete ones behind it, while the others go on reading and
// working. They wait only when the ring is full, which is the back-pressure. Reading takes its turn
// under a mutex, the hand-over takes no lock; bench/micro/hand_over_bench.cc holds it against
// others.
//
// Memory: one batch a thread and kSlotsPerThread outcomes a thread, at most kMaxSlots in all.
// Errors: a failure takes effect at its place in the input: everything before it is applied,
// nothing behind it, whatever the number of threads.
namespace catena::pipeline {

template <typename Outcome>
struct BatchStages {
  // Prepares a thread before it makes its batch (affinity, its own buffers). Runs on the thread;
  // may be empty.
  std::function<Status(std::size_t worker)> start;
  // Fills the batch; false at the end of input. Serial. Not called again after false or a failure.
  std::function<Result<bool>(EventBatch&)> read;
  // Turns a batch into an outcome. Parallel; `worker` is the thread's number from 0.
  std::function<Status(EventBatch&, Outcome&, std::size_t worker)> work;
  // Takes the outcome. Serial, in the order of reading.
  std::function<Status(Outcome&)> apply;
};

// Who reads next, which slot an outcome goes into, and who applies. Not a template, so that it is
// compiled once. Thread safety: all methods may be called from all workers.
class BatchOrder {
 public:
  // Outcomes that may be complete or worked on, a thread: how far the others run ahead of a batch
  // that takes long (its plan is being built) or of an apply that does (the commit of an epoch).
  // Sixteen are some 5 ms of work; an outcome without detections is a few hundred bytes.
  static constexpr std::size_t kSlotsPerThread = 16;
  // With any number of threads: what is decided from the outcome of a batch is known to everybody
  // this many batches later.
  static constexpr std::size_t kMaxSlots = 128;

  // `apply` takes the outcome of a slot; it outlives this object.
  BatchOrder(std::size_t threads, std::function<Status(std::size_t slot)> apply);

  // Waits for the reading turn and for a free slot, then runs `read`. Returns the batch's place in
  // the input, or nullopt when there is nothing more to do.
  [[nodiscard]] std::optional<std::uint64_t> read(const std::function<Result<bool>()>& read);
  // The outcome of `place` is in its slot, or `status` says why there is none. Applies what is next
  // in order unless another thread is doing so.
  void complete(std::uint64_t place, Status status);
  // Stops everything at once, outside the order.
  void fail(Status status);
  // After all threads have left.
  [[nodiscard]] Status status() const;

  [[nodiscard]] std::size_t slots() const noexcept { return slots_.size(); }
  [[nodiscard]] std::size_t slot_of(std::uint64_t place) const noexcept {
    return place % slots_.size();
  }

 private:
  static constexpr std::size_t kCacheLine = 64;
  static constexpr std::uint64_t kStopped = ~std::uint64_t{0};

  struct alignas(kCacheLine) Slot {
    std::atomic<std::uint64_t> completed{0};  // place + 1 of the outcome in it
    Status status;                            // written before `completed`, read after it
  };

  [[nodiscard]] bool wait_for_slot(std::uint64_t place);
  void apply_complete();
  [[nodiscard]] bool apply_run();

  std::function<Status(std::size_t)> apply_;
  std::vector<Slot> slots_;

  std::mutex read_mutex_;         // held while a batch is read
  std::uint64_t next_place_ = 0;  // guarded by read_mutex_
  std::atomic<bool> at_end_{false};

  // How many were applied, or kStopped; waited on by who needs a slot.
  alignas(kCacheLine) std::atomic<std::uint64_t> applied_{0};
  std::atomic<bool> applying_{false};

  mutable std::mutex status_mutex_;
  Status status_;  // guarded by status_mutex_
};

// Runs `body` on `threads` threads and returns when all are done. The caller's thread is one of
// them unless `all_new`. kIo when the system gives no more threads; `give_up` is then called, and
// must make the running ones return.
Status run_on_threads(std::size_t threads, bool all_new,
                      const std::function<void(std::size_t worker)>& body,
                      const std::function<void()>& give_up);

// Returns when all input is applied, or the first failure in input order. With a `start` step all
// workers are new threads, so that what it does to its thread ends with the run.
template <typename Outcome>
Status run_batches(const BatchStages<Outcome>& stages, std::size_t threads) {
  std::vector<Outcome> outcomes;
  BatchOrder order(threads, [&](std::size_t slot) { return stages.apply(outcomes[slot]); });
  outcomes.resize(order.slots());
  const auto body = [&](std::size_t worker) {
    if (stages.start) {
      if (Status status = stages.start(worker); !status.ok()) {
        order.fail(std::move(status));
        return;
      }
    }
    EventBatch batch;
    const std::function<Result<bool>()> read = [&] {
      batch.clear();
      return stages.read(batch);
    };
    while (const auto place = order.read(read)) {
      Outcome& outcome = outcomes[order.slot_of(*place)];
      outcome.clear();
      order.complete(*place, stages.work(batch, outcome, worker));
    }
  };
  RETURN_IF_ERROR(run_on_threads(threads, stages.start != nullptr, body,
                                 [&] { order.fail(internal_error("a thread is missing")); }));
  return order.status();
}

}  // namespace catena::pipeline
