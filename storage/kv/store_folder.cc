// SPDX-License-Identifier: Apache-2.0
#include "storage/kv/store_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

namespace catena::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnfinishedMarkerName = "CATENA-STORE.new";
constexpr std::string_view kMarkerStart = "catena ";
constexpr std::size_t kMaxMarkerBytes = 128;
constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;

Status system_error(const std::string& path, int code) {
  return io_error(path + ": " + std::strerror(code));
}

// Closes on every way out.
class File {
 public:
  File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags, kFileMode)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] bool ok() const noexcept { return descriptor_ >= 0; }
  [[nodiscard]] int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

std::string inside(const std::string& folder, std::string_view name) {
  return (fs::path(folder) / name).string();
}

Result<std::string> marker_text(const std::string& path) {
  const File file(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (!file.ok()) return system_error(path, errno);
  std::array<char, kMaxMarkerBytes> buffer{};
  const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
  if (got < 0) return system_error(path, errno);
  return std::string(buffer.data(), static_cast<std::size_t>(got));
}

std::string marker_line(const FolderKind& kind) {
  return std::string(kMarkerStart) + kind.kind + " " + std::to_string(kind.version) + "\n";
}

Status check_marker(const std::string& path, const FolderKind& expected) {
  ASSIGN_OR_RETURN(const std::string text, marker_text(inside(path, kMarkerName)));
  const std::string start = std::string(kMarkerStart) + expected.kind + " ";
  if (text.rfind(start, 0) != 0) {
    return invalid_input(path + ": not a Catena store of " + expected.kind);
  }
  std::uint32_t version = 0;
  const char* const first = text.data() + start.size();
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(first, last, version);
  if (error != std::errc() || end == last || *end != '\n') {
    return corrupt(inside(path, kMarkerName) + ": no format version in it");
  }
  if (version != expected.version) {
    return version_mismatch(path + ": store format " + std::to_string(version) +
                            ", this program reads format " + std::to_string(expected.version));
  }
  return {};
}

Status sync_folder(const std::string& path) {
  const File folder(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  if (!folder.ok() || ::fsync(folder.get()) != 0) return system_error(path, errno);
  return {};
}

Status write_marker(const std::string& path, const FolderKind& kind) {
  const std::string unfinished = inside(path, kUnfinishedMarkerName);
  {
    const File file(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);
    if (!file.ok()) return system_error(unfinished, errno);
    const std::string line = marker_line(kind);
    const ssize_t wrote = ::write(file.get(), line.data(), line.size());
    if (wrote < 0) return system_error(unfinished, errno);
    if (static_cast<std::size_t>(wrote) != line.size()) return system_error(unfinished, ENOSPC);
    if (::fsync(file.get()) != 0) return system_error(unfinished, errno);
  }
  // link() and not rename(): of two processes that find the same empty folder, one makes the store.
  if (::link(unfinished.c_str(), inside(path, kMarkerName).c_str()) != 0) {
    if (errno == EEXIST) return io_error(path + ": another process is making a store here");
    return system_error(path, errno);
  }
  ::unlink(unfinished.c_str());
  return sync_folder(path);
}

}  // namespace

Result<FolderState> inspect_folder(const std::string& path, const FolderKind& kind) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return invalid_input("store path is empty or has a null byte");
  }
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return FolderState::kMissing;
  if (error) return system_error(path, error.value());
  if (status.type() != fs::file_type::directory) return invalid_input(path + ": not a folder");
  if (fs::exists(fs::symlink_status(inside(path, kMarkerName), error))) {
    RETURN_IF_ERROR(check_marker(path, kind));
    return FolderState::kOurs;
  }
  fs::directory_iterator entries(path, error);
  if (error) return system_error(path, error.value());
  for (; entries != fs::directory_iterator(); entries.increment(error)) {
    if (error) return system_error(path, error.value());
    if (entries->path().filename() != kUnfinishedMarkerName) {
      return invalid_input(path + ": folder is not empty and not a Catena store");
    }
  }
  return FolderState::kEmpty;
}

Status make_folder(const std::string& path, const FolderKind& kind, FolderState state) {
  if (state == FolderState::kMissing && ::mkdir(path.c_str(), kFolderMode) != 0) {
    return system_error(path, errno);
  }
  Status status = write_marker(path, kind);
  if (!status.ok()) {
    ::unlink(inside(path, kUnfinishedMarkerName).c_str());
    if (state == FolderState::kMissing) ::rmdir(path.c_str());
  }
  return status;
}

void unmake_folder(const std::string& path, FolderState state_before) {
  std::error_code ignored;  // the failure that led here is the one to report
  if (state_before == FolderState::kOurs) return;
  std::vector<fs::path> entries;
  for (fs::directory_iterator it(path, ignored); !ignored && it != fs::directory_iterator();
       it.increment(ignored)) {
    entries.push_back(it->path());
  }
  for (const fs::path& entry : entries) fs::remove_all(entry, ignored);
  if (state_before == FolderState::kMissing) fs::remove(path, ignored);
}

}  // namespace catena::storage
