// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/journal/file_system.h"

// A file system in memory that does what a machine may do to us: it forgets at a power cut what was
// not synced (bytes and names), tears what was being written, fails at a chosen operation, and is
// full. What it keeps of an append that was not synced is drawn from the seed.
namespace catena::tests {

class SimulatedFileSystem final : public storage::FileSystem {
 public:
  explicit SimulatedFileSystem(std::uint64_t seed) : random_(seed) {}

  enum class Fault : std::uint8_t { kNone, kInputOutput, kFull };

  // The `n`-th operation that changes something from now on fails, counted from 1, and `more`
  // behind it; kFull fails only appends and new files.
  void fail_at(std::uint64_t n, Fault fault, std::uint64_t more = 0) {
    const std::lock_guard lock(mutex_);
    fail_from_ = operations_ + n;
    fail_until_ = fail_from_ + more;
    fault_ = fault;
  }
  [[nodiscard]] std::uint64_t operations() const {
    const std::lock_guard lock(mutex_);
    return operations_;
  }
  [[nodiscard]] std::uint64_t syncs() const {
    const std::lock_guard lock(mutex_);
    return syncs_;
  }

  // Everything that was not synced is lost, or part of it is not: a file keeps its synced bytes and
  // a random part of the rest, whose end may be garbage; a name that was not synced may be gone,
  // and one whose removal was not may be back. Files that are open stay readable garbage.
  void power_cut() {
    const std::lock_guard lock(mutex_);
    for (auto& [name, content] : removed_) {
      if (random_() % 2 == 0) files_.emplace(name, std::move(content));
    }
    removed_.clear();
    for (auto it = files_.begin(); it != files_.end();) {
      File& file = *it->second;
      auto kept = std::make_shared<File>();
      const std::size_t unsynced = file.bytes.size() - file.synced;
      kept->bytes = file.bytes.substr(0, file.synced + random_() % (unsynced + 1));
      if (kept->bytes.size() > file.synced && random_() % 2 == 0) {
        const std::size_t torn = std::min<std::size_t>(kept->bytes.size() - file.synced, 512);
        for (std::size_t i = 0; i < torn; ++i) {
          kept->bytes[kept->bytes.size() - 1 - i] = static_cast<char>(random_());
        }
      }
      kept->synced = kept->bytes.size();
      kept->name_synced = true;
      const bool gone = !file.name_synced && random_() % 2 == 0;
      if (gone) {
        it = files_.erase(it);
      } else {
        it->second = std::move(kept);
        ++it;
      }
    }
    locked_.clear();
    fault_ = Fault::kNone;
  }

  // A process that was killed: memory of the kernel stays.
  void kill() {
    const std::lock_guard lock(mutex_);
    locked_.clear();
    fault_ = Fault::kNone;
  }

  // Changes one byte of a file; false when there is nothing to change.
  bool flip(const std::string& path, std::uint64_t at) {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(path);
    if (found == files_.end() || at >= found->second->bytes.size()) return false;
    found->second->bytes[at] = static_cast<char>(found->second->bytes[at] ^ 0x40);
    return true;
  }
  [[nodiscard]] std::vector<std::string> paths() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const auto& [name, file] : files_) out.push_back(name);
    return out;
  }
  [[nodiscard]] std::size_t size_of(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(path);
    return found == files_.end() ? 0 : found->second->bytes.size();
  }

  Status make_folder(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(change(path, false));
    folders_.insert(path);
    return {};
  }
  [[nodiscard]] Result<std::unique_ptr<storage::FolderLock>> lock_folder(
      const std::string& path) override {
    const std::lock_guard lock(mutex_);
    if (!locked_.insert(path).second) return io_error(path + ": in use by another process");
    return std::unique_ptr<storage::FolderLock>(std::make_unique<Lock>(*this, path));
  }
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) const override {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const auto& [name, file] : files_) {
      if (name.rfind(folder + "/", 0) == 0) out.push_back(name.substr(folder.size() + 1));
    }
    return out;
  }
  [[nodiscard]] Result<std::unique_ptr<storage::AppendFile>> create(
      const std::string& path) override {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(change(path, true));
    if (files_.contains(path)) return io_error(path + ": file exists");
    auto file = std::make_shared<File>();
    files_.emplace(path, file);
    return std::unique_ptr<storage::AppendFile>(std::make_unique<Append>(*this, file, path));
  }
  [[nodiscard]] Result<std::unique_ptr<storage::ReadFile>> open(
      const std::string& path) const override {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(path);
    if (found == files_.end()) return not_found(path + ": no such file");
    return std::unique_ptr<storage::ReadFile>(std::make_unique<Read>(*this, found->second));
  }
  Status remove(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(change(path, false));
    const auto found = files_.find(path);
    if (found == files_.end()) return not_found(path + ": no such file");
    if (found->second->name_synced) removed_.emplace(path, found->second);
    files_.erase(found);
    return {};
  }
  Status sync_file(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(change(path, false));
    const auto found = files_.find(path);
    if (found == files_.end()) return not_found(path + ": no such file");
    found->second->synced = found->second->bytes.size();
    ++syncs_;
    return {};
  }
  Status sync_folder(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(change(path, false));
    for (auto& [name, file] : files_) {
      if (name.rfind(path + "/", 0) == 0) file->name_synced = true;
    }
    std::erase_if(removed_,
                  [&](const auto& entry) { return entry.first.rfind(path + "/", 0) == 0; });
    ++syncs_;
    return {};
  }

 private:
  struct File {
    std::string bytes;
    std::size_t synced = 0;
    bool name_synced = false;
  };

  class Append final : public storage::AppendFile {
   public:
    Append(SimulatedFileSystem& files, std::shared_ptr<File> file, std::string path)
        : files_(files), file_(std::move(file)), path_(std::move(path)) {}
    Status append(std::string_view bytes) override {
      const std::lock_guard lock(files_.mutex_);
      const Status status = files_.change(path_, true);
      // A failed append has written a part.
      file_->bytes += status.ok() ? bytes : bytes.substr(0, files_.random_() % (bytes.size() + 1));
      return status;
    }
    Status sync() override {
      const std::lock_guard lock(files_.mutex_);
      RETURN_IF_ERROR(files_.change(path_, false));
      file_->synced = file_->bytes.size();
      ++files_.syncs_;
      return {};
    }

   private:
    SimulatedFileSystem& files_;
    std::shared_ptr<File> file_;
    std::string path_;
  };

  class Read final : public storage::ReadFile {
   public:
    Read(const SimulatedFileSystem& files, std::shared_ptr<File> file)
        : files_(files), file_(std::move(file)) {}
    [[nodiscard]] Result<std::size_t> read(std::uint64_t offset, char* out,
                                           std::size_t size) const override {
      const std::lock_guard lock(files_.mutex_);
      if (offset >= file_->bytes.size()) return std::size_t{0};
      const std::size_t got = std::min<std::size_t>(size, file_->bytes.size() - offset);
      std::memcpy(out, file_->bytes.data() + offset, got);
      return got;
    }
    [[nodiscard]] Result<std::uint64_t> size() const override {
      const std::lock_guard lock(files_.mutex_);
      return static_cast<std::uint64_t>(file_->bytes.size());
    }

   private:
    const SimulatedFileSystem& files_;
    std::shared_ptr<File> file_;
  };

  class Lock final : public storage::FolderLock {
   public:
    Lock(SimulatedFileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}
    ~Lock() override {
      const std::lock_guard lock(files_.mutex_);
      files_.locked_.erase(path_);
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

   private:
    SimulatedFileSystem& files_;
    std::string path_;
  };

  Status change(const std::string& path, bool takes_room) {
    ++operations_;
    const bool now = operations_ >= fail_from_ && operations_ <= fail_until_;
    if (!now || fault_ == Fault::kNone) return {};
    if (fault_ == Fault::kInputOutput) return io_error(path + ": input/output error");
    return takes_room ? limit_exceeded(path + ": no space left on device") : ok_status();
  }

  mutable std::mutex mutex_;
  std::mt19937_64 random_;
  std::map<std::string, std::shared_ptr<File>> files_;
  std::map<std::string, std::shared_ptr<File>> removed_;  // whose removal is not durable
  std::set<std::string> folders_;
  std::set<std::string> locked_;
  std::uint64_t operations_ = 0;
  std::uint64_t syncs_ = 0;
  std::uint64_t fail_from_ = 0;
  std::uint64_t fail_until_ = 0;
  Fault fault_ = Fault::kNone;
};

}  // namespace catena::tests
