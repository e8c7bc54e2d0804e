// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

// Arena hands out memory that lives until clear(): the bytes of one event batch that are not in the
// received buffer (unescaped strings, joined names, field arrays). It is not a general allocator:
// nothing is freed alone and no destructor runs, hence only trivially destructible types.
// Thread safety: none; one arena per batch, one batch per thread at a time.
// Cost: amortised pointer bump; after clear() the chunks are kept, so a warm arena does not
// allocate.
namespace catena {

class Arena {
 public:
  static constexpr std::size_t kChunkBytes = 64 * 1024;

  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;
  ~Arena() = default;

  // Uninitialised memory of `size` bytes; `alignment` is a power of two, at most 16.
  [[nodiscard]] void* allocate(std::size_t size, std::size_t alignment);

  template <typename T>
  [[nodiscard]] std::span<T> allocate_array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);
    auto* first = static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
    for (std::size_t i = 0; i < count; ++i) {
      new (first + i) T{};
    }
    return {first, count};
  }

  // A copy of `text` that lives as long as the arena's contents.
  [[nodiscard]] std::string_view copy(std::string_view text);

  // Forgets everything handed out; keeps the memory.
  void clear() noexcept;

  // Bytes held from the system, for memory accounting.
  [[nodiscard]] std::size_t capacity() const noexcept;

 private:
  struct Chunk {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };

  std::vector<Chunk> chunks_;
  std::size_t current_ = 0;  // index into chunks_ of the chunk being filled
  std::size_t used_ = 0;     // bytes used of that chunk
};

}  // namespace catena
