// SPDX-License-Identifier: Apache-2.0
#include "engine/base/cache_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

namespace catena {
namespace {

constexpr std::string_view kMagic = "CATCACHE";
constexpr std::uint32_t kLayoutVersion = 1;
constexpr std::size_t kKindBytes = 16;
constexpr std::size_t kCheckedHeadBytes = 8 + 4 + 4 + kKindBytes + 16 + 8;
constexpr std::size_t kChecksumBytes = 16;
constexpr std::size_t kHeadBytes = kCheckedHeadBytes + kChecksumBytes;
constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr mode_t kOthersMayWrite = S_IWGRP | S_IWOTH;
// A folder of ours never has so many; what is beyond is left alone.
constexpr std::size_t kMaxTrimmedFiles = 100'000;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const noexcept { return value_; }
  [[nodiscard]] bool ok() const noexcept { return value_ >= 0; }
  [[nodiscard]] int release() noexcept { return std::exchange(value_, -1); }

 private:
  int value_;
};

Status system_error(const std::string& path, int code) {
  return io_error(path + ": " + std::strerror(code));
}

template <typename Integer>
void append_integer(std::string& out, Integer value) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    out.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
  }
}

std::string file_name(const CacheKind& kind, const Id128& key) {
  return std::string(kind.name) + "-" + key.hex() + ".cache";
}

// The part of the head that the checksum covers: what a file of this key must begin with.
std::string checked_head(const CacheKind& kind, const Id128& key, std::uint64_t payload_bytes) {
  std::string head(kMagic);
  append_integer(head, kLayoutVersion);
  append_integer(head, kind.version);
  std::string name(kind.name.substr(0, kKindBytes - 1));
  name.resize(kKindBytes, '\0');
  head += name;
  head.append(key.bytes().data(), 16);
  append_integer(head, payload_bytes);
  return head;
}

std::string checksum(std::string_view head, std::string_view payload) {
  std::string bytes(head);
  bytes.append(hash128(payload).bytes().data(), 16);
  return {hash128(bytes).bytes().data(), kChecksumBytes};
}

Status make_folders(const std::string& path) {
  for (std::size_t at = 1; at != std::string::npos;) {
    at = path.find('/', at);
    const std::string part = path.substr(0, at);
    if (::mkdir(part.c_str(), kFolderMode) != 0 && errno != EEXIST) {
      // A parent that exists may refuse for another reason first (a read-only file system).
      struct stat status {};
      const int error = errno;
      if (::stat(part.c_str(), &status) != 0) return system_error(part, error);
    }
    if (at != std::string::npos) ++at;
  }
  return ok_status();
}

Status check_owner(const std::string& path, const struct stat& status) {
  if (status.st_uid != ::geteuid()) return io_error(path + ": belongs to another user");
  if ((status.st_mode & kOthersMayWrite) != 0) return io_error(path + ": others can write to it");
  return ok_status();
}

// Exactly `size` bytes, or what the file has.
Result<std::string> read_exactly(int file, std::size_t size, const std::string& path) {
  std::string bytes(size, '\0');
  std::size_t used = 0;
  while (used < size) {
    const ssize_t got = ::read(file, bytes.data() + used, size - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(path, errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  bytes.resize(used);
  return bytes;
}

Status write_all(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return system_error(path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return ok_status();
}

Status check_head(std::string_view head, std::string_view expected, const std::string& path) {
  if (head.substr(0, kMagic.size()) != kMagic) return corrupt(path + ": not a cache file");
  constexpr std::size_t kVersions = 8;
  if (head.substr(kMagic.size(), kVersions) != expected.substr(kMagic.size(), kVersions)) {
    return version_mismatch(path + ": written by another version");
  }
  if (head.substr(0, kCheckedHeadBytes) != expected) {
    return corrupt(path + ": its head is not that of its name and length");
  }
  return ok_status();
}

}  // namespace

Result<CacheFolder> CacheFolder::open(const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return invalid_input("cache folder: the path is empty or has a null byte");
  }
  RETURN_IF_ERROR(make_folders(path));
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.ok()) return system_error(path, errno);
  struct stat status {};
  if (::fstat(folder.get(), &status) != 0) return system_error(path, errno);
  RETURN_IF_ERROR(check_owner(path, status));
  return CacheFolder(path, folder.release());
}

CacheFolder::CacheFolder(CacheFolder&& other) noexcept
    : path_(std::move(other.path_)), folder_(std::exchange(other.folder_, -1)) {}

CacheFolder& CacheFolder::operator=(CacheFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(folder_, other.folder_);
  return *this;
}

CacheFolder::~CacheFolder() {
  if (folder_ >= 0) ::close(folder_);
}

Result<std::string> CacheFolder::read(const CacheKind& kind, const Id128& key) const {
  const std::string name = file_name(kind, key);
  const std::string path = path_ + "/" + name;
  const Descriptor file(
      ::openat(folder_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return errno == ENOENT ? not_found(path) : system_error(path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error(path, errno);
  if (!S_ISREG(status.st_mode)) return io_error(path + ": not a regular file");
  RETURN_IF_ERROR(check_owner(path, status));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size < kHeadBytes) return corrupt(path + ": shorter than its head");
  const std::uint64_t payload_bytes = size - kHeadBytes;
  if (payload_bytes > kind.max_payload_bytes) return limit_exceeded(path + ": too large");

  ASSIGN_OR_RETURN(const std::string head, read_exactly(file.get(), kHeadBytes, path));
  RETURN_IF_ERROR(check_head(head, checked_head(kind, key, payload_bytes), path));
  ASSIGN_OR_RETURN(std::string payload, read_exactly(file.get(), payload_bytes, path));
  if (payload.size() != payload_bytes ||
      head.substr(kCheckedHeadBytes) != checksum(head.substr(0, kCheckedHeadBytes), payload)) {
    return corrupt(path + ": the checksum is wrong");
  }
  ::futimens(file.get(), nullptr);  // used now; a folder that cannot be written keeps its times
  return payload;
}

Status CacheFolder::write(const CacheKind& kind, const Id128& key, std::string_view payload,
                          CacheDurability durability) const {
  const std::string name = file_name(kind, key);
  if (payload.size() > kind.max_payload_bytes) {
    return limit_exceeded(path_ + "/" + name + ": would be too large");
  }
  std::string head = checked_head(kind, key, payload.size());
  head += checksum(head, payload);
  return write_file(name, head, payload, durability);
}

Status CacheFolder::write_file(const std::string& name, std::string_view head,
                               std::string_view payload, CacheDurability durability) const {
  static std::atomic<std::uint64_t> unfinished_files{0};
  // Starts like the finished file, so that trim() finds what a dead process left.
  const std::string unfinished = name + "." + std::to_string(::getpid()) + "-" +
                                 std::to_string(unfinished_files.fetch_add(1)) + ".new";
  const std::string path = path_ + "/" + unfinished;
  const Descriptor file(::openat(folder_, unfinished.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
  if (!file.ok()) return system_error(path, errno);
  Status status = write_all(file.get(), head, path);
  if (status.ok()) status = write_all(file.get(), payload, path);
  const bool synced = durability == CacheDurability::kSynced;
  if (status.ok() && synced && ::fsync(file.get()) != 0) status = system_error(path, errno);
  if (status.ok() && ::renameat(folder_, unfinished.c_str(), folder_, name.c_str()) != 0) {
    status = system_error(path, errno);
  }
  if (!status.ok()) {
    ::unlinkat(folder_, unfinished.c_str(), 0);
    return status;
  }
  if (synced) ::fsync(folder_);  // a lost name is a lost result, no damage
  return ok_status();
}

void CacheFolder::trim(const CacheKind& kind) const {
  struct File {
    std::int64_t seconds;
    std::int64_t nanoseconds;
    std::string name;
    std::uint64_t bytes;
  };
  Descriptor copy(::openat(folder_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!copy.ok()) return;
  const auto close = [](DIR* folder) { ::closedir(folder); };
  const std::unique_ptr<DIR, decltype(close)> folder(::fdopendir(copy.get()), close);
  if (folder == nullptr) return;
  static_cast<void>(copy.release());  // the stream closes it
  const std::string start = std::string(kind.name) + "-";
  std::vector<File> files;
  while (const dirent* entry = ::readdir(folder.get())) {  // safe: the stream is ours alone
    const std::string name = entry->d_name;
    struct stat status {};
    if (!name.starts_with(start) || files.size() >= kMaxTrimmedFiles ||
        ::fstatat(folder_, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      continue;
    }
    files.push_back({status.st_mtim.tv_sec, status.st_mtim.tv_nsec, name,
                     static_cast<std::uint64_t>(status.st_size)});
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) {
    return std::tie(b.seconds, b.nanoseconds, b.name) < std::tie(a.seconds, a.nanoseconds, a.name);
  });
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    bytes += files[i].bytes;
    if (i >= kind.max_files || bytes > kind.max_total_bytes) {
      ::unlinkat(folder_, files[i].name.c_str(), 0);
    }
  }
}

}  // namespace catena
