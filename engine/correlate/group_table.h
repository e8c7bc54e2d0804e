// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/correlate/fifo_queue.h"
#include "engine/correlate/window.h"

// GroupTable holds the groups of one correlation (one for each combination of group-by values)
// within a budget of memory. Over the budget groups are given up by what they are worth: the ones
// that have come least far (Window::progress, in powers of two) first, among those the one that was
// touched longest ago. So a flood of new groups with one event each throws out its like, and never
// an attack that has come to its second step; to throw that out every group of the flood needs as
// many events as the attack has.
// Thread safety: none. Cost: constant on average for each call; the hash is seeded, so that nobody
// who writes logs can choose values that collide.
namespace catena::correlate {

// Traits that a group remembers; beyond, the one seen longest ago goes.
inline constexpr std::size_t kMaxTraits = 48;
// Members that a group can name, the newest ones.
inline constexpr std::size_t kMaxRecentMembers = 32;
// Events of a window that are counted for show; the condition has its own count.
inline constexpr std::size_t kMaxCountedMembers = 1'024;

struct SeenTrait {
  Trait trait;
  Timestamp last = kNoTime;
};

struct Group {
  std::string_view key;  // of the table; folded group-by values
  std::unique_ptr<Window> window;
  std::vector<SeenTrait> traits;
  FifoQueue<MemberReference> recent;
  FifoQueue<Timestamp> times;   // of the window's events, the newest kMaxCountedMembers
  Timestamp dropped = kNoTime;  // time of the newest one that `times` no longer has
  Timestamp last = kNoTime;     // the newest event
  bool has_dropped = false;
  bool is_new = true;      // no event yet
  bool satisfied = false;  // the condition held at the newest event
  // Kept by the table.
  Group* older = nullptr;
  Group* newer = nullptr;
  std::size_t bytes = 0;
  std::uint8_t rank = 0;
};

class GroupTable {
 public:
  // Ranks of progress: below 2, 4, 8 … events; the last has no end.
  static constexpr std::size_t kRanks = 16;

  GroupTable(std::size_t max_bytes, std::uint64_t seed);

  // The group of `key`, made if there is none. Pointers are valid until trim().
  Group& find(const std::string& key, const plan::Correlation& correlation);
  // Call after every change of a group: it is the newest of its rank then.
  void touched(Group& group);
  // Gives up groups whose newest event is before `start`, and the least worthy ones while there is
  // more than the budget. One group always stays.
  void trim(Timestamp start);

  [[nodiscard]] std::size_t size() const noexcept { return groups_.size(); }
  [[nodiscard]] std::size_t peak() const noexcept { return peak_; }
  [[nodiscard]] std::uint64_t evicted() const noexcept { return evicted_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct Hash {
    std::uint64_t seed = 0;
    std::size_t operator()(const std::string& key) const noexcept;
  };
  // Groups of one rank, the one touched longest ago first.
  struct Rank {
    Group* oldest = nullptr;
    Group* newest = nullptr;
  };

  void unlink(Group& group) noexcept;
  void link(Group& group) noexcept;
  void erase(Group& group);

  std::size_t max_bytes_;
  std::unordered_map<std::string, Group, Hash> groups_;
  std::array<Rank, kRanks> ranks_{};
  std::size_t bytes_ = 0;
  std::size_t peak_ = 0;
  std::uint64_t evicted_ = 0;
};

}  // namespace catena::correlate
