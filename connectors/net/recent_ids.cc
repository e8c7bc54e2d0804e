// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/recent_ids.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>

namespace catena::net {

RecentIds::RecentIds(std::size_t capacity) : capacity_(capacity) {}

Id128 RecentIds::key(std::string_view scope, std::string_view id, std::string_view content) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  std::array<unsigned char, 32> digest{};
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  for (const std::string_view part : {scope, id, content}) {
    const std::uint64_t size = part.size();
    EVP_DigestUpdate(context.get(), &size, sizeof size);
    EVP_DigestUpdate(context.get(), part.data(), part.size());
  }
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return Id128::from_bytes({reinterpret_cast<const char*>(digest.data()), 16});
}

bool RecentIds::contains(const Id128& key) const {
  const std::lock_guard lock(mutex_);
  return known_.contains(key);
}

void RecentIds::insert(const Id128& key) {
  const std::lock_guard lock(mutex_);
  if (capacity_ == 0 || !known_.insert(key).second) return;
  if (ring_.size() < capacity_) {
    ring_.push_back(key);
    return;
  }
  known_.erase(ring_[next_]);
  ring_[next_] = key;
  next_ = (next_ + 1) % capacity_;
}

}  // namespace catena::net
