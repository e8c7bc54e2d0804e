// SPDX-License-Identifier: Apache-2.0
#include "storage/kv/owner_only_file_system.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace catena::storage {
namespace {

constexpr mode_t kFileMode = 0600;

rocksdb::IOStatus restrict_to_owner(const rocksdb::IOStatus& made, const std::string& name) {
  if (!made.ok() || ::chmod(name.c_str(), kFileMode) == 0) return made;
  return rocksdb::IOStatus::IOError(name, std::strerror(errno));
}

}  // namespace

rocksdb::IOStatus OwnerOnlyFileSystem::NewWritableFile(
    const std::string& name, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* result, rocksdb::IODebugContext* debug) {
  return restrict_to_owner(target()->NewWritableFile(name, options, result, debug), name);
}

rocksdb::IOStatus OwnerOnlyFileSystem::ReopenWritableFile(
    const std::string& name, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* result, rocksdb::IODebugContext* debug) {
  return restrict_to_owner(target()->ReopenWritableFile(name, options, result, debug), name);
}

rocksdb::IOStatus OwnerOnlyFileSystem::NewRandomRWFile(
    const std::string& name, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSRandomRWFile>* result, rocksdb::IODebugContext* debug) {
  return restrict_to_owner(target()->NewRandomRWFile(name, options, result, debug), name);
}

rocksdb::IOStatus OwnerOnlyFileSystem::LockFile(const std::string& name,
                                                const rocksdb::IOOptions& options,
                                                rocksdb::FileLock** lock,
                                                rocksdb::IODebugContext* debug) {
  return restrict_to_owner(target()->LockFile(name, options, lock, debug), name);
}

}  // namespace catena::storage
