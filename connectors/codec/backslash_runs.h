// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// Which bytes of a block of 64 a backslash escapes, by arithmetic on one bit a byte.
// Thread safety: pure functions.
namespace catena::codec {

// `backslash` has a bit for every backslash of the block, `carried` is 1 when the block before ends
// inside an escape (0 before the first one) and becomes so for the next. Returns the escaped bytes:
// every second byte behind the start of a run, up to the one behind the run.
// Adding a run's first bit to the run carries to the byte behind it, whose parity then tells the
// length of the run.
inline std::uint64_t escaped_bytes(std::uint64_t backslash, std::uint64_t& carried) noexcept {
  constexpr std::uint64_t kOdd = 0xAAAAAAAAAAAAAAAAULL;
  backslash &= ~carried;
  const std::uint64_t behind = backslash << 1U | carried;
  const std::uint64_t odd_starts = backslash & kOdd & ~behind;
  std::uint64_t sum = 0;
  carried = __builtin_add_overflow(odd_starts, backslash, &sum) ? 1 : 0;
  return (~kOdd ^ sum << 1U) & behind;
}

}  // namespace catena::codec
