// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/chunk.h"

#include <algorithm>

#include <zlib.h>

#include "connectors/evtx/layout.h"

namespace catena::evtx {
namespace {

constexpr std::string_view kRecordStart{"\x2A\x2A\0\0", 4};

uLong add_to_checksum(uLong checksum, std::string_view bytes) noexcept {
  return crc32(checksum, reinterpret_cast<const Bytef*>(bytes.data()),
               static_cast<uInt>(bytes.size()));
}

}  // namespace

Chunk::Chunk(std::string_view bytes) noexcept : bytes_(bytes), at_(kChunkRecordsAt) {
  if (bytes_.size() < kChunkRecordsAt) return;
  records_end_ =
      std::clamp<std::size_t>(load32(bytes_, kChunkFreeSpaceAt), kChunkRecordsAt, bytes_.size());
}

std::optional<Problem> Chunk::problem() const noexcept {
  if (bytes_.substr(0, kChunkSignature.size()) == kChunkSignature) {
    return bytes_.size() < kChunkRecordsAt ? Problem::kChunkCutOff : Problem::kNone;
  }
  if (bytes_.find_first_not_of('\0') == std::string_view::npos) return std::nullopt;
  return Problem::kNoChunkSignature;
}

bool Chunk::header_checksum_holds() const noexcept {
  uLong checksum = add_to_checksum(0, bytes_.substr(0, kChunkFlagsAt));
  checksum =
      add_to_checksum(checksum, bytes_.substr(kChunkTablesAt, kChunkRecordsAt - kChunkTablesAt));
  return checksum == load32(bytes_, kChunkChecksumAt);
}

bool Chunk::records_checksum_holds() const noexcept {
  if (bytes_.size() < kChunkBytes) return true;
  const std::size_t size = records_end_ - kChunkRecordsAt;
  return add_to_checksum(0, bytes_.substr(kChunkRecordsAt, size)) ==
         load32(bytes_, kChunkRecordsChecksumAt);
}

// What keeps the bytes at `at` from being a record, as far as its frame goes.
Problem Chunk::check_record(std::size_t at) const noexcept {
  const std::size_t left = bytes_.size() - at;
  const bool is_cut = bytes_.size() < kChunkBytes;
  if (left < kMinRecordBytes) return is_cut ? Problem::kRecordCutOff : Problem::kRecordSize;
  if (load32(bytes_, at) != kRecordSignature) return Problem::kNoRecordSignature;
  const std::size_t size = load32(bytes_, at + kRecordSizeAt);
  if (size < kMinRecordBytes || size > kChunkBytes - at) return Problem::kRecordSize;
  if (size > left) return Problem::kRecordCutOff;
  return load32(bytes_, at + size - kRecordTrailerBytes) == size ? Problem::kNone
                                                                 : Problem::kRecordSizesDiffer;
}

// The first whole record at or behind `at`; the end of the bytes when there is none.
std::size_t Chunk::find_record(std::size_t at) const noexcept {
  while ((at = bytes_.find(kRecordStart, at)) != std::string_view::npos) {
    if (check_record(at) == Problem::kNone) return at;
    ++at;
  }
  return bytes_.size();
}

bool Chunk::next(Record& record) noexcept {
  record = {};
  record.begin = at_;
  record.is_listed = at_ < records_end_;
  if (at_ >= bytes_.size()) return false;
  record.problem = check_record(at_);
  if (record.problem == Problem::kNone) {
    record.id = load64(bytes_, at_ + kRecordIdAt);
    record.size = load32(bytes_, at_ + kRecordSizeAt);
    if (!record.is_listed && record.id != last_id_ + 1) return false;
    last_id_ = record.id;
  } else {
    if (!record.is_listed) return false;
    record.size = std::min(find_record(at_ + 1), records_end_) - at_;
  }
  at_ += record.size;
  return true;
}

std::size_t Chunk::count_remains() const noexcept {
  std::size_t count = 0;
  for (std::size_t at = find_record(at_); at < bytes_.size();
       at = find_record(at + load32(bytes_, at + kRecordSizeAt))) {
    ++count;
  }
  return count;
}

}  // namespace catena::evtx
