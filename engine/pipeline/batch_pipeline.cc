// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/batch_pipeline.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace catena::pipeline {

struct BatchTurns::State {
  std::mutex read_mutex;  // held while a batch is read; taken before `mutex`, never after
  bool at_end = false;    // guarded by read_mutex

  std::mutex mutex;
  std::condition_variable turn_changed;
  std::uint64_t next_place = 0;  // to be read; guarded by mutex
  std::uint64_t next_apply = 0;  // guarded by mutex
  Status status;                 // guarded by mutex
};

std::shared_ptr<BatchTurns::State> BatchTurns::make_state() { return std::make_shared<State>(); }

std::optional<std::uint64_t> BatchTurns::read(const std::function<Result<bool>()>& read) {
  const std::lock_guard read_lock(state_->read_mutex);
  if (state_->at_end || !status().ok()) return std::nullopt;
  const Result<bool> more = read();
  if (!more.ok()) {
    fail(more.status());
    return std::nullopt;
  }
  if (!*more) {
    state_->at_end = true;
    return std::nullopt;
  }
  const std::lock_guard lock(state_->mutex);
  return state_->next_place++;
}

void BatchTurns::apply(std::uint64_t place, const std::function<Status()>& apply) {
  {
    std::unique_lock lock(state_->mutex);
    state_->turn_changed.wait(lock,
                              [&] { return state_->next_apply == place || !state_->status.ok(); });
    if (!state_->status.ok()) return;
  }
  // Nobody else has this turn until next_apply moves on.
  Status status = apply();
  if (!status.ok()) {
    fail(std::move(status));
    return;
  }
  {
    const std::lock_guard lock(state_->mutex);
    ++state_->next_apply;
  }
  state_->turn_changed.notify_all();
}

void BatchTurns::fail(Status status) {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->status.ok()) state_->status = std::move(status);
  }
  state_->turn_changed.notify_all();
}

Status BatchTurns::status() const {
  const std::lock_guard lock(state_->mutex);
  return state_->status;
}

void run_on_threads(std::size_t threads, const std::function<void(std::size_t)>& body) {
  std::vector<std::jthread> others;
  for (std::size_t worker = 1; worker < threads; ++worker) {
    others.emplace_back([&body, worker] { body(worker); });
  }
  body(0);
}

}  // namespace catena::pipeline
