// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "engine/base/arena.h"
#include "engine/event/event.h"

// FieldIndex answers "which values has field f" for one event at a time in O(1), and folds each
// value at most once. It is scratch memory of one matching thread, not part of the event. Protocol:
// reset(event), then ask; answers die with the next reset. Thread safety: none. Cost: reset is
// O(fields of the event); nothing is allocated once the largest event has been seen.
namespace catena::match {

class FieldIndex {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  // `field_count` is the catalog's size: ids are below it.
  void reset(const Event& event, std::size_t field_count);

  // Positions of the values of one field, in input order: for (p = first(f); p != kNone; p =
  // next(p)).
  [[nodiscard]] std::uint32_t first(FieldId field) const noexcept {
    return field < stamps_.size() && stamps_[field] == stamp_ ? heads_[field] : kNone;
  }
  [[nodiscard]] std::uint32_t next(std::uint32_t position) const noexcept {
    return values_[position].next;
  }

  [[nodiscard]] const Event& event() const noexcept { return *event_; }
  [[nodiscard]] const Field& field(std::uint32_t position) const noexcept {
    return event_->fields[position];
  }
  // The value's text with case folded; computed at the first call.
  [[nodiscard]] std::string_view folded_text(std::uint32_t position);
  // Lends the folded text of a value that the caller has already made; it lives until the reset.
  void lend_folded(std::uint32_t position, std::string_view folded) noexcept {
    values_[position].folded = folded;
    values_[position].is_folded = true;
  }
  // The value's text; unescaped at the first call where it came escaped.
  [[nodiscard]] std::string_view plain_text(std::uint32_t position);

 private:
  struct Value {
    std::uint32_t next = kNone;
    bool is_folded = false;
    bool is_plain = false;
    std::string_view folded;
    std::string_view plain;
  };

  const Event* event_ = nullptr;
  std::uint32_t stamp_ = 0;
  std::vector<std::uint32_t> stamps_;  // per field id: the reset that wrote heads_
  std::vector<std::uint32_t> heads_;
  std::vector<std::uint32_t> tails_;
  std::vector<Value> values_;  // parallel to event_->fields
  Arena texts_;                // folded and unescaped
};

}  // namespace catena::match
