// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/key_table.h"

#include <algorithm>

#include "engine/base/hash.h"

namespace catena::codec {
namespace {

constexpr std::size_t kFirstSlots = 2048;
// Objects are numbered anew before the numbers end; a document has fewer than these.
constexpr std::uint32_t kMaxObjects = 0x80000000U;

}  // namespace

KeyTable::KeyTable(const normalise::NormalisationTable& table, std::uint64_t seed)
    : table_(table), seed_(hash64({reinterpret_cast<const char*>(&seed), sizeof(seed)})) {
  keys_.emplace_back();
  text_begin_.push_back(0);
  slots_.assign(kFirstSlots, kNoKey);
}

void KeyTable::begin_document() {
  if (size() <= kMaxLearnedKeys && last_object_ < kMaxObjects) return;
  keys_ = std::vector<Key>(1);
  slots_ = std::vector<KeyId>(kFirstSlots, kNoKey);
  texts_ = std::string();
  first_of_path_.clear();
  text_begin_.assign(1, 0);
  last_object_ = 0;
}

KeyId KeyTable::root(std::string_view prefix) {
  if (prefix.empty()) return kNoKey;
  // A prefix has dots of its own and counts as one key at the top. It comes from the table.
  std::string padded(prefix);
  padded.append(kKeyPadding, '\0');
  return find(kNoKey, std::string_view(padded).substr(0, prefix.size()));
}

std::uint64_t KeyTable::middle_hash(std::string_view bytes) const noexcept {
  if (bytes.size() <= 24) return load(bytes.data() + 8) ^ kOdd;
  return hash64(bytes) ^ seed_;
}

// The dotted path of a key, "" when it is longer than any path the table knows.
std::string KeyTable::path_text(KeyId container, std::string_view last) const {
  std::vector<std::string_view> parts{last};
  std::size_t size = last.size();
  for (KeyId id = container; id != kNoKey; id = keys_[id].container) {
    parts.push_back(std::string_view(texts_).substr(text_begin_[id], keys_[id].length));
    size += parts.back().size() + 1;
    if (size > normalise::kMaxPathBytes) return {};
  }
  std::string path;
  path.reserve(size);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (part != parts.rbegin()) path.push_back('.');
    path.append(*part);
  }
  return path;
}

KeyId KeyTable::learn(KeyId container, std::string_view bytes, std::size_t slot) {
  Key key;
  const auto [head, tail] = ends_of(bytes);
  key.head = head;
  key.tail = tail;
  key.container = container;
  key.length = static_cast<std::uint16_t>(bytes.size());
  const std::string path = path_text(container, bytes);
  if (!path.empty()) key.path = table_.find_path(path);
  const auto id = static_cast<KeyId>(keys_.size());
  key.owner = id;
  if (key.path != normalise::kUnknownPath) {
    key.maybe_embedded = table_.maybe_embedded(key.path);
    const std::uint64_t place = static_cast<std::uint64_t>(container) << 32U | key.path;
    key.owner = first_of_path_.try_emplace(place, id).first->second;
  }
  text_begin_.push_back(static_cast<std::uint32_t>(texts_.size()));
  texts_.append(bytes);
  keys_.push_back(key);
  slots_[slot] = id;
  if (keys_.size() * 2 > slots_.size()) grow();
  return id;
}

void KeyTable::grow() {
  std::vector<KeyId> slots(slots_.size() * 2, kNoKey);
  slots_.swap(slots);
  std::string bytes;
  for (std::size_t i = 1; i < keys_.size(); ++i) {
    const auto id = static_cast<KeyId>(i);
    bytes.assign(texts_, text_begin_[id], keys_[id].length);
    bytes.append(kKeyPadding, '\0');
    const std::string_view text = std::string_view(bytes).substr(0, keys_[id].length);
    std::size_t slot = hash_of(keys_[id].container, text) & (slots_.size() - 1);
    while (slots_[slot] != kNoKey) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = id;
  }
}

}  // namespace catena::codec
