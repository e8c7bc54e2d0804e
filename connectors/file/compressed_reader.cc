// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
#include <vector>

#include <zlib.h>
#include <zstd.h>

#include "connectors/file/byte_reader.h"

namespace catena::file {
namespace {

constexpr std::size_t kInputBlockBytes = 256 * 1024;
constexpr int kGzipWindowBits = 15 + 16;  // the largest window; gzip framing only
constexpr int kZstdWindowLog = 27;        // 128 MiB

// What both formats share: a block of input and the bound on expansion.
class CompressedReader : public ByteReader {
 protected:
  CompressedReader(std::unique_ptr<ByteReader> input, std::string path, ExpansionLimit limit)
      : input_(std::move(input)), path_(std::move(path)), limit_(limit), block_(kInputBlockBytes) {}

  // Fills the block when it is used up. False at the end of the input.
  Result<bool> refill() {
    if (begin_ < end_) return true;
    ASSIGN_OR_RETURN(end_, input_->read(block_.data(), block_.size()));
    begin_ = 0;
    taken_ += end_;
    return end_ != 0;
  }

  Status count_output(std::size_t bytes) {
    put_out_ += bytes;
    if (put_out_ <= limit_.free_bytes || put_out_ / limit_.ratio <= taken_) return ok_status();
    return limit_exceeded(path_ + ": expands to more than " + std::to_string(limit_.ratio) +
                          " times its size");
  }

  Status ends_early() const { return corrupt(path_ + ": compressed data ends early"); }
  Status damaged() const { return corrupt(path_ + ": damaged compressed data"); }

  std::unique_ptr<ByteReader> input_;
  std::string path_;
  ExpansionLimit limit_;
  std::vector<char> block_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t put_out_ = 0;
};

class GzipReader final : public CompressedReader {
 public:
  GzipReader(std::unique_ptr<ByteReader> input, std::string path, ExpansionLimit limit)
      : CompressedReader(std::move(input), std::move(path), limit) {
    ready_ = inflateInit2(&stream_, kGzipWindowBits) == Z_OK;
  }
  ~GzipReader() override {
    if (ready_) inflateEnd(&stream_);
  }

  Result<std::size_t> read(char* to, std::size_t size) override {
    if (!ready_) return internal_error(path_ + ": no memory for gzip");
    while (true) {
      if (!in_member_) {
        ASSIGN_OR_RETURN(const bool more, start_member());
        if (!more) return std::size_t{0};
      }
      ASSIGN_OR_RETURN(const bool more, refill());
      if (!more) return ends_early();
      ASSIGN_OR_RETURN(const std::size_t count, inflate_some(to, size));
      if (count != 0) return count;
    }
  }

 private:
  // Skips zero padding; true when another member follows.
  Result<bool> start_member() {
    while (true) {
      ASSIGN_OR_RETURN(const bool more, refill());
      if (!more) return false;
      if (!first_member_ && block_[begin_] == '\0') {
        ++begin_;
        continue;
      }
      if (!first_member_ && inflateReset(&stream_) != Z_OK) return damaged();
      first_member_ = false;
      in_member_ = true;
      return true;
    }
  }

  Result<std::size_t> inflate_some(char* to, std::size_t size) {
    stream_.next_in = reinterpret_cast<Bytef*>(block_.data() + begin_);
    stream_.avail_in = static_cast<uInt>(end_ - begin_);
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    const auto room = static_cast<uInt>(std::min<std::size_t>(size, 1U << 30U));
    stream_.avail_out = room;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    begin_ = end_ - stream_.avail_in;
    const std::size_t count = room - stream_.avail_out;
    if (code == Z_STREAM_END) {
      in_member_ = false;
    } else if (code != Z_OK && !(code == Z_BUF_ERROR && count == 0 && begin_ == end_)) {
      if (count == 0) return damaged();
    }
    RETURN_IF_ERROR(count_output(count));
    return count;
  }

  z_stream stream_{};
  bool ready_ = false;
  bool in_member_ = false;
  bool first_member_ = true;
};

class ZstdReader final : public CompressedReader {
 public:
  ZstdReader(std::unique_ptr<ByteReader> input, std::string path, ExpansionLimit limit)
      : CompressedReader(std::move(input), std::move(path), limit), stream_(ZSTD_createDStream()) {
    if (stream_ != nullptr) {
      ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kZstdWindowLog);
    }
  }
  ~ZstdReader() override { ZSTD_freeDStream(stream_); }

  Result<std::size_t> read(char* to, std::size_t size) override {
    if (stream_ == nullptr) return internal_error(path_ + ": no memory for zstd");
    while (true) {
      ASSIGN_OR_RETURN(const bool more, refill());
      if (!more && !flushing_) {
        if (in_frame_) return ends_early();
        return std::size_t{0};
      }
      ZSTD_inBuffer in{block_.data(), end_, begin_};
      ZSTD_outBuffer out{to, size, 0};
      const std::size_t code = ZSTD_decompressStream(stream_, &out, &in);
      const bool stuck = in.pos == begin_ && out.pos == 0;
      begin_ = in.pos;
      if (ZSTD_isError(code) != 0) return damaged();
      in_frame_ = code != 0;
      flushing_ = out.pos == out.size && in_frame_;
      RETURN_IF_ERROR(count_output(out.pos));
      if (out.pos != 0) return out.pos;
      if (stuck && !more) return ends_early();
    }
  }

 private:
  ZSTD_DStream* stream_;
  bool in_frame_ = false;
  bool flushing_ = false;  // the last call filled its output; more may be inside the decoder
};

}  // namespace

std::unique_ptr<ByteReader> make_gzip_reader(std::unique_ptr<ByteReader> input, std::string path,
                                             ExpansionLimit limit) {
  return std::make_unique<GzipReader>(std::move(input), std::move(path), limit);
}

std::unique_ptr<ByteReader> make_zstd_reader(std::unique_ptr<ByteReader> input, std::string path,
                                             ExpansionLimit limit) {
  return std::make_unique<ZstdReader>(std::move(input), std::move(path), limit);
}

}  // namespace catena::file
