// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>

// How much the crash tests do: all of it, or a share under a sanitizer; more by environment
// variables for a long run. No thread state.
namespace catena::tests {

// Under a sanitizer everything takes several times as long.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr std::uint64_t kShare = 5;
#else
inline constexpr std::uint64_t kShare = 1;
#endif
#else
inline constexpr std::uint64_t kShare = 1;
#endif

inline std::uint64_t number_from(const char* variable, std::uint64_t fallback) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

}  // namespace catena::tests
