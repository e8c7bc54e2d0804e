// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/event/event.h"
#include "engine/plan/plan.h"

// ScanBuffer is the text of one event as LiteralScanner sees it: the folded values of a few fields,
// each between two borders that name the field, so that "the value of Image ends with \cmd.exe" is
// the search for plain bytes. Border bytes do not occur in UTF-8: no value can forge one.
// Thread safety: none; scratch of one thread. Cost: one pass over the values taken; allocates only
// while it grows.
namespace catena::match {

// Gives the fields that literals name a code of two bytes. Fixed once made.
class ScanCodes {
 public:
  using Code = std::uint16_t;
  static constexpr Code kNone = 0;

  // The fields of all predicates of the rule set. `field_count` is the catalog's size.
  ScanCodes(const plan::RuleSet& rules, std::size_t field_count);

  // A set of codes.
  class Set {
   public:
    void insert(Code code);
    [[nodiscard]] bool contains(Code code) const noexcept {
      const std::size_t word = code / 64U;
      return word < words_.size() && (words_[word] >> (code % 64U) & 1U) != 0;
    }
    [[nodiscard]] bool empty() const noexcept { return words_.empty(); }

   private:
    std::vector<std::uint64_t> words_;
  };

  // kNone for a field that no rule names. Fields above kMaxCodes share codes: more candidates, no
  // fewer.
  [[nodiscard]] Code of(FieldId field) const noexcept { return codes_[field]; }
  // The bytes that a literal of a field (kNone: of any value) has in the buffer.
  [[nodiscard]] static std::string encode(const plan::PlanLiteral& literal, Code code);

  static constexpr std::size_t kMaxCodes = 126 * 126 - 1;

 private:
  std::vector<Code> codes_;
};

class ScanBuffer {
 public:
  // A value in the buffer: where it is and of which field of the event.
  struct Slice {
    std::uint32_t field = 0;  // position in event.fields
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };

  void clear() noexcept {
    size_ = 0;
    slices_.clear();
  }
  // Adds the value at one position of the event, which is not null.
  void take(const Field& field, std::uint32_t position, ScanCodes::Code code);
  // Adds the values of the fields in `wanted`. Null values have no text.
  void take_fields(const Event& event, const ScanCodes& codes, const ScanCodes::Set& wanted);
  // Nothing but every value, for keywords. Composite values repeat their leaves and are left out.
  void take_all(const Event& event);

  [[nodiscard]] std::string_view text() const noexcept { return {bytes_.data(), size_}; }
  [[nodiscard]] const std::vector<Slice>& slices() const noexcept { return slices_; }
  // A value with its borders; of one that take() or take_fields() took.
  [[nodiscard]] std::string_view bordered(const Slice& slice) const noexcept {
    return {bytes_.data() + slice.begin - kBorderBytes, slice.size + 2 * kBorderBytes};
  }
  [[nodiscard]] std::string_view folded(const Slice& slice) const noexcept {
    return {bytes_.data() + slice.begin, slice.size};
  }

 private:
  static constexpr std::size_t kBorderBytes = 3;

  std::vector<char> bytes_;
  std::size_t size_ = 0;
  std::vector<Slice> slices_;
};

}  // namespace catena::match
