// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// RawTextFilter says of a record as received whether one of a few texts could be in one of its
// values, without unescaping or folding anything. "No" is certain, "perhaps" has to be looked into
// with the values themselves: it serves keywords, which look at all values and are hardly ever
// there.
// How: of each text it takes the rarest three bytes that a JSON producer never writes in another
// way (the window), and looks for all windows at once, sixteen or thirty-two places at a time, by
// the two hexadecimal digits of each byte. Where a window may be, the text around it is compared.
// Thread safety: immutable. Cost: some 240 ns for 2.4 KB and twenty texts with AVX2, three
// quarters of simdjson's stage 1 over the same bytes. Its slow twin is that scan (tests/property).
namespace catena::match {

class RawTextFilter {
 public:
  static constexpr std::size_t kWindowBytes = 3;
  // More texts would let too much through.
  static constexpr std::size_t kMaxTexts = 128;
  // Readable bytes that lie behind a record.
  static constexpr std::size_t kPadding = 64;

  // `texts` are folded (engine/base/text_fold.h). nullopt when they are too many or one has no
  // window: too short, or all of it may be escaped or be the folded form of other characters.
  static std::optional<RawTextFilter> build(std::span<const std::string> texts);

  // `raw` is a JSON record without "\u" escapes.
  [[nodiscard]] bool may_contain(std::string_view raw) const noexcept;

  // As may_contain(), with the instructions of every x86-64-v2 machine: for tests.
  [[nodiscard]] bool may_contain_baseline(std::string_view raw) const noexcept;

 private:
  // The run of bytes around a window that are always written as they are.
  struct Probe {
    std::string run;
    std::size_t window = 0;  // offset in run
  };
  struct Group;
  static constexpr std::size_t kBuckets = 8;
  // By hexadecimal digit: the buckets that have such a byte at this place of their windows.
  using Digits = std::array<std::uint8_t, 16>;
  struct Place {
    Digits low{};
    Digits high{};
  };

  static std::optional<Probe> probe_of(std::string_view text);
  static Group group_of(Probe probe);
  static void join(std::vector<Group>& groups);
  [[nodiscard]] bool confirm(std::string_view raw, std::size_t position,
                             unsigned buckets) const noexcept;
  [[nodiscard]] bool scan_wide(std::string_view raw) const noexcept;

  alignas(16) std::array<Place, kWindowBytes> places_{};
  std::array<std::vector<Probe>, kBuckets> buckets_;
  bool has_wide_ = false;  // this processor has AVX2
};

}  // namespace catena::match
