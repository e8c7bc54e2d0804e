// SPDX-License-Identifier: Apache-2.0
#include "engine/match/scanner_cache.h"

#include <utility>

#include "engine/base/byte_archive.h"

namespace catena::match {
namespace {

constexpr std::uint32_t kScannerCacheVersion = 2;
constexpr CacheKind kScannerKind = {"scanner", kScannerCacheVersion, kMaxScannerBytes,
                                    kMaxScannerFiles, kMaxScannerFolderBytes};
// Trimming reads the whole folder, so it waits for so many new files.
constexpr std::uint64_t kInsertsPerTrim = 256;

std::string literal_bytes(std::span<const std::string> literals) {
  ByteWriter writer;
  for (const std::string& literal : literals) writer.text(literal);
  return writer.take();
}

// The scanner kept for exactly these literals; nullopt on any doubt.
std::optional<LiteralScanner> kept_scanner(std::string_view entry, std::string_view literals) {
  std::string_view kept_literals;
  std::string_view scanner;
  ByteReader reader(entry);
  reader.text(kept_literals);
  reader.text(scanner);
  if (!reader.finished() || kept_literals != literals) return std::nullopt;
  auto read = LiteralScanner::deserialise(scanner);
  if (!read.ok()) return std::nullopt;
  return *std::move(read);
}

Id128 key_of(std::string_view literals) {
  return hash128_parts({LiteralScanner::platform(), literals});
}

}  // namespace

Id128 scanner_key(std::span<const std::string> literals) { return key_of(literal_bytes(literals)); }

Result<LiteralScanner> compile_scanner(std::span<const std::string> literals, ScannerCache* cache) {
  if (cache == nullptr) return LiteralScanner::compile(literals);
  const std::string bytes = literal_bytes(literals);
  const Id128 key = key_of(bytes);
  if (const auto entry = cache->lookup(key)) {
    if (auto scanner = kept_scanner(*entry, bytes)) return *std::move(scanner);
  }
  ASSIGN_OR_RETURN(LiteralScanner scanner, LiteralScanner::compile(literals));
  if (const auto serialised = scanner.serialise(); serialised.ok()) {
    ByteWriter entry;
    entry.text(bytes);
    entry.text(*serialised);
    if (entry.ok()) cache->insert(key, entry.bytes());
  }
  return scanner;
}

Result<std::unique_ptr<FileScannerCache>> FileScannerCache::open(const std::string& folder) {
  ASSIGN_OR_RETURN(CacheFolder opened, CacheFolder::open(folder));
  return std::unique_ptr<FileScannerCache>(new FileScannerCache(std::move(opened)));
}

std::optional<std::string> FileScannerCache::lookup(const Id128& key) {
  auto entry = folder_.read(kScannerKind, key);
  if (!entry.ok()) return std::nullopt;
  return *std::move(entry);
}

void FileScannerCache::insert(const Id128& key, std::string_view bytes) {
  // A full disk or a read-only folder: the scanner is compiled at the next start again.
  if (!folder_.write(kScannerKind, key, bytes, CacheDurability::kEventual).ok()) return;
  if (inserted_.fetch_add(1) % kInsertsPerTrim == 0) folder_.trim(kScannerKind);
}

}  // namespace catena::match
