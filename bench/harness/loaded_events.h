// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/harness/subject.h"
#include "engine/base/result.h"
#include "engine/event/event_batch.h"

// LoadedEvents holds log files in memory as the batches that FileSource cuts, so that a measurement
// can replay them without touching a disk. Thread safety: distinct batches may be lent
// concurrently.
namespace catena::harness {

struct LoadOptions {
  std::size_t batch_bytes = 256 * 1024;
  // Only events of this lane, see Lane; "" for all.
  std::string lane;
  // Puts the records in an order that this seed decides; none: as they are.
  std::optional<std::uint64_t> shuffle_seed;
};

// Lane names a kind of event: "process" (Windows process creation: Sysmon 1 and Security 4688), or
// parts of a log source joined by '/', each a product, category or service: "windows/registry_set",
// "sshd".
class Lane {
 public:
  explicit Lane(std::string_view name);
  [[nodiscard]] bool holds(const LogSource& log_source) const;

 private:
  std::vector<std::string> parts_;
};

class LoadedEvents {
 public:
  // The files one after the other. Fails when one cannot be read or no event is left.
  static Result<LoadedEvents> load(const std::vector<std::string>& paths, const Subject& subject,
                                   const LoadOptions& options);
  // The same of a text in memory.
  static Result<LoadedEvents> load_text(std::string_view text, const Subject& subject,
                                        const LoadOptions& options);

  // Lends batch `index` to `batch` by swapping the bytes, without copying; give_back() ends it.
  void lend(std::size_t index, EventBatch& batch);
  void give_back(std::size_t index, EventBatch& batch);

  [[nodiscard]] std::size_t batch_count() const noexcept { return batches_.size(); }
  // The bytes of a batch that is not lent, and how many may be read from their start.
  [[nodiscard]] std::string_view text(std::size_t index) const noexcept {
    return {batches_[index].bytes.data(), batches_[index].size};
  }
  [[nodiscard]] std::size_t readable(std::size_t index) const noexcept {
    return batches_[index].bytes.size();
  }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  // Events and dead letters in it; events of one batch.
  [[nodiscard]] std::uint64_t events() const noexcept { return events_; }
  [[nodiscard]] std::uint64_t dead_letters() const noexcept { return dead_letters_; }
  [[nodiscard]] std::uint64_t events_in(std::size_t index) const noexcept {
    return batches_[index].events;
  }

 private:
  struct Batch {
    std::string bytes;
    std::size_t size = 0;
    std::uint32_t source = 0;
    std::uint64_t first_line = 1;
    std::uint64_t first_offset = 0;
    bool ends_truncated = false;
    Timestamp reference_time = kNoTime;
    std::uint64_t events = 0;
  };

  Status add_file(const std::string& path, const LoadOptions& options);
  Status count(const Subject& subject);
  // The chosen records, in the chosen order, as one text.
  [[nodiscard]] std::string choose(const Subject& subject, const LoadOptions& options);
  static Result<LoadedEvents> finish(LoadedEvents events, const Subject& subject,
                                     const LoadOptions& options);

  std::vector<Batch> batches_;
  std::uint64_t bytes_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t dead_letters_ = 0;
};

}  // namespace catena::harness
