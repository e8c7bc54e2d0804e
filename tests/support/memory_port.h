// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/pipeline/receiver.h"

// MemoryPort is a daemon for tests of receivers: it keeps what is offered in memory and answers as
// it is told. Thread safety: all methods from any thread. Answers come on the thread of offer(),
// or, while it withholds, on that of release().
namespace catena::tests {

struct ReceivedRecord {
  std::string text;
  std::optional<DeadLetterReason> refused;
  bool shortened = false;
  std::string peer;
};

class MemoryPort final : public pipeline::ReceiverPort {
 public:
  void offer(const pipeline::RecordBatch& batch, Done done) override {
    pipeline::Answer answer;
    {
      const std::lock_guard lock(mutex_);
      ++offers_;
      answer.outcome = outcome_;
      if (script_at_ < script_.size()) answer.outcome = script_[script_at_++];
      if (answer.outcome == pipeline::Outcome::kDurable) keep(batch);
      changed_.notify_all();
      if (withholds_) {
        withheld_.emplace_back(std::move(done), answer);
        return;
      }
    }
    done(answer);
  }
  [[nodiscard]] bool overloaded() const noexcept override { return overloaded_.load(); }
  [[nodiscard]] bool stopping() const noexcept override { return false; }

  // Of all further offers.
  void answer_with(pipeline::Outcome outcome) {
    const std::lock_guard lock(mutex_);
    outcome_ = outcome;
  }
  // Of the next offers, one after the other; then answer_with() holds again.
  void script(std::vector<pipeline::Outcome> outcomes) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(outcomes);
    script_at_ = 0;
  }
  void set_overloaded(bool value) { overloaded_.store(value); }
  void withhold() {
    const std::lock_guard lock(mutex_);
    withholds_ = true;
  }
  void release() {
    std::vector<std::pair<Done, pipeline::Answer>> answers;
    {
      const std::lock_guard lock(mutex_);
      withholds_ = false;
      answers.swap(withheld_);
    }
    for (const auto& [done, answer] : answers) done(answer);
  }

  // False when there are not that many within the time.
  bool wait_for_records(std::size_t count,
                        std::chrono::milliseconds time = std::chrono::seconds(20)) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [&] { return records_.size() >= count; });
  }
  bool wait_for_offers(std::size_t count,
                       std::chrono::milliseconds time = std::chrono::seconds(20)) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [&] { return offers_ >= count; });
  }
  [[nodiscard]] std::vector<ReceivedRecord> records() const {
    const std::lock_guard lock(mutex_);
    return records_;
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const ReceivedRecord& record : records()) texts.push_back(record.text);
    return texts;
  }

 private:
  void keep(const pipeline::RecordBatch& batch) {
    for (const pipeline::Record& record : batch.records) {
      records_.push_back(
          {std::string(record.bytes), record.refused, record.shortened, std::string(batch.peer)});
    }
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<ReceivedRecord> records_;
  std::size_t offers_ = 0;
  pipeline::Outcome outcome_ = pipeline::Outcome::kDurable;
  std::vector<pipeline::Outcome> script_;
  std::size_t script_at_ = 0;
  std::atomic<bool> overloaded_{false};
  bool withholds_ = false;
  std::vector<std::pair<Done, pipeline::Answer>> withheld_;
};

}  // namespace catena::tests
