// SPDX-License-Identifier: Apache-2.0
#include "connectors/file/byte_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace catena::file {
namespace {

constexpr std::size_t kUtf16BlockBytes = 64 * 1024;

std::string error_text(const std::string& path, int error) {
  // strerror_r in its GNU form: returns the text.
  char buffer[128];
  return path + ": " + strerror_r(error, buffer, sizeof(buffer));
}

class PrefixedReader final : public ByteReader {
 public:
  PrefixedReader(std::string prefix, std::unique_ptr<ByteReader> input)
      : prefix_(std::move(prefix)), input_(std::move(input)) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    if (at_ == prefix_.size()) return input_->read(to, size);
    const std::size_t count = std::min(size, prefix_.size() - at_);
    std::memcpy(to, prefix_.data() + at_, count);
    at_ += count;
    return count;
  }
  [[nodiscard]] bool would_wait() const noexcept override {
    return at_ == prefix_.size() && input_->would_wait();
  }

 private:
  std::string prefix_;
  std::size_t at_ = 0;
  std::unique_ptr<ByteReader> input_;
};

class Utf16Reader final : public ByteReader {
 public:
  Utf16Reader(std::unique_ptr<ByteReader> input, bool big_endian)
      : input_(std::move(input)), big_endian_(big_endian), block_(kUtf16BlockBytes) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    while (at_ == text_.size() && !ended_) RETURN_IF_ERROR(refill());
    const std::size_t count = std::min(size, text_.size() - at_);
    std::memcpy(to, text_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  Status refill() {
    text_.clear();
    at_ = 0;
    ASSIGN_OR_RETURN(const std::size_t count,
                     input_->read(block_.data() + held_, block_.size() - held_));
    if (count == 0) {
      ended_ = true;
      if (held_ != 0 || high_ != 0) append(kReplacement);
      return ok_status();
    }
    const std::size_t bytes = held_ + count;
    for (std::size_t i = 0; i + 1 < bytes; i += 2) take_unit(unit(i));
    held_ = bytes % 2;
    if (held_ != 0) block_[0] = block_[bytes - 1];
    return ok_status();
  }

  [[nodiscard]] std::uint32_t unit(std::size_t i) const noexcept {
    const auto first = static_cast<unsigned char>(block_[i]);
    const auto second = static_cast<unsigned char>(block_[i + 1]);
    return big_endian_ ? static_cast<std::uint32_t>(first << 8U | second)
                       : static_cast<std::uint32_t>(second << 8U | first);
  }

  void take_unit(std::uint32_t value) {
    const bool low = (value & 0xFC00U) == 0xDC00U;
    if (high_ != 0) {
      const std::uint32_t high = high_;
      high_ = 0;
      if (low) {
        append(0x10000 + ((high & 0x3FFU) << 10U) + (value & 0x3FFU));
        return;
      }
      append(kReplacement);
    }
    if ((value & 0xFC00U) == 0xD800U) {
      high_ = value;
    } else {
      append(low ? kReplacement : value);
    }
  }

  void append(std::uint32_t point) {
    if (point < 0x80) {
      text_.push_back(static_cast<char>(point));
      return;
    }
    const unsigned tails = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static constexpr unsigned char kLeads[] = {0, 0xC0, 0xE0, 0xF0};
    text_.push_back(static_cast<char>(kLeads[tails] | point >> (6 * tails)));
    for (unsigned tail = tails; tail-- > 0;) {
      text_.push_back(static_cast<char>(0x80U | (point >> (6 * tail) & 0x3FU)));
    }
  }

  static constexpr std::uint32_t kReplacement = 0xFFFD;

  std::unique_ptr<ByteReader> input_;
  bool big_endian_;
  bool ended_ = false;
  std::vector<char> block_;
  std::size_t held_ = 0;    // an odd byte at the start of block_
  std::uint32_t high_ = 0;  // a high surrogate that waits for its low one
  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::unique_ptr<DescriptorReader>> DescriptorReader::open(const std::string& path) {
  const bool is_stdin = path == "-";
  const int descriptor = is_stdin ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    const int error = errno;
    if (error == ENOENT) return not_found(path + ": no such file");
    return io_error(error_text(path, error));
  }
  std::unique_ptr<DescriptorReader> reader(new DescriptorReader(path, descriptor));
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return io_error(error_text(path, errno));
  if (S_ISDIR(status.st_mode)) return invalid_input(path + ": is a directory");
  if (S_ISREG(status.st_mode)) {
    reader->is_regular_ = true;
    reader->total_bytes_ = static_cast<std::uint64_t>(status.st_size);
    reader->modified_ = status.st_mtim.tv_sec * kNanosPerSecond + status.st_mtim.tv_nsec;
    // Only a hint; nothing depends on its success.
    (void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  return reader;
}

DescriptorReader::~DescriptorReader() {
  if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
}

Result<std::size_t> DescriptorReader::read(char* to, std::size_t size) {
  while (true) {
    const ssize_t count = ::read(descriptor_, to, size);
    if (count >= 0) {
      bytes_read_ += static_cast<std::uint64_t>(count);
      return static_cast<std::size_t>(count);
    }
    if (errno != EINTR) return io_error(error_text(path_, errno));
  }
}

bool DescriptorReader::would_wait() const noexcept {
  if (is_regular_) return false;
  pollfd state{descriptor_, POLLIN, 0};
  return ::poll(&state, 1, 0) == 0;
}

std::unique_ptr<ByteReader> make_prefixed_reader(std::string prefix,
                                                 std::unique_ptr<ByteReader> input) {
  return std::make_unique<PrefixedReader>(std::move(prefix), std::move(input));
}

std::unique_ptr<ByteReader> make_utf16_reader(std::unique_ptr<ByteReader> input, bool big_endian) {
  return std::make_unique<Utf16Reader>(std::move(input), big_endian);
}

}  // namespace catena::file
