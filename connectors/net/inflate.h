// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/status.h"

// Expands what a peer has compressed, within bounds: a body of a request, a chunk, a frame. zlib
// and zstd do the work. Files have a reader of their own (connectors/file/byte_reader.h). Thread
// safety: pure functions. Memory: the result.
namespace catena::net {

struct InflateLimit {
  std::size_t max_bytes = std::size_t{256} * 1024 * 1024;
  // Beyond kFreeBytes, the result may be this many times as long as what was received.
  std::size_t max_ratio = 100;
};
inline constexpr std::size_t kFreeBytes = std::size_t{1} * 1024 * 1024;

enum class Compression : std::uint8_t { kGzip, kZlib, kZstd };

// Appends to `out`; gzip of several members and zstd of several frames are one stream.
// kInvalidInput: not that format, damaged, or ends early. kLimit: larger than the limit allows.
[[nodiscard]] Status inflate(Compression compression, std::string_view bytes,
                             const InflateLimit& limit, std::string& out);

}  // namespace catena::net
