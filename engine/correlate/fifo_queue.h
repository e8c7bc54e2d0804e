// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

// FifoQueue is a queue in one vector: an empty one costs nothing, which matters where hundreds of
// thousands of groups have one each (an empty std::deque takes half a kilobyte). Thread safety:
// none. Cost: amortised constant; memory at most twice what it holds.
namespace catena::correlate {

template <typename T>
class FifoQueue {
 public:
  [[nodiscard]] bool empty() const noexcept { return head_ == items_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return items_.size() - head_; }
  [[nodiscard]] const T& front() const noexcept { return items_[head_]; }
  [[nodiscard]] const T& back() const noexcept { return items_.back(); }
  [[nodiscard]] std::span<T> all() noexcept { return std::span<T>(items_).subspan(head_); }
  [[nodiscard]] std::span<const T> all() const noexcept {
    return std::span<const T>(items_).subspan(head_);
  }
  [[nodiscard]] std::size_t bytes() const noexcept { return items_.capacity() * sizeof(T); }

  void push(T item) { items_.push_back(std::move(item)); }
  void pop() {
    ++head_;
    if (head_ * 2 <= items_.size()) return;
    items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  // Keeps the first `size` items.
  void truncate(std::size_t size) { items_.resize(head_ + size); }

 private:
  std::vector<T> items_;
  std::size_t head_ = 0;
};

}  // namespace catena::correlate
