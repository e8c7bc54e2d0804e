// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <mutex>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "engine/base/hash.h"

// RecentIds remembers what has become durable lately under an id that its sender chose, so that a
// sender that missed our answer and repeats itself is answered without a second copy. The content
// belongs to the id: who sends other content under a known id is not silenced, and cannot silence.
// It forgets the oldest first, and everything with the process; then a repetition is offered again,
// which costs time and nothing else, for repeated records are found once.
// Thread safety: all methods from any thread. Memory: about 70 bytes an id, at
// most `capacity` of them.
namespace catena::net {

class RecentIds {
 public:
  static constexpr std::size_t kDefaultCapacity = 100'000;

  explicit RecentIds(std::size_t capacity = kDefaultCapacity);

  // Of an id in its scope (an index, a tag) with its content; SHA-256, so that nobody can find
  // other content with the same key.
  [[nodiscard]] static Id128 key(std::string_view scope, std::string_view id,
                                 std::string_view content);

  [[nodiscard]] bool contains(const Id128& key) const;
  void insert(const Id128& key);

 private:
  mutable std::mutex mutex_;
  std::unordered_set<Id128> known_;
  std::vector<Id128> ring_;
  std::size_t next_ = 0;
  std::size_t capacity_;
};

}  // namespace catena::net
