// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/findings.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace catena::evtx {

std::string_view finding_name(Finding finding) noexcept {
  switch (finding) {
    case Finding::kDirtyFile:
      return "dirty_file";
    case Finding::kFileHeaderChecksum:
      return "file_header_checksum";
    case Finding::kChunkCount:
      return "chunk_count";
    case Finding::kChunkHeaderChecksum:
      return "chunk_header_checksum";
    case Finding::kRecordsChecksum:
      return "records_checksum";
    case Finding::kUnlistedRecords:
      return "unlisted_records";
    case Finding::kRemains:
      return "remains";
    case Finding::kMissingRecords:
      return "missing_records";
  }
  return "unknown";
}

void Findings::add(Finding finding, std::uint32_t source, std::uint64_t offset,
                   std::uint64_t count) {
  if (count == 0) return;
  Count& entry = counts_[static_cast<std::size_t>(finding)];
  if (entry.count == 0 || std::tie(source, offset) < std::tie(entry.source, entry.offset)) {
    entry.source = source;
    entry.offset = offset;
  }
  const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - entry.count;
  entry.count += std::min(count, room);
}

void Findings::add_file(std::uint32_t source, std::uint16_t chunk_count) {
  files_.push_back({source, chunk_count});
}

void Findings::add_chunk(std::uint32_t source, std::uint64_t records, std::uint64_t first_id,
                         std::uint64_t last_id) {
  spans_.push_back({source, first_id, last_id});
  records_ += records;
}

void Findings::add_all(const Findings& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const Count& count = other.counts_[i];
    add(static_cast<Finding>(i), count.source, count.offset, count.count);
  }
  spans_.insert(spans_.end(), other.spans_.begin(), other.spans_.end());
  files_.insert(files_.end(), other.files_.begin(), other.files_.end());
  records_ += other.records_;
}

void Findings::finish() {
  std::sort(spans_.begin(), spans_.end(), [](const Span& a, const Span& b) {
    return std::tie(a.source, a.first, a.last) < std::tie(b.source, b.first, b.last);
  });
  for (const File& file : files_) {
    const auto [first, last] =
        std::equal_range(spans_.begin(), spans_.end(), Span{file.source, 0, 0},
                         [](const Span& a, const Span& b) { return a.source < b.source; });
    const auto chunks = static_cast<std::uint16_t>(last - first);
    if (chunks != file.chunk_count) add(Finding::kChunkCount, file.source, 0);
  }
  // Chunks of one file in the order of their numbers, which is not their order in the file: the
  // oldest chunk of a full log is written over first.
  const Span* before = nullptr;
  for (const Span& span : spans_) {
    if (span.last < span.first) continue;
    const bool same_file = before != nullptr && before->source == span.source;
    if (same_file && span.first > before->last) {
      add(Finding::kMissingRecords, span.source, 0, span.first - before->last - 1);
    }
    if (!same_file || span.last > before->last) before = &span;
  }
}

}  // namespace catena::evtx
