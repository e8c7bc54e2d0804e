// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

// Kv is an ordered key-value store in one folder, over RocksDB: families of keys, atomic batches,
// prefix scans, snapshots. It knows nothing about what is stored, except the kind and version of
// the format, which it keeps in a marker file and checks before RocksDB touches anything.
// Durability: write() returns after the batch is on stable storage (synced write-ahead log).
// Fail-stop: after the first failed write or background error every further write is refused with
// the same reason; close and open again. What was not acknowledged may be there after that.
// Thread safety: all methods may be called concurrently; batches are values of one thread.
// Files: folder 0700 when Kv makes it, files 0600. One writing process per folder; readers that
// open it read-only see what was there when they opened it.
namespace catena::storage {

// Index into KvOptions::families.
using FamilyIndex = std::size_t;

struct KvOptions {
  std::string path;
  bool create_if_missing = true;  // one level of folder; the folder above must exist
  bool read_only = false;         // never creates or changes a file
  std::string kind;               // what the folder holds, "incidents": [a-z]+
  std::uint32_t version = 1;      // of the format of keys and values
  std::vector<std::string> families;
};

// Changes that happen together or not at all, in the order given.
class KvBatch {
 public:
  void put(FamilyIndex family, std::string key, std::string value);
  void remove(FamilyIndex family, std::string key);
  [[nodiscard]] bool empty() const noexcept { return changes_.empty(); }
  // Bytes of all keys and values.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  friend class Kv;
  struct Change {
    FamilyIndex family = 0;
    std::string key;
    std::optional<std::string> value;  // nullopt removes
  };
  std::vector<Change> changes_;
  std::size_t bytes_ = 0;
};

// Continues the scan when it returns true, stops it when false or an error. The views live until
// it returns.
using KvVisitor = std::function<Result<bool>(std::string_view key, std::string_view value)>;

struct KvState;  // hides RocksDB

// The store as it was at one moment. Must not outlive its Kv.
class KvSnapshot {
 public:
  KvSnapshot(const KvSnapshot&) = delete;
  KvSnapshot& operator=(const KvSnapshot&) = delete;
  ~KvSnapshot();

  [[nodiscard]] Result<std::optional<std::string>> get(FamilyIndex family,
                                                       std::string_view key) const;
  // Every key that starts with `prefix`, in byte order.
  Status for_each_prefix(FamilyIndex family, std::string_view prefix, const KvVisitor& visit) const;

 private:
  friend class Kv;
  KvSnapshot(KvState& state, const void* snapshot) : state_(&state), snapshot_(snapshot) {}
  KvState* state_;
  const void* snapshot_;
};

class Kv {
 public:
  // kNotFound: nothing there and not to be created. kInvalidInput: the path is not a folder, or a
  // folder that is not a store of this kind (nothing is ever made in a foreign folder). kVersion:
  // a store of another version. kIo: in use by another process, or the system refused; a store
  // that could not be made is removed again. kCorrupt: RocksDB found damage.
  static Result<std::unique_ptr<Kv>> open(const KvOptions& options);

  Kv(const Kv&) = delete;
  Kv& operator=(const Kv&) = delete;
  ~Kv();

  [[nodiscard]] Result<std::optional<std::string>> get(FamilyIndex family,
                                                       std::string_view key) const;
  Status for_each_prefix(FamilyIndex family, std::string_view prefix, const KvVisitor& visit) const;
  [[nodiscard]] std::unique_ptr<KvSnapshot> snapshot() const;
  // An empty batch writes nothing. kUnsupported when opened read-only.
  Status write(const KvBatch& batch);

 private:
  explicit Kv(std::unique_ptr<KvState> state);
  std::unique_ptr<KvState> state_;
};

}  // namespace catena::storage
