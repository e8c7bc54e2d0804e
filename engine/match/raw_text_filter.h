// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// RawTextFilter says of a record or a value as received whether one of a few texts could be in it,
// without unescaping or folding anything. "No" is certain, "perhaps" has to be looked into with the
// values themselves: it serves keywords, which look at all values and are hardly ever there, and
// long values of which a plan asks little.
// How: of each text it takes the rarest three or four bytes that a JSON producer never writes in
// another way (the window), and looks for all windows at once: sixteen or thirty-two places at a
// time by the two hexadecimal digits of each byte, sixty-four by the byte itself where the
// processor has AVX-512 VBMI. Where a window may be, the text around it is compared. Thread safety:
// immutable. Cost: some 240 ns for 2.4 KB and twenty texts with AVX2, three quarters of simdjson's
// stage 1 over the same bytes; see README.md for VBMI. Its slow twin is that scan (tests/property).
namespace catena::match {

class RawTextFilter {
 public:
  // Of a window: four where every text has so many in a row.
  static constexpr std::size_t kLeastWindow = 3;
  static constexpr std::size_t kMostWindow = 4;
  // Texts, and their windows: variants of a keyword often share one. More windows would let too
  // much through.
  static constexpr std::size_t kMaxTexts = 1024;
  static constexpr std::size_t kMaxWindows = 128;

  // `texts` are folded (engine/base/text_fold.h). nullopt when they are too many or one has no
  // window: too short, or all of it may be escaped or be the folded form of other characters.
  static std::optional<RawTextFilter> build(std::span<const std::string> texts);

  // `raw` is a JSON record without "\u" escapes, or a value, escaped simply or not at all. No byte
  // beside it is read.
  [[nodiscard]] bool may_contain(std::string_view raw) const noexcept;

  // As may_contain(), with the instructions of one kind of machine: for tests. kBaseline is
  // x86-64-v2; the others are kBaseline where this processor lacks them.
  enum class Kernel : std::uint8_t { kBaseline, kAvx2, kAvx512 };
  [[nodiscard]] bool may_contain(std::string_view raw, Kernel kernel) const noexcept;

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
  // By byte (ASCII): the same.
  using Bytes = std::array<std::uint8_t, 128>;

  static std::optional<Probe> probe_of(std::string_view text, std::size_t window);
  static std::optional<RawTextFilter> build(std::span<const std::string> texts, std::size_t window);
  static Group group_of(Probe probe, std::size_t window);
  static void join(std::vector<Group>& groups);
  void add_group(Group group, std::size_t bucket);
  [[nodiscard]] bool confirm(std::string_view raw, std::size_t position,
                             unsigned buckets) const noexcept;
  template <std::size_t kWindow>
  [[nodiscard]] bool scan(std::string_view raw, Kernel kernel) const noexcept;
  // Of the places where a window is found in a block, whether a text is.
  [[nodiscard]] bool confirm_block(std::string_view raw, std::size_t begin, std::uint64_t places,
                                   const std::uint8_t* buckets) const noexcept;
  template <std::size_t kWindow>
  [[nodiscard]] bool scan_baseline(std::string_view raw) const noexcept;
  template <std::size_t kWindow>
  [[nodiscard]] bool scan_avx2(std::string_view raw) const noexcept;
  template <std::size_t kWindow>
  [[nodiscard]] bool scan_avx512(std::string_view raw) const noexcept;

  alignas(64) std::array<Bytes, kMostWindow> bytes_{};
  std::array<Place, kMostWindow> places_{};
  std::size_t window_ = kLeastWindow;
  std::array<std::vector<Probe>, kBuckets> buckets_;
  Kernel kernel_ = Kernel::kBaseline;  // the widest of this processor
};

}  // namespace catena::match
