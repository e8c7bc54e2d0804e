// SPDX-License-Identifier: Apache-2.0
#include "storage/journal/file_system.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace catena::storage {
namespace {

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr const char* kLockName = "LOCK";

Status system_error(const std::string& path, int code) {
  const std::string message = path + ": " + std::generic_category().message(code);
  if (code == ENOENT) return not_found(message);
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) return limit_exceeded(message);
  return io_error(message);
}

class Descriptor {
 public:
  explicit Descriptor(int value) noexcept : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const noexcept { return value_; }
  [[nodiscard]] bool ok() const noexcept { return value_ >= 0; }

 private:
  int value_;
};

class PosixAppendFile final : public AppendFile {
 public:
  PosixAppendFile(Descriptor file, std::string path)
      : file_(std::move(file)), path_(std::move(path)) {}

  Status append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t wrote = ::write(file_.get(), bytes.data(), bytes.size());
      if (wrote < 0) {
        if (errno == EINTR) continue;
        return system_error(path_, errno);
      }
      bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return {};
  }
  Status sync() override {
    return ::fdatasync(file_.get()) == 0 ? ok_status() : system_error(path_, errno);
  }

 private:
  Descriptor file_;
  std::string path_;
};

class PosixReadFile final : public ReadFile {
 public:
  PosixReadFile(Descriptor file, std::string path)
      : file_(std::move(file)), path_(std::move(path)) {}

  [[nodiscard]] Result<std::size_t> read(std::uint64_t offset, char* out,
                                         std::size_t size) const override {
    std::size_t done = 0;
    while (done < size) {
      const ssize_t got =
          ::pread(file_.get(), out + done, size - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return system_error(path_, errno);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }
  [[nodiscard]] Result<std::uint64_t> size() const override {
    struct stat about {};
    if (::fstat(file_.get(), &about) != 0) return system_error(path_, errno);
    return static_cast<std::uint64_t>(about.st_size);
  }

 private:
  Descriptor file_;
  std::string path_;
};

class PosixFolderLock final : public FolderLock {
 public:
  explicit PosixFolderLock(Descriptor file) : file_(std::move(file)) {}

 private:
  Descriptor file_;  // the lock ends with it
};

}  // namespace

Status PosixFileSystem::make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) == 0 || errno == EEXIST) return {};
  return system_error(path, errno);
}

Result<std::unique_ptr<FolderLock>> PosixFileSystem::lock_folder(const std::string& path) {
  const std::string name = path + "/" + kLockName;
  Descriptor file(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kFileMode));
  if (!file.ok()) return system_error(name, errno);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return io_error(path + ": in use by another process");
    return system_error(name, errno);
  }
  return std::unique_ptr<FolderLock>(std::make_unique<PosixFolderLock>(std::move(file)));
}

Result<std::vector<std::string>> PosixFileSystem::list(const std::string& folder) const {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) return system_error(folder, error.value());
  return names;
}

Result<std::unique_ptr<AppendFile>> PosixFileSystem::create(const std::string& path) {
  Descriptor file(::open(
      path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, kFileMode));
  if (!file.ok()) return system_error(path, errno);
  return std::unique_ptr<AppendFile>(std::make_unique<PosixAppendFile>(std::move(file), path));
}

Result<std::unique_ptr<ReadFile>> PosixFileSystem::open(const std::string& path) const {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.ok()) return system_error(path, errno);
  return std::unique_ptr<ReadFile>(std::make_unique<PosixReadFile>(std::move(file), path));
}

Status PosixFileSystem::remove(const std::string& path) {
  return ::unlink(path.c_str()) == 0 ? ok_status() : system_error(path, errno);
}

Status PosixFileSystem::sync_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.ok() || ::fsync(file.get()) != 0) return system_error(path, errno);
  return {};
}

Status PosixFileSystem::sync_folder(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  if (!folder.ok() || ::fsync(folder.get()) != 0) return system_error(path, errno);
  return {};
}

}  // namespace catena::storage
