// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/event/timestamp.h"

// ByteReader is a stream of bytes that a FileSource reads: a file or standard input, and the
// decoders stacked on it (gzip, zstd, UTF-16). It does not know about records.
// Thread safety: none. Errors: kIo from the operating system, kCorrupt for damaged compressed
// data, kLimit for data that expands too much; bytes read before an error are delivered first.
namespace catena::file {

class ByteReader {
 public:
  virtual ~ByteReader() = default;

  // Reads up to `size` bytes (size > 0). 0 means the end.
  virtual Result<std::size_t> read(char* to, std::size_t size) = 0;
  // True when the next read would wait for whoever writes the input. Decoders do not know: false.
  [[nodiscard]] virtual bool would_wait() const noexcept { return false; }
};

// An open file descriptor, which it closes unless it is standard input.
class DescriptorReader final : public ByteReader {
 public:
  // Opens `path`; "-" is standard input. kNotFound, kIo, kInvalidInput for a directory.
  static Result<std::unique_ptr<DescriptorReader>> open(const std::string& path);
  ~DescriptorReader() override;

  Result<std::size_t> read(char* to, std::size_t size) override;
  [[nodiscard]] bool would_wait() const noexcept override;
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }
  // The size of a regular file.
  [[nodiscard]] std::optional<std::uint64_t> total_bytes() const noexcept { return total_bytes_; }
  // When a regular file was last written, else kNoTime.
  [[nodiscard]] Timestamp modified() const noexcept { return modified_; }

 private:
  DescriptorReader(std::string path, int descriptor) noexcept
      : path_(std::move(path)), descriptor_(descriptor) {}

  std::string path_;
  int descriptor_;
  bool is_regular_ = false;
  std::uint64_t bytes_read_ = 0;
  std::optional<std::uint64_t> total_bytes_;
  Timestamp modified_ = kNoTime;
};

// How far compressed data may expand: `ratio` output bytes for every input byte once more than
// `free_bytes` were put out.
struct ExpansionLimit {
  std::uint64_t ratio = 100;
  std::uint64_t free_bytes = 16ULL * 1024 * 1024;
};

// Decoders over `input`, which they own; `path` is for messages.
// gzip (RFC 1952), any number of members; zeros behind the last member are ignored.
std::unique_ptr<ByteReader> make_gzip_reader(std::unique_ptr<ByteReader> input, std::string path,
                                             ExpansionLimit limit);
// Zstandard (RFC 8878), any number of frames, windows up to 128 MiB.
std::unique_ptr<ByteReader> make_zstd_reader(std::unique_ptr<ByteReader> input, std::string path,
                                             ExpansionLimit limit);
// UTF-16 without its byte order mark, to UTF-8. A lone surrogate becomes U+FFFD.
std::unique_ptr<ByteReader> make_utf16_reader(std::unique_ptr<ByteReader> input, bool big_endian);
// `prefix` before the bytes of `input`: puts back bytes that were read to recognise a format.
std::unique_ptr<ByteReader> make_prefixed_reader(std::string prefix,
                                                 std::unique_ptr<ByteReader> input);

}  // namespace catena::file
