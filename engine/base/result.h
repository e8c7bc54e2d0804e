// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <optional>
#include <utility>

#include "engine/base/status.h"

// Result<T> is a T or the Status that says why there is none (g++ 12 has no std::expected in
// C++20). Thread safety: as T. Ownership: holds the T by value; move it out with
// `*std::move(result)`. Reading the value of a failed Result is a programming error (assert), never
// reachable from input.
namespace catena {

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}         // NOLINT(google-explicit-constructor)
  Result(Status status) : status_(std::move(status)) {  // NOLINT(google-explicit-constructor)
    assert(!status_.ok());
  }

  [[nodiscard]] bool ok() const noexcept { return value_.has_value(); }
  [[nodiscard]] const Status& status() const noexcept { return status_; }

  [[nodiscard]] T& operator*() & noexcept {
    assert(ok());
    return *value_;
  }
  [[nodiscard]] const T& operator*() const& noexcept {
    assert(ok());
    return *value_;
  }
  [[nodiscard]] T&& operator*() && noexcept {
    assert(ok());
    return *std::move(value_);
  }
  [[nodiscard]] T* operator->() noexcept { return &**this; }
  [[nodiscard]] const T* operator->() const noexcept { return &**this; }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace catena

// Binds `target` to the value of `expr` (a Result), or leaves the function with its Status.
#define ASSIGN_OR_RETURN(target, expr) \
  ASSIGN_OR_RETURN_INNER(CATENA_CONCAT(result_from_expr_, __LINE__), target, expr)
#define ASSIGN_OR_RETURN_INNER(result, target, expr) \
  auto result = (expr);                              \
  if (!result.ok()) {                                \
    return result.status();                          \
  }                                                  \
  target = *std::move(result)
