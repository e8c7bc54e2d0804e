// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/inflate.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include <zlib.h>
#include <zstd.h>

namespace catena::net {

namespace {

constexpr std::size_t kStep = std::size_t{64} * 1024;
constexpr int kZstdWindowLog = 23;  // 8 MiB, as far as RFC 8878 asks receivers to go

std::size_t allowed_bytes(std::size_t received, const InflateLimit& limit) noexcept {
  return std::min(limit.max_bytes, std::max(kFreeBytes, received * limit.max_ratio));
}

Status too_large(std::size_t allowed) {
  return limit_exceeded("expands to more than " + std::to_string(allowed) + " bytes");
}

Status expand_zlib(int window_bits, std::string_view bytes, std::size_t allowed, std::string& out) {
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) return internal_error("zlib: no memory");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, &inflateEnd);
  std::array<char, kStep> step;
  std::size_t produced = 0;
  // zlib does not write to its input; its interface is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  std::size_t left = bytes.size();
  while (true) {
    if (stream.avail_in == 0) {
      stream.avail_in =
          static_cast<uInt>(std::min<std::size_t>(left, std::numeric_limits<uInt>::max()));
      left -= stream.avail_in;
    }
    stream.next_out = reinterpret_cast<Bytef*>(step.data());
    stream.avail_out = static_cast<uInt>(step.size());
    const int result = ::inflate(&stream, Z_NO_FLUSH);
    const std::size_t size = step.size() - stream.avail_out;
    produced += size;
    if (produced > allowed) return too_large(allowed);
    out.append(step.data(), size);
    if (result == Z_STREAM_END) {
      if (stream.avail_in == 0 && left == 0) return ok_status();
      if (inflateReset(&stream) != Z_OK) return internal_error("zlib: cannot go on");
      continue;
    }
    if (result != Z_OK || (size == 0 && stream.avail_in == 0 && left == 0)) {
      return invalid_input("compressed data is damaged or ends early");
    }
  }
}

Status expand_zstd(std::string_view bytes, std::size_t allowed, std::string& out) {
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(),
                                                                        &ZSTD_freeDCtx);
  if (!context) return internal_error("zstd: no memory");
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kZstdWindowLog);
  std::array<char, kStep> step;
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  std::size_t produced = 0;
  while (true) {
    ZSTD_outBuffer target{step.data(), step.size(), 0};
    const std::size_t before = in.pos;
    const std::size_t result = ZSTD_decompressStream(context.get(), &target, &in);
    if (ZSTD_isError(result) != 0) {
      return invalid_input(std::string("zstd: ") + ZSTD_getErrorName(result));
    }
    produced += target.pos;
    if (produced > allowed) return too_large(allowed);
    out.append(step.data(), target.pos);
    if (in.pos == in.size && result == 0) return ok_status();
    if (target.pos == 0 && in.pos == before) {
      return invalid_input("compressed data is damaged or ends early");
    }
  }
}

}  // namespace

Status inflate(Compression compression, std::string_view bytes, const InflateLimit& limit,
               std::string& out) {
  const std::size_t allowed = allowed_bytes(bytes.size(), limit);
  if (bytes.empty()) return invalid_input("compressed data is damaged or ends early");
  switch (compression) {
    case Compression::kGzip:
      return expand_zlib(15 + 16, bytes, allowed, out);
    case Compression::kZlib:
      return expand_zlib(15, bytes, allowed, out);
    case Compression::kZstd:
      return expand_zstd(bytes, allowed, out);
  }
  return internal_error("unknown compression");
}

}  // namespace catena::net
