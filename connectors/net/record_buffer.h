// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/pipeline/receiver.h"

// RecordBuffer owns the records of one offer: their bytes one behind the other, and what is known
// of each. It keeps them until the daemon has answered, so that what was answered "overloaded" can
// be offered again. Blank records are nothing and are left out; longer ones than the limit are cut.
// Thread safety: none. Cost: one copy of the bytes; the memory is kept by clear().
namespace catena::net {

class RecordBuffer {
 public:
  // `max_record_bytes` is at most pipeline::kMaxOfferedRecordBytes.
  explicit RecordBuffer(std::size_t max_record_bytes = pipeline::kMaxOfferedRecordBytes) noexcept
      : max_record_bytes_(max_record_bytes) {}

  // A record without its framing. `shortened`: its end was cut off before.
  void append(std::string_view bytes, bool shortened = false);
  // What is no event: a dead letter with this excerpt.
  void append_refused(std::string_view excerpt, DeadLetterReason reason);

  // Views of the records, until the next append. They are made anew by each call.
  [[nodiscard]] std::span<const pipeline::Record> records();

  [[nodiscard]] std::size_t count() const noexcept { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return text_.size(); }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  // No further record of the longest allowed size fits one offer, or the batch is long enough.
  [[nodiscard]] bool is_full() const noexcept {
    return text_.size() >= kFullBytes || entries_.size() >= kFullRecords;
  }
  void clear() noexcept {
    text_.clear();
    entries_.clear();
  }

  // An offer of about this size costs least a record; both below the bounds of the port by more
  // than one record.
  static constexpr std::size_t kFullBytes = std::size_t{1} * 1024 * 1024;
  static constexpr std::size_t kFullRecords = 16'384;
  static_assert(kFullBytes + pipeline::kMaxOfferedRecordBytes <= pipeline::kMaxOfferBytes);
  static_assert(kFullRecords < pipeline::kMaxOfferRecords);

 private:
  struct Entry {
    std::size_t begin = 0;
    std::size_t size = 0;
    std::optional<DeadLetterReason> refused;
    bool shortened = false;
  };

  std::size_t max_record_bytes_;
  std::string text_;
  std::vector<Entry> entries_;
  std::vector<pipeline::Record> views_;
};

}  // namespace catena::net
