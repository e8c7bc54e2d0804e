// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/arena.h"
#include "engine/event/event.h"
#include "engine/normalise/layout.h"

// LayoutNormaliser is the Normaliser for records whose Layout is known. Its slow twin is
// Normaliser, which asks the table for every record anew. Thread safety: none; one per thread.
// Cost: one step a field, and a comparison of the few values that decide the log source with those
// of an earlier record; does not allocate once warm.
namespace catena::normalise {

class LayoutNormaliser {
 public:
  // `table` is finished and outlives this.
  explicit LayoutNormaliser(const NormalisationTable& table);

  // As Normaliser::normalise: fills fields, log_source, time, time_source and flags of `event`.
  // `values` are the record's by their slots; `layout` was built from the same table and has no
  // embedded records. Escaped texts have kEscapePadding readable bytes behind them.
  void normalise(Layout& layout, std::span<const FlatField> values, std::uint8_t flags,
                 Arena& arena, Event& event);

 private:
  // The values that decided a log source, and the outcomes that they led to.
  struct Remembered {
    static constexpr std::size_t kMaxBytes = 144;
    std::uint16_t table = 0;  // 0: nothing remembered
    std::array<std::uint16_t, kMaxKeyFields> sizes{};
    std::array<char, kMaxBytes> texts{};
    std::span<const NormalisationTable::Outcome> outcomes;
  };
  static constexpr std::size_t kRemembered = 256;

  // The fields of the event being normalised, in its arena from the start.
  class FieldList {
   public:
    // Room for `capacity` fields, of which the first `size` are there but not written.
    void begin(Arena& arena, std::size_t size, std::size_t capacity) {
      arena_ = &arena;
      fields_ = allocate(capacity);
      size_ = size;
      capacity_ = capacity;
    }
    void push_back(const Field& field) {
      if (size_ == capacity_) grow();
      fields_[size_++] = field;
    }
    [[nodiscard]] Field& operator[](std::size_t i) noexcept { return fields_[i]; }
    [[nodiscard]] const Field& operator[](std::size_t i) const noexcept { return fields_[i]; }
    [[nodiscard]] Field* data() noexcept { return fields_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

   private:
    [[nodiscard]] Field* allocate(std::size_t count) {
      return static_cast<Field*>(arena_->allocate(count * sizeof(Field), alignof(Field)));
    }
    void grow();

    Arena* arena_ = nullptr;
    Field* fields_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
  };

  void read_time(const Layout& layout, std::span<const FlatField> values, Event& event);
  void decide_log_source(Layout& layout, Event& event);
  [[nodiscard]] std::span<const NormalisationTable::Outcome> outcomes_of(const Layout& layout);
  [[nodiscard]] std::span<const NormalisationTable::Outcome> look_up(const Layout& layout);
  void apply(const Layout& layout, const std::vector<Layout::AliasPlan>& aliases);
  void move_values(const Layout& layout, const Layout::MovePlan& move);
  [[nodiscard]] bool holds(const Layout& layout, const Layout::ConditionPlan& condition);
  [[nodiscard]] bool has_value(const Layout& layout, const Layout::Places& places) const;
  void add_flags(std::uint8_t flags);
  // The text of a field, made plain for good.
  std::string_view plain(Field& field);
  // Calls `visit` with every field that has the id of `places`, in order, until it says true.
  template <typename Visit>
  bool visit(const Layout& layout, const Layout::Places& places, Visit&& visit);

  const NormalisationTable& table_;
  FieldList fields_;
  std::size_t pushed_ = 0;  // the first of fields_, those of the layout
  std::vector<Remembered> remembered_;
  Arena* arena_ = nullptr;  // of the event being normalised
};

}  // namespace catena::normalise
