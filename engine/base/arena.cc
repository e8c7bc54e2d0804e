// SPDX-License-Identifier: Apache-2.0
#include "engine/base/arena.h"

#include <algorithm>
#include <cstring>

namespace catena {

void* Arena::allocate(std::size_t size, std::size_t alignment) {
  while (current_ < chunks_.size()) {
    Chunk& chunk = chunks_[current_];
    const std::size_t start = (used_ + alignment - 1) & ~(alignment - 1);
    if (start <= chunk.size && size <= chunk.size - start) {
      used_ = start + size;
      return chunk.bytes.get() + start;
    }
    ++current_;
    used_ = 0;
  }
  const std::size_t chunk_size = std::max(size, kChunkBytes);
  chunks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[chunk_size]), chunk_size});
  used_ = size;
  return chunks_.back().bytes.get();
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) {
    return {};
  }
  auto* bytes = static_cast<char*>(allocate(text.size(), 1));
  std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

void Arena::clear() noexcept {
  current_ = 0;
  used_ = 0;
}

std::size_t Arena::capacity() const noexcept {
  std::size_t total = 0;
  for (const Chunk& chunk : chunks_) {
    total += chunk.size;
  }
  return total;
}

}  // namespace catena
