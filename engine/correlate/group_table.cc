// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/group_table.h"

#include <algorithm>
#include <bit>

#include "engine/base/hash.h"

namespace catena::correlate {
namespace {

// A node of the hash table beside what it holds, and its share of the buckets.
constexpr std::size_t kNodeBytes = 48;
constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;

std::size_t bytes_of(const Group& group) noexcept {
  std::size_t bytes = sizeof(Group) + sizeof(std::string) + kNodeBytes + group.key.size() +
                      group.recent.bytes() + group.times.bytes() +
                      group.traits.capacity() * sizeof(SeenTrait);
  for (const SeenTrait& seen : group.traits) bytes += seen.trait.text.size();
  return bytes + (group.window != nullptr ? group.window->bytes() : 0);
}

std::uint8_t rank_of(const Group& group) noexcept {
  const std::uint64_t progress = std::max<std::uint64_t>(group.window->progress(), 1);
  const auto rank = static_cast<std::size_t>(std::bit_width(progress)) - 1;
  return static_cast<std::uint8_t>(std::min(rank, GroupTable::kRanks - 1));
}

}  // namespace

// Two hashes of the key, mixed with the seed: keys that collide for every seed would have to agree
// in all 128 bits.
std::size_t GroupTable::Hash::operator()(const std::string& key) const noexcept {
  const Id128 hash = hash128(key);
  std::uint64_t mixed = (hash.low ^ seed) * kOdd;
  mixed ^= mixed >> 32U;
  mixed = (mixed ^ hash.high ^ (seed << 1U)) * kOdd;
  return static_cast<std::size_t>(mixed ^ mixed >> 29U);
}

GroupTable::GroupTable(std::size_t max_bytes, std::uint64_t seed)
    : max_bytes_(max_bytes), groups_(0, Hash{seed}) {}

Group& GroupTable::find(const std::string& key, const plan::Correlation& correlation) {
  const auto [found, is_new] = groups_.try_emplace(key);
  Group& group = found->second;
  if (!is_new) return group;
  group.key = found->first;
  group.window = make_window(correlation);
  group.bytes = bytes_of(group);
  bytes_ += group.bytes;
  link(group);
  peak_ = std::max(peak_, groups_.size());
  return group;
}

void GroupTable::touched(Group& group) {
  unlink(group);
  bytes_ -= group.bytes;
  group.bytes = bytes_of(group);
  bytes_ += group.bytes;
  group.rank = rank_of(group);
  link(group);
}

void GroupTable::trim(Timestamp start) {
  for (Rank& rank : ranks_) {
    while (rank.oldest != nullptr && rank.oldest->last < start) erase(*rank.oldest);
  }
  for (Rank& rank : ranks_) {
    while (bytes_ > max_bytes_ && rank.oldest != nullptr && groups_.size() > 1) {
      erase(*rank.oldest);
      ++evicted_;
    }
  }
}

void GroupTable::unlink(Group& group) noexcept {
  Rank& rank = ranks_[group.rank];
  (group.older != nullptr ? group.older->newer : rank.oldest) = group.newer;
  (group.newer != nullptr ? group.newer->older : rank.newest) = group.older;
  group.older = nullptr;
  group.newer = nullptr;
}

void GroupTable::link(Group& group) noexcept {
  Rank& rank = ranks_[group.rank];
  group.older = rank.newest;
  (rank.newest != nullptr ? rank.newest->newer : rank.oldest) = &group;
  rank.newest = &group;
}

void GroupTable::erase(Group& group) {
  unlink(group);
  bytes_ -= group.bytes;
  groups_.erase(std::string(group.key));
}

}  // namespace catena::correlate
