// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/hash.h"
#include "engine/base/result.h"

// CacheFolder keeps what can be computed again (compiled rules, scanner databases), one file a
// result, named by a hash of everything that it was computed from. It is no store: any file may be
// missing, old or damaged at any time, and a caller who is refused computes afresh.
// Trust: what is read becomes program data, so a folder or file that another user owns or that
// group or others can write is not used, and the checksum is verified before a caller sees a byte.
// The checksum finds damage; it is no signature.
// File, little-endian: "CATCACHE", u32 layout version, u32 version of the kind, kind's name padded
// with zeros to 16 bytes, 16 bytes key, u64 payload bytes, 16 bytes checksum; then the payload. The
// checksum is XXH3-128 over the 56 bytes before it and the payload's own XXH3-128.
// Thread and process safety: const methods may run concurrently in any number of threads and
// processes; a file appears whole or not at all (written beside its place and renamed).
// Cost: one open, fstat and read a result; trim() is linear in the folder's files.
namespace catena {

// One sort of results. `name` is 1 to 15 characters of a-z and '-', and starts the files' names.
struct CacheKind {
  std::string_view name;
  std::uint32_t version = 1;          // of the payload's format
  std::size_t max_payload_bytes = 0;  // of one result
  std::size_t max_files = 0;          // trim() keeps so many, the ones used last
  std::uint64_t max_total_bytes = 0;  // and so many bytes
};

// Whether a result is on the disk when write() returns. Without, a power cut can leave a damaged
// file, which the checksum finds.
enum class CacheDurability : std::uint8_t { kSynced, kEventual };

class CacheFolder {
 public:
  // Makes the folder (and its parents) for this user alone when it is missing. kIo when it cannot
  // be made or opened or others can write to it.
  static Result<CacheFolder> open(const std::string& path);

  CacheFolder(CacheFolder&& other) noexcept;
  CacheFolder& operator=(CacheFolder&& other) noexcept;
  CacheFolder(const CacheFolder&) = delete;
  CacheFolder& operator=(const CacheFolder&) = delete;
  ~CacheFolder();

  // The payload written under this key. kNotFound: there is none. kIo, kCorrupt, kVersion, kLimit:
  // there is something that cannot be used. A result that is read counts as used.
  [[nodiscard]] Result<std::string> read(const CacheKind& kind, const Id128& key) const;

  // Replaces what was there.
  [[nodiscard]] Status write(const CacheKind& kind, const Id128& key, std::string_view payload,
                             CacheDurability durability) const;

  // Removes what is beyond the kind's bounds, the longest unused first; unfinished files of
  // processes that died are among them. Another process's file that goes is computed again.
  void trim(const CacheKind& kind) const;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  CacheFolder(std::string path, int descriptor) : path_(std::move(path)), folder_(descriptor) {}

  [[nodiscard]] Status write_file(const std::string& name, std::string_view head,
                                  std::string_view payload, CacheDurability durability) const;

  std::string path_;
  int folder_ = -1;  // all access goes through it: a folder swapped for another changes nothing
};

}  // namespace catena
