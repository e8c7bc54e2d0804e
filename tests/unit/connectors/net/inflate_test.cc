// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/inflate.h"

#include <string>

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

namespace catena::net {
namespace {

std::string zlib(const std::string& bytes) {
  std::string out(compressBound(bytes.size()), '\0');
  uLongf size = out.size();
  compress(reinterpret_cast<Bytef*>(out.data()), &size,
           reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  out.resize(size);
  return out;
}
std::string zstd(const std::string& bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

TEST(Inflate, ExpandsAndEveryTruncationIsAnError) {
  const std::string text = "one two three " + std::string(1000, 'x');
  for (const Compression compression : {Compression::kZlib, Compression::kZstd}) {
    const std::string packed = compression == Compression::kZlib ? zlib(text) : zstd(text);
    std::string out = "before ";
    ASSERT_TRUE(inflate(compression, packed, {}, out).ok());
    EXPECT_EQ(out, "before " + text);
    for (std::size_t size = 0; size < packed.size(); ++size) {
      std::string ignored;
      EXPECT_EQ(inflate(compression, packed.substr(0, size), {}, ignored).code(),
                StatusCode::kInvalidInput);
    }
  }
}

TEST(Inflate, HasLimits) {
  const std::string bomb(std::size_t{8} * 1024 * 1024, 'x');
  for (const Compression compression : {Compression::kZlib, Compression::kZstd}) {
    const std::string packed = compression == Compression::kZlib ? zlib(bomb) : zstd(bomb);
    std::string out;
    EXPECT_EQ(inflate(compression, packed, {.max_bytes = bomb.size(), .max_ratio = 10}, out).code(),
              StatusCode::kLimit);
    EXPECT_LE(out.size(), kFreeBytes + 65536);
    EXPECT_EQ(inflate(compression, packed, {.max_bytes = 1000, .max_ratio = 100'000}, out).code(),
              StatusCode::kLimit);
    std::string whole;
    EXPECT_TRUE(
        inflate(compression, packed, {.max_bytes = bomb.size(), .max_ratio = 100'000}, whole).ok());
  }
}

}  // namespace
}  // namespace catena::net
