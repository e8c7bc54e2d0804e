// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "connectors/codec/backslash_runs.h"
#include "connectors/codec/text_block.h"

// Reads the body of a JSON string up to its closing quote and checks it as JSON demands, but for
// UTF-8: no control character, and behind a backslash only what JSON knows there. Its slow twin is
// one byte after the other (string_body_test.cc).
// Thread safety: pure functions. Cost: one pass, 64 bytes a step; a body without a backslash that
// ends within the first 64 bytes takes four comparisons.
namespace catena::codec {

// About an event ahead, so that the next one is near when it is its turn. Only a hint.
inline constexpr std::size_t kPrefetchBytes = 2048;

// What was seen in the bodies of a document.
struct BodyNotes {
  std::uint64_t high = 0;     // not 0: a byte that is not ASCII
  std::uint64_t unicode = 0;  // not 0: an escape "\u", not checked further
};

// Reads the body of which the first `read` bytes hold no closing quote and no escape.
template <typename Blocks>
[[gnu::always_inline]] inline const char* read_long_body(const char* at, const char* limit,
                                                         bool& escaped, BodyNotes& notes) noexcept {
  std::uint64_t carried = 0;
  std::uint64_t any_backslash = 0;
  std::uint64_t wrong = 0;
  for (; at <= limit; at += kBlockBytes) {
    __builtin_prefetch(at + kPrefetchBytes);
    const TextBlock block = Blocks::read(at);
    std::uint64_t behind = carried;
    if ((block.backslash | carried) != 0) behind = escaped_bytes(block.backslash, carried);
    const std::uint64_t stop = (block.quote & ~behind) | block.control;
    const std::uint64_t first = stop & -stop;
    const std::uint64_t before = first - 1;  // all of it when 0
    notes.high |= block.high & before;
    any_backslash |= block.backslash & before;
    behind &= before;
    if (behind != 0) {
      const EscapeLetters letters = Blocks::letters(at);
      wrong |= behind & ~letters.known;
      notes.unicode |= behind & letters.u;
    }
    if (stop == 0) continue;
    at += std::countr_zero(stop);
    escaped = any_backslash != 0;
    return at < limit && (first & block.quote) != 0 && wrong == 0 ? at : nullptr;
  }
  return nullptr;
}

// The closing quote of the body that starts at `at` <= `limit`; sets `escaped` when a backslash is
// before it and adds to `notes`. nullptr when there is none before `limit`, or something is wrong
// with the body; `notes` are then no more than a hint. kBlockBytes from `limit` on are readable.
// `usual` is the size of an earlier body at this place, and becomes that of this one where it is
// below kBlockBytes: many values always have one size, and what comes behind such a value is read
// without waiting until its end is found.
template <typename Blocks>
[[gnu::always_inline]] inline const char* read_body(const char* at, const char* limit,
                                                    std::uint8_t& usual, bool& escaped,
                                                    BodyNotes& notes) noexcept {
  __builtin_prefetch(at + kPrefetchBytes);
  const TextBlock block = Blocks::read(at);
  const std::uint64_t stop = block.quote | block.control;
  const std::uint64_t first = stop & -stop;
  const std::uint64_t before = first - 1;
  if (first == 0 || (block.backslash & before) != 0) {
    return read_long_body<Blocks>(at, limit, escaped, notes);
  }
  notes.high |= block.high & before;
  escaped = false;
  if (first == std::uint64_t{1} << (usual % kBlockBytes)) {
    at += usual % kBlockBytes;
  } else {
    usual = static_cast<std::uint8_t>(std::countr_zero(first));
    at += usual;
  }
  return at < limit && (first & block.quote) != 0 ? at : nullptr;
}

}  // namespace catena::codec
