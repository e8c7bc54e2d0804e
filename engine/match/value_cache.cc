// SPDX-License-Identifier: Apache-2.0
#include "engine/match/value_cache.h"

#include <algorithm>
#include <cstring>

#include "engine/base/hash.h"

namespace catena::match {
namespace {

// The same bytes mean another text when they are escaped.
constexpr std::uint32_t kEscapedScope = 1U << 31U;
constexpr std::uint64_t kScopeFactor = 0x9E3779B97F4A7C15ULL;

std::uint32_t tag_of(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash) | 1U; }

}  // namespace

ValueCache::ValueCache(std::uint64_t seed)
    : seed_(seed), short_(kShortEntries), long_(kLongEntries) {}

bool ValueCache::is_left_out(Habit& habit) noexcept {
  if (habit.pause != 0) {
    --habit.pause;
    return true;
  }
  if (habit.looked_up == kTrial) {
    const bool repeats = habit.found * 2 >= kTrial;
    habit = {};
    if (!repeats) habit.pause = kPause;
  }
  ++habit.looked_up;
  return false;
}

template <std::size_t kBytes>
bool ValueCache::find(Table<kBytes>& table, std::string_view text) noexcept {
  const std::size_t set = (hash_ >> 32U) % table.next.size();
  const std::uint32_t tag = tag_of(hash_);
  for (std::size_t i = set * kWays; i < (set + 1) * kWays; ++i) {
    if (table.tags[i] != tag) continue;
    Entry<kBytes>& entry = table.entries[i];
    if (entry.scope != scope_ || entry.size != text.size() ||
        std::memcmp(entry.text.data(), text.data(), text.size()) != 0) {
      continue;
    }
    entry.used = 1;
    literals_ = {table.literals[i].data(), entry.literal_count};
    return true;
  }
  return false;
}

// The victim is the next entry of the set that nobody has asked for since it was last spared.
template <std::size_t kBytes>
void ValueCache::put(Table<kBytes>& table, std::string_view text,
                     std::span<const std::uint32_t> literals) noexcept {
  const std::size_t set = (hash_ >> 32U) % table.next.size();
  std::uint8_t& next = table.next[set];
  while (table.entries[set * kWays + next].used != 0) {
    table.entries[set * kWays + next].used = 0;
    next = (next + 1) % kWays;
  }
  const std::size_t place = set * kWays + next;
  next = (next + 1) % kWays;
  Entry<kBytes>& entry = table.entries[place];
  table.tags[place] = tag_of(hash_);
  entry.scope = scope_;
  entry.size = static_cast<std::uint16_t>(text.size());
  entry.literal_count = static_cast<std::uint8_t>(literals.size());
  std::copy(text.begin(), text.end(), entry.text.begin());
  std::copy(literals.begin(), literals.end(), table.literals[place].begin());
}

ValueCache::Outcome ValueCache::look_up(std::uint32_t scope, const Field& field) noexcept {
  Habit& habit = habits_[scope];
  if (field.text.size() > kLongBytes || is_left_out(habit)) {
    ++counters_.left;
    return Outcome::kLeft;
  }
  scope_ = field.escaped ? scope | kEscapedScope : scope;
  hash_ = seeded_hash64(field.text, seed_ ^ scope_ * kScopeFactor);
  const bool found =
      field.text.size() <= kShortBytes ? find(short_, field.text) : find(long_, field.text);
  if (!found) {
    ++counters_.missed;
    return Outcome::kMissed;
  }
  ++habit.found;
  ++counters_.found;
  return Outcome::kFound;
}

void ValueCache::keep(const Field& field, std::span<const std::uint32_t> literals) noexcept {
  if (literals.size() > kMaxLiterals) return;
  if (field.text.size() <= kShortBytes) {
    put(short_, field.text, literals);
  } else {
    put(long_, field.text, literals);
  }
}

}  // namespace catena::match
