// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/normalise/normalisation_table.h"

// KeyTable remembers the keys of JSON objects: from (container, key) to the path that the
// normalisation table knows it by. Producers write the same few hundred keys over and over, so the
// dotted path is built and looked up once per key and not once per event. It learns from the input
// and forgets all when it has learned too much; what find() says does not depend on what it knows.
// Thread safety: none; one per walker. Cost: a hash of the key's first and last eight bytes and one
// comparison.
// Hostile keys: the hash is seeded, and what is kept is bounded by kMaxLearnedKeys and one
// document.
namespace catena::codec {

using KeyId = std::uint16_t;
inline constexpr KeyId kNoKey = 0;

// Above this many keys everything is forgotten before the next document.
inline constexpr std::size_t kMaxLearnedKeys = 8192;
// More than the keys learned before a document and those of one together.
inline constexpr std::size_t kMaxKeyIds = 65'536;
// Readable bytes that lie behind a key given to find().
inline constexpr std::size_t kKeyPadding = 8;

class KeyTable {
 public:
  KeyTable(const normalise::NormalisationTable& table, std::uint64_t seed);

  // Half a cache line: the few hundred keys of a stream stay in the first-level cache.
  struct alignas(32) Key {
    std::uint64_t head = 0;  // the first eight bytes, or all of fewer
    std::uint64_t tail = 0;  // the last eight bytes, or all of fewer
    normalise::PathId path = normalise::kUnknownPath;
    std::uint32_t last_object = 0;  // of an owner: the object that had its path last
    KeyId container = kNoKey;
    KeyId owner =
        kNoKey;  // the container's first key of the same known path ("Threat Name"), or itself
    std::uint16_t length = 0;
    bool maybe_embedded = false;
  };
  static_assert(sizeof(Key) == 32);

  // Call between documents: forgets all if too much was learned. Ids given out before are void.
  void begin_document();
  // The container whose members' paths start with `prefix` and a dot ("": no prefix).
  KeyId root(std::string_view prefix);
  // The key `bytes` (plain text) of an object in `container`; kKeyPadding readable bytes behind it.
  KeyId find(KeyId container, std::string_view bytes) {
    const auto [head, tail] = ends_of(bytes);
    const std::size_t mask = slots_.size() - 1;
    const Key* const keys = keys_.data();
    const KeyId* const slots = slots_.data();
    std::size_t slot = hash_of(container, bytes) & mask;
    for (; slots[slot] != kNoKey; slot = (slot + 1) & mask) {
      const Key& key = keys[slots[slot]];
      const std::uint64_t difference = (key.head ^ head) | (key.tail ^ tail) |
                                       static_cast<std::uint64_t>(key.container ^ container) |
                                       (key.length ^ bytes.size());
      if (difference == 0 && same_middle(key, bytes)) return slots[slot];
    }
    return learn(container, bytes, slot);
  }
  [[nodiscard]] const Key& operator[](KeyId id) const noexcept { return keys_.data()[id]; }
  // A number for an object of the document.
  std::uint32_t next_object() noexcept { return ++last_object_; }
  // Notes that the object has the key; true when it had it, or one of the same path, before.
  bool is_repeated(KeyId id, std::uint32_t object_number) noexcept {
    Key* const keys = keys_.data();
    std::uint32_t& last = keys[keys[id].owner].last_object;
    const bool repeated = last == object_number;
    last = object_number;
    return repeated;
  }
  // Keys learned and not forgotten.
  [[nodiscard]] std::size_t size() const noexcept { return keys_.size() - 1; }

 private:
  struct Ends {
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
  };

  static std::uint64_t load(const char* bytes) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof(word));
    return word;
  }
  // The high and the low half of the product, mixed: every input bit reaches every output bit.
  static std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product >> 64U) ^ static_cast<std::uint64_t>(product);
  }
  // Without a branch: how long a key is can hardly be predicted.
  static Ends ends_of(std::string_view bytes) noexcept {
    const std::size_t size = bytes.size();
    const std::size_t missing = size < 8 ? 8 - size : 0;
    const std::uint64_t mask = missing == 8 ? 0 : ~std::uint64_t{0} >> (8 * missing);
    const std::size_t tail = size < 8 ? 0 : size - 8;
    return {load(bytes.data()) & mask, load(bytes.data() + tail) & mask};
  }
  [[nodiscard]] std::uint64_t hash_of(KeyId container, std::string_view bytes) const noexcept {
    const auto [head, tail] = ends_of(bytes);
    const std::uint64_t place = static_cast<std::uint64_t>(container) << 32U | bytes.size();
    const std::uint64_t hash = mix(head ^ seed_, tail ^ place ^ kOdd);
    return bytes.size() > 16 ? mix(hash ^ seed_, middle_hash(bytes)) : hash;
  }
  [[nodiscard]] std::uint64_t middle_hash(std::string_view bytes) const noexcept;
  [[nodiscard]] bool same_middle(const Key& key, std::string_view bytes) const noexcept {
    return bytes.size() <= 16 ||
           std::memcmp(
               texts_.data() + text_begin_[static_cast<std::size_t>(&key - keys_.data())] + 8,
               bytes.data() + 8, bytes.size() - 16) == 0;
  }
  KeyId learn(KeyId container, std::string_view bytes, std::size_t slot);
  void grow();
  [[nodiscard]] std::string path_text(KeyId container, std::string_view last) const;

  static constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;

  const normalise::NormalisationTable& table_;
  std::uint64_t seed_;
  std::vector<Key> keys_;                  // 0 is no key
  std::vector<KeyId> slots_;               // open addressing, power of two, at most half full
  std::string texts_;                      // the bytes of all keys
  std::vector<std::uint32_t> text_begin_;  // by key: offset in texts_
  std::uint32_t last_object_ = 0;
  std::unordered_map<std::uint64_t, KeyId> first_of_path_;  // by container and path
};

}  // namespace catena::codec
