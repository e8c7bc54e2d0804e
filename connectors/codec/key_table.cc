// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/key_table.h"

#include <algorithm>

#include "engine/base/hash.h"

namespace catena::codec {
namespace {

constexpr std::size_t kFirstSlots = 2048;

}  // namespace

KeyTable::KeyTable(const normalise::NormalisationTable& table, std::uint64_t seed)
    : table_(table), seed_(hash64({reinterpret_cast<const char*>(&seed), sizeof(seed)})) {
  keys_.emplace_back();
  slots_.assign(kFirstSlots, kNoKey);
}

void KeyTable::begin_document() {
  if (size() <= kMaxLearnedKeys) return;
  keys_ = std::vector<Key>(1);
  slots_ = std::vector<KeyId>(kFirstSlots, kNoKey);
  texts_ = std::string();
  first_of_path_.clear();
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
    parts.push_back(std::string_view(texts_).substr(keys_[id].text, keys_[id].length));
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
  key.length = static_cast<std::uint32_t>(bytes.size());
  key.text = static_cast<std::uint32_t>(texts_.size());
  const std::string path = path_text(container, bytes);
  if (!path.empty()) key.path = table_.find_path(path);
  const auto id = static_cast<KeyId>(keys_.size());
  key.owner = id;
  if (key.path != normalise::kUnknownPath) {
    key.maybe_embedded = table_.maybe_embedded(key.path);
    key.owner = first_of_path_.try_emplace(key.path, id).first->second;
  }
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
  for (KeyId id = 1; id < keys_.size(); ++id) {
    bytes.assign(texts_, keys_[id].text, keys_[id].length);
    bytes.append(kKeyPadding, '\0');
    const std::string_view text = std::string_view(bytes).substr(0, keys_[id].length);
    std::size_t slot = hash_of(keys_[id].container, text) & (slots_.size() - 1);
    while (slots_[slot] != kNoKey) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = id;
  }
}

}  // namespace catena::codec
