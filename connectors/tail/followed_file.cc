// SPDX-License-Identifier: Apache-2.0
#include "connectors/tail/followed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace catena::tail {

namespace {

Status failed(const std::string& path) { return io_error(path + ": " + std::strerror(errno)); }

bool is_same(const struct stat& state, const Position& position) noexcept {
  return state.st_dev == position.device && state.st_ino == position.inode;
}

}  // namespace

FollowedFile::FollowedFile(std::string path, Position position, std::size_t max_line_bytes,
                           unsigned quiet_reads)
    : path_(std::move(path)),
      position_(position),
      max_line_bytes_(max_line_bytes),
      quiet_reads_(quiet_reads) {}

FollowedFile::~FollowedFile() { close(); }

void FollowedFile::close() noexcept {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

Status FollowedFile::open_at(const std::string& path, std::uint64_t offset) {
  close();
  skipping_ = false;
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file_ < 0) return errno == ENOENT ? ok_status() : failed(path);
  struct stat state {};
  if (fstat(file_, &state) != 0) return failed(path);
  if (!S_ISREG(state.st_mode)) {
    close();
    return io_error(path + ": not a regular file");
  }
  position_ = {state.st_dev, state.st_ino, offset};
  next_offset_ = offset;
  return ok_status();
}

// A file beside ours that is the one we were reading.
std::string FollowedFile::renamed_file() const {
  const std::filesystem::path parent = std::filesystem::path(path_).parent_path();
  std::error_code error;
  for (std::filesystem::directory_iterator entry(parent.empty() ? "." : parent, error), end;
       !error && entry != end; entry.increment(error)) {
    struct stat state {};
    const std::string name = entry->path().string();
    if (stat(name.c_str(), &state) == 0 && is_same(state, position_)) return name;
  }
  return {};
}

Status FollowedFile::open() {
  struct stat state {};
  if (position_.inode == 0) return open_at(path_, 0);
  if (stat(path_.c_str(), &state) == 0 && is_same(state, position_)) {
    return open_at(path_, position_.offset);
  }
  // Rotated while nobody was reading: the rest of the old file first. A compressed copy of it is
  // another file, and what was only there is lost.
  const std::string renamed = renamed_file();
  return renamed.empty() ? open_at(path_, 0) : open_at(renamed, position_.offset);
}

// The name belongs to another file by now.
bool FollowedFile::was_replaced() const noexcept {
  struct stat state {};
  return stat(path_.c_str(), &state) == 0 && !is_same(state, position_);
}

Status FollowedFile::fill(std::string& bytes) const {
  bytes.resize(kReadBytes);
  ssize_t got = 0;
  do {
    got = pread(file_, bytes.data(), bytes.size(), static_cast<off_t>(position_.offset));
  } while (got < 0 && errno == EINTR);
  if (got < 0) return failed(path_);
  bytes.resize(static_cast<std::size_t>(got));
  return ok_status();
}

Status FollowedFile::read(net::RecordBuffer& out) {
  if (file_ < 0) RETURN_IF_ERROR(open());
  if (file_ < 0) return ok_status();
  struct stat state {};
  if (fstat(file_, &state) != 0) return failed(path_);
  if (static_cast<std::uint64_t>(state.st_size) < position_.offset) position_.offset = 0;
  const bool replaced = was_replaced();
  const bool is_last = replaced && quiet_ >= quiet_reads_;
  std::string bytes;
  RETURN_IF_ERROR(fill(bytes));
  next_offset_ = position_.offset;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos && !is_last && rest.size() <= max_line_bytes_) break;
    std::string_view line = rest.substr(0, end);
    const bool is_whole = end != std::string_view::npos || is_last;
    const std::size_t taken = end == std::string_view::npos ? rest.size() : end + 1;
    if (!skipping_) {
      if (is_whole && !line.empty() && line.back() == '\r') line.remove_suffix(1);
      out.append(line.substr(0, max_line_bytes_), line.size() > max_line_bytes_);
    }
    skipping_ = !is_whole;
    next_offset_ += taken;
    rest.remove_prefix(taken);
  }
  if (out.empty()) settled();  // blank lines, or the rest of a long one
  quiet_ = replaced && out.empty() ? quiet_ + 1 : 0;
  if (is_last && bytes.empty()) {
    quiet_ = 0;
    return open_at(path_, 0);
  }
  return ok_status();
}

}  // namespace catena::tail
