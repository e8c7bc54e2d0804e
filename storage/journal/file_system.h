// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

// What the journal needs of a file system, no more: files that are only appended to, read by
// offset, and removed whole. It is an interface so that a test can put one beneath the journal that
// loses unsynced bytes, fails at the n-th operation or is full.
// What is promised by an implementation: after sync() returned ok, the bytes appended before it
// survive a power cut, if the file's name was made durable with sync_folder(). After append() or
// sync() failed nothing is known about the bytes that were appended since the last sync, and the
// file must not be written any more: Linux reports a lost page once and then forgets it.
// Thread safety: a file belongs to one thread; the file system may be used from several.
// Errors: kIo with the path and the system's reason; kNotFound; kLimit when the device is full.
namespace catena::storage {

class AppendFile {
 public:
  AppendFile() = default;
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;
  virtual ~AppendFile() = default;  // closes; does not sync

  virtual Status append(std::string_view bytes) = 0;
  virtual Status sync() = 0;
};

class ReadFile {
 public:
  ReadFile() = default;
  ReadFile(const ReadFile&) = delete;
  ReadFile& operator=(const ReadFile&) = delete;
  virtual ~ReadFile() = default;

  // The number of bytes read into `out`; fewer than `size` only at the end of the file.
  [[nodiscard]] virtual Result<std::size_t> read(std::uint64_t offset, char* out,
                                                 std::size_t size) const = 0;
  [[nodiscard]] virtual Result<std::uint64_t> size() const = 0;
};

// Held while it lives.
class FolderLock {
 public:
  FolderLock() = default;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  virtual ~FolderLock() = default;
};

class FileSystem {
 public:
  FileSystem() = default;
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;
  virtual ~FileSystem() = default;

  // For its owner only; fine when it is there. The folder above must exist.
  virtual Status make_folder(const std::string& path) = 0;
  // kIo when another process holds it.
  [[nodiscard]] virtual Result<std::unique_ptr<FolderLock>> lock_folder(
      const std::string& path) = 0;
  // Names without their folder, in no order.
  [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::string& folder) const = 0;
  // A new file, for its owner only; kIo when there is one of that name.
  [[nodiscard]] virtual Result<std::unique_ptr<AppendFile>> create(const std::string& path) = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<ReadFile>> open(const std::string& path) const = 0;
  virtual Status remove(const std::string& path) = 0;
  // Makes durable what a process before this one appended and perhaps did not sync.
  virtual Status sync_file(const std::string& path) = 0;
  // Makes durable which names are in the folder.
  virtual Status sync_folder(const std::string& path) = 0;
};

// The machine's own.
class PosixFileSystem final : public FileSystem {
 public:
  Status make_folder(const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<FolderLock>> lock_folder(const std::string& path) override;
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) const override;
  [[nodiscard]] Result<std::unique_ptr<AppendFile>> create(const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<ReadFile>> open(const std::string& path) const override;
  Status remove(const std::string& path) override;
  Status sync_file(const std::string& path) override;
  Status sync_folder(const std::string& path) override;
};

}  // namespace catena::storage
