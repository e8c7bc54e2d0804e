// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/event/event.h"

// ValueCache remembers which literals of a scan a value holds, so that a value which comes again
// (programs, users, registry keys: most of what logs say, they say all the time) is neither folded
// nor scanned again. It keeps answers about single values, never about events, and compares the
// value's bytes as received: a hash only says where to look. A scope is one field of one plan; a
// scope whose values hardly repeat is left out for a while.
// Bounds: kShortEntries + kLongEntries values, about 1 MiB a thread, whatever the input. The hash
// is seeded; values that collide all the same only push each other out.
// Protocol: look_up(), and after kMissed keep() the answer for the same value. Its slow twin is the
// scan itself. Thread safety: none; scratch of one thread. Nothing is allocated after construction
// and add_scopes().
namespace catena::match {

class ValueCache {
 public:
  static constexpr std::size_t kShortBytes = 120;  // of a value's text
  static constexpr std::size_t kLongBytes = 1016;
  static constexpr std::size_t kMaxLiterals =
      16;  // of one answer; values that hold more are not kept
  static constexpr std::size_t kShortEntries = 4096;
  static constexpr std::size_t kLongEntries = 256;

  // Of how many look-ups of a scope less than half may miss, and for how many values a scope that
  // missed more is left out.
  static constexpr std::uint16_t kTrial = 256;
  static constexpr std::uint16_t kPause = 8192;

  explicit ValueCache(std::uint64_t seed);

  // Scopes below `count` may be asked for.
  void add_scopes(std::size_t count) {
    if (habits_.size() < count) habits_.resize(count);
  }

  enum class Outcome : std::uint8_t {
    kFound,   // literals() is the answer
    kMissed,  // keep() takes it
    kLeft,    // too long, or of a scope that is left out
  };
  [[nodiscard]] Outcome look_up(std::uint32_t scope, const Field& field) noexcept;
  [[nodiscard]] std::span<const std::uint32_t> literals() const noexcept { return literals_; }
  // `field` as in the look_up() just before.
  void keep(const Field& field, std::span<const std::uint32_t> literals) noexcept;

  struct Counters {
    std::uint64_t found = 0;
    std::uint64_t missed = 0;
    std::uint64_t left = 0;
  };
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

 private:
  static constexpr std::size_t kWays = 4;

  // What is compared lies together: most answers take one cache line of tags and one of these.
  template <std::size_t kBytes>
  struct alignas(64) Entry {
    std::uint32_t scope = 0;  // with kEscapedScope
    std::uint16_t size = 0;
    std::uint8_t literal_count = 0;
    std::uint8_t used = 0;  // since a victim was looked for
    std::array<char, kBytes> text;
  };
  template <std::size_t kBytes>
  struct Table {
    explicit Table(std::size_t entries_wanted)
        : entries(entries_wanted),
          literals(entries_wanted),
          tags(entries_wanted, 0),
          next(entries_wanted / kWays, 0) {}
    std::vector<Entry<kBytes>> entries;
    std::vector<std::array<std::uint32_t, kMaxLiterals>> literals;
    std::vector<std::uint32_t> tags;  // of the entries; 0: none
    std::vector<std::uint8_t> next;   // by set: where to look for a victim
  };
  struct Habit {
    std::uint16_t looked_up = 0;
    std::uint16_t found = 0;
    std::uint16_t pause = 0;
  };

  template <std::size_t kBytes>
  [[nodiscard]] bool find(Table<kBytes>& table, std::string_view text) noexcept;
  template <std::size_t kBytes>
  void put(Table<kBytes>& table, std::string_view text,
           std::span<const std::uint32_t> literals) noexcept;
  [[nodiscard]] bool is_left_out(Habit& habit) noexcept;

  std::uint64_t seed_;
  Table<kShortBytes> short_;
  Table<kLongBytes> long_;
  std::vector<Habit> habits_;
  std::span<const std::uint32_t> literals_;
  std::uint32_t scope_ = 0;  // of the last look_up()
  std::uint64_t hash_ = 0;
  Counters counters_;
};

}  // namespace catena::match
