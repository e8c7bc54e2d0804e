// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/cache_folder.h"
#include "engine/base/hash.h"
#include "engine/base/result.h"
#include "engine/match/literal_scanner.h"

// ScannerCache keeps compiled scanners between starts: compiling those of a large corpus takes most
// of a second, reading them a few milliseconds. Losing an entry costs time only.
// What it returns is run as a program by the scanning library, so an implementation gives back only
// bytes that it was given by this program under this key (FileScannerCache: files of this user's
// own, checksum verified first).
// Thread safety: implementations take calls from any number of threads.
namespace catena::match {

class ScannerCache {
 public:
  virtual ~ScannerCache() = default;
  // What insert() was given for the key, or nullopt.
  [[nodiscard]] virtual std::optional<std::string> lookup(const Id128& key) = 0;
  // May forget it at once.
  virtual void insert(const Id128& key, std::string_view bytes) = 0;
};

// The name of the scanner for these literals, in this order, on this platform.
[[nodiscard]] Id128 scanner_key(std::span<const std::string> literals);

// LiteralScanner::compile through a cache; `cache` may be null. The literals are kept beside the
// scanner and compared, so that a hash that two lists share costs time and no detection.
Result<LiteralScanner> compile_scanner(std::span<const std::string> literals, ScannerCache* cache);

inline constexpr std::size_t kMaxScannerBytes = 64UL * 1024 * 1024;
inline constexpr std::size_t kMaxScannerFiles = 4'096;
inline constexpr std::uint64_t kMaxScannerFolderBytes = 512UL * 1024 * 1024;

// A ScannerCache in a CacheFolder, which may hold other kinds of results too.
// Not synced: a file that a power cut damages fails its checksum and is made again.
class FileScannerCache final : public ScannerCache {
 public:
  // Fails as CacheFolder::open.
  static Result<std::unique_ptr<FileScannerCache>> open(const std::string& folder);

  [[nodiscard]] std::optional<std::string> lookup(const Id128& key) override;
  void insert(const Id128& key, std::string_view bytes) override;

 private:
  explicit FileScannerCache(CacheFolder folder) : folder_(std::move(folder)) {}

  CacheFolder folder_;
  std::atomic<std::uint64_t> inserted_{0};
};

}  // namespace catena::match
