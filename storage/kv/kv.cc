// SPDX-License-Identifier: Apache-2.0
#include "storage/kv/kv.h"

#include <algorithm>
#include <cstdarg>
#include <mutex>
#include <utility>

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include "storage/kv/owner_only_file_system.h"
#include "storage/kv/store_folder.h"

namespace catena::storage {
namespace {

constexpr std::size_t kMiB = std::size_t{1024} * 1024;
constexpr std::size_t kWriteBufferBytes = 8 * kMiB;       // of one family
constexpr std::size_t kAllWriteBuffersBytes = 32 * kMiB;  // of all families
constexpr std::size_t kBlockCacheBytes = 8 * kMiB;
constexpr std::size_t kWriteAheadBytes = 64 * kMiB;  // before old log files are let go
constexpr std::size_t kManifestPreallocation = 64 * 1024;
constexpr int kMaxOpenFiles = 256;
constexpr int kBackgroundJobs = 2;
constexpr double kBloomBitsPerKey = 10;
constexpr std::size_t kMaxReasonBytes = 300;  // of a message that RocksDB wrote

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  if (text.size() > kMaxReasonBytes) text.resize(kMaxReasonBytes);
  return text;
}

Status to_status(const rocksdb::Status& status, const std::string& path) {
  if (status.ok()) return {};
  const std::string text = one_line(status.ToString());
  if (status.IsCorruption()) return corrupt(path + ": " + text);
  if (status.IsNoSpace() || text.find("No space left on device") != std::string::npos) {
    return io_error(path + ": no space left on device");
  }
  if (text.find("/LOCK: ") != std::string::npos || text.find("lock hold") != std::string::npos) {
    return io_error(path + ": store is in use by another process");
  }
  return io_error(path + ": " + text);
}

// Remembers the first failure; every write after it is refused.
class FailStop : public rocksdb::EventListener {
 public:
  explicit FailStop(std::string path) : path_(std::move(path)) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                         rocksdb::Status* error) override {
    if (error != nullptr) note(to_status(*error, path_));
  }
  void note(const Status& status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (first_.ok() && !status.ok()) {
      first_ = Status(status.code(), status.message() + " (writing stopped)");
    }
  }
  [[nodiscard]] Status first() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return first_;
  }

 private:
  const std::string path_;
  mutable std::mutex mutex_;
  Status first_;
};

// RocksDB keeps no diary file: what matters comes back as a Status. Its own one also ends the
// process (an assertion of the Debian build) when the disk is full while it is written.
class NoDiary : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

rocksdb::CompressionType best_compression() {
  const std::vector<rocksdb::CompressionType> supported = rocksdb::GetSupportedCompressions();
  for (const auto wanted : {rocksdb::kZSTD, rocksdb::kLZ4Compression}) {
    if (std::find(supported.begin(), supported.end(), wanted) != supported.end()) return wanted;
  }
  return rocksdb::kNoCompression;
}

rocksdb::DBOptions database_options(std::shared_ptr<FailStop> fail_stop) {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.paranoid_checks = true;
  options.max_open_files = kMaxOpenFiles;
  options.max_background_jobs = kBackgroundJobs;
  options.db_write_buffer_size = kAllWriteBuffersBytes;
  options.max_total_wal_size = kWriteAheadBytes;
  options.manifest_preallocation_size = kManifestPreallocation;
  options.max_bgerror_resume_count = 0;  // fail-stop: the one who opens decides
  options.info_log = std::make_shared<NoDiary>();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.listeners.push_back(std::move(fail_stop));
  return options;
}

rocksdb::ColumnFamilyOptions family_options(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = kWriteBufferBytes;
  options.compression = best_compression();
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

// The smallest key greater than all keys with this prefix; empty when there is none.
std::string after_prefix(std::string_view prefix) {
  std::string bound(prefix);
  while (!bound.empty()) {
    const auto last = static_cast<unsigned char>(bound.back());
    if (last != 0xff) {
      bound.back() = static_cast<char>(last + 1);
      return bound;
    }
    bound.pop_back();
  }
  return bound;
}

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(const rocksdb::Slice& text) { return {text.data(), text.size()}; }

}  // namespace

struct KvState {
  std::string path;
  bool read_only = false;
  std::shared_ptr<FailStop> fail_stop;
  std::unique_ptr<rocksdb::Env> env;  // outlives db
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;  // [0] is RocksDB's own default family

  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(FamilyIndex index) const {
    return handles[index + 1];
  }
  [[nodiscard]] Result<std::optional<std::string>> get(const rocksdb::ReadOptions& options,
                                                       FamilyIndex index,
                                                       std::string_view key) const {
    std::string value;
    const rocksdb::Status status = db->Get(options, family(index), slice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    if (!status.ok()) return to_status(status, path);
    return std::optional<std::string>(std::move(value));
  }
  Status for_each_prefix(rocksdb::ReadOptions options, FamilyIndex index, std::string_view prefix,
                         const KvVisitor& visit) const {
    const std::string end = after_prefix(prefix);
    const rocksdb::Slice end_slice(end);
    if (!end.empty()) options.iterate_upper_bound = &end_slice;
    const std::unique_ptr<rocksdb::Iterator> it(db->NewIterator(options, family(index)));
    for (it->Seek(slice(prefix)); it->Valid(); it->Next()) {
      ASSIGN_OR_RETURN(const bool more, visit(view(it->key()), view(it->value())));
      if (!more) return {};
    }
    return to_status(it->status(), path);
  }
  void close() {
    for (rocksdb::ColumnFamilyHandle* handle : handles) {
      // A handle that cannot be released is a leak of memory, not of data.
      static_cast<void>(db->DestroyColumnFamilyHandle(handle));
    }
    handles.clear();
    db.reset();
  }
};

namespace {

rocksdb::ReadOptions at(const void* snapshot) {
  rocksdb::ReadOptions options;
  options.snapshot = static_cast<const rocksdb::Snapshot*>(snapshot);
  return options;
}

Status open_database(const KvOptions& options, KvState& state) {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.emplace_back(rocksdb::kDefaultColumnFamilyName, family_options(cache));
  for (const std::string& name : options.families) {
    families.emplace_back(name, family_options(cache));
  }
  state.env = rocksdb::NewCompositeEnv(
      std::make_shared<OwnerOnlyFileSystem>(rocksdb::FileSystem::Default()));
  rocksdb::DB* db = nullptr;
  rocksdb::DBOptions database = database_options(state.fail_stop);
  database.env = state.env.get();
  const rocksdb::Status status =
      options.read_only
          ? rocksdb::DB::OpenForReadOnly(database, options.path, families, &state.handles, &db)
          : rocksdb::DB::Open(database, options.path, families, &state.handles, &db);
  if (!status.ok()) return to_status(status, options.path);
  state.db.reset(db);
  return {};
}

}  // namespace

void KvBatch::put(FamilyIndex family, std::string key, std::string value) {
  bytes_ += key.size() + value.size();
  changes_.push_back({family, std::move(key), std::move(value)});
}

void KvBatch::remove(FamilyIndex family, std::string key) {
  bytes_ += key.size();
  changes_.push_back({family, std::move(key), std::nullopt});
}

KvSnapshot::~KvSnapshot() {
  state_->db->ReleaseSnapshot(static_cast<const rocksdb::Snapshot*>(snapshot_));
}

Result<std::optional<std::string>> KvSnapshot::get(FamilyIndex family, std::string_view key) const {
  return state_->get(at(snapshot_), family, key);
}

Status KvSnapshot::for_each_prefix(FamilyIndex family, std::string_view prefix,
                                   const KvVisitor& visit) const {
  return state_->for_each_prefix(at(snapshot_), family, prefix, visit);
}

Kv::Kv(std::unique_ptr<KvState> state) : state_(std::move(state)) {}

Kv::~Kv() { state_->close(); }

Result<std::unique_ptr<Kv>> Kv::open(const KvOptions& options) {
  const FolderKind kind{options.kind, options.version};
  ASSIGN_OR_RETURN(const FolderState folder, inspect_folder(options.path, kind));
  if (folder != FolderState::kOurs) {
    if (options.read_only || !options.create_if_missing) {
      return not_found(options.path + ": no store here");
    }
    RETURN_IF_ERROR(make_folder(options.path, kind, folder));
  }
  auto state = std::make_unique<KvState>();
  state->path = options.path;
  state->read_only = options.read_only;
  state->fail_stop = std::make_shared<FailStop>(options.path);
  const Status status = open_database(options, *state);
  if (!status.ok()) {
    unmake_folder(options.path, folder);
    return status;
  }
  return std::unique_ptr<Kv>(new Kv(std::move(state)));
}

Result<std::optional<std::string>> Kv::get(FamilyIndex family, std::string_view key) const {
  return state_->get(at(nullptr), family, key);
}

Status Kv::for_each_prefix(FamilyIndex family, std::string_view prefix,
                           const KvVisitor& visit) const {
  return state_->for_each_prefix(at(nullptr), family, prefix, visit);
}

std::unique_ptr<KvSnapshot> Kv::snapshot() const {
  return std::unique_ptr<KvSnapshot>(new KvSnapshot(*state_, state_->db->GetSnapshot()));
}

Status Kv::write(const KvBatch& batch) {
  if (state_->read_only) return unsupported(state_->path + ": store is open for reading only");
  RETURN_IF_ERROR(state_->fail_stop->first());
  if (batch.empty()) return {};
  rocksdb::WriteBatch changes;
  for (const KvBatch::Change& change : batch.changes_) {
    rocksdb::ColumnFamilyHandle* family = state_->family(change.family);
    const rocksdb::Status status =
        change.value ? changes.Put(family, slice(change.key), slice(*change.value))
                     : changes.Delete(family, slice(change.key));
    if (!status.ok()) return to_status(status, state_->path);
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  Status status = to_status(state_->db->Write(options, &changes), state_->path);
  state_->fail_stop->note(status);
  return status;
}

}  // namespace catena::storage
