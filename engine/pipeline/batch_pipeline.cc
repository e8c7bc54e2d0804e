// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/batch_pipeline.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

// All atomics here are sequentially consistent: the two places where a thread stores one of them
// and then looks at another (complete/apply_complete, and wait/notify) are only right with that,
// and at a handful of operations a batch the rest need not be weaker.
namespace catena::pipeline {

BatchOrder::BatchOrder(std::size_t threads, std::function<Status(std::size_t)> apply)
    : apply_(std::move(apply)),
      slots_(threads <= 1 ? 1 : std::min(threads * kSlotsPerThread, kMaxSlots)) {}

bool BatchOrder::wait_for_slot(std::uint64_t place) {
  while (true) {
    const std::uint64_t applied = applied_.load();
    if (applied == kStopped) return false;
    if (place - applied < slots_.size()) return true;
    applied_.wait(applied);
  }
}

std::optional<std::uint64_t> BatchOrder::read(const std::function<Result<bool>()>& read) {
  const std::lock_guard lock(read_mutex_);
  // Who waits for a slot keeps the reading turn: nobody else could go on either, and those who
  // apply do not need it.
  if (at_end_.load() || !wait_for_slot(next_place_) || at_end_.load()) return std::nullopt;
  const Result<bool> more = read();
  if (more.ok() && *more) return next_place_++;
  at_end_.store(true);
  if (!more.ok()) complete(next_place_++, more.status());
  return std::nullopt;
}

void BatchOrder::complete(std::uint64_t place, Status status) {
  // What would be read from here on lies behind the failure.
  if (!status.ok()) at_end_.store(true);
  Slot& slot = slots_[slot_of(place)];
  slot.status = std::move(status);
  slot.completed.store(place + 1);
  apply_complete();
}

// Applies complete outcomes in order, unless another thread is at it. That thread may have looked
// at our slot just before we completed it; hence the second look after giving up the role.
void BatchOrder::apply_complete() {
  while (!applying_.exchange(true)) {
    const bool more = apply_run();
    applying_.store(false);
    if (!more) return;
    const std::uint64_t next = applied_.load();
    if (next == kStopped || slots_[slot_of(next)].completed.load() != next + 1) return;
  }
}

// False when everything has stopped.
bool BatchOrder::apply_run() {
  while (true) {
    std::uint64_t next = applied_.load();
    if (next == kStopped) return false;
    Slot& slot = slots_[slot_of(next)];
    if (slot.completed.load() != next + 1) return true;
    Status status = slot.status.ok() ? apply_(slot_of(next)) : std::move(slot.status);
    if (!status.ok()) {
      fail(std::move(status));
      return false;
    }
    // Fails only when another thread has stopped everything meanwhile.
    if (!applied_.compare_exchange_strong(next, next + 1)) return false;
    applied_.notify_all();
  }
}

void BatchOrder::fail(Status status) {
  {
    const std::lock_guard lock(status_mutex_);
    if (status_.ok()) status_ = std::move(status);
  }
  at_end_.store(true);
  applied_.exchange(kStopped);
  applied_.notify_all();
}

Status BatchOrder::status() const {
  const std::lock_guard lock(status_mutex_);
  return status_;
}

Status run_on_threads(std::size_t threads, bool all_new,
                      const std::function<void(std::size_t)>& body,
                      const std::function<void()>& give_up) {
  std::vector<std::jthread> others;
  others.reserve(threads);
  for (std::size_t worker = all_new ? 0 : 1; worker < threads; ++worker) {
    try {
      others.emplace_back([&body, worker] { body(worker); });
    } catch (const std::system_error& error) {
      give_up();
      return io_error("thread " + std::to_string(worker + 1) + " of " + std::to_string(threads) +
                      " cannot be started: " + error.code().message());
    }
  }
  if (!all_new) body(0);
  return ok_status();
}

}  // namespace catena::pipeline
