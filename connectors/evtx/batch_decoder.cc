// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/batch_decoder.h"

#include <zlib.h>

#include "connectors/evtx/layout.h"

namespace catena::evtx {
namespace {

DeadLetterReason reason_of(Problem problem) noexcept {
  switch (problem) {
    case Problem::kFileCutOff:
    case Problem::kChunkCutOff:
    case Problem::kRecordCutOff:
      return DeadLetterReason::kTruncated;
    case Problem::kNoChunkSignature:
      return DeadLetterReason::kInvalidEvtxChunk;
    default:
      return DeadLetterReason::kInvalidEvtxRecord;
  }
}

}  // namespace

void BatchDecoder::decode(EventBatch& batch) {
  if (batch.form != BatchForm::kEvtx) {
    decoder_.decode(batch);
    return;
  }
  lines_.clear();
  places_.clear();
  std::size_t begin = 0;
  if (batch.first_offset == 0) {
    read_file_header(batch);
    begin = kFileHeaderBytes;
  }
  for (; begin < batch.size; begin += kChunkBytes) read_chunk(batch, begin);
  decode_lines(batch);
}

void BatchDecoder::read_file_header(EventBatch& batch) {
  const std::string_view header = batch.received().substr(0, kFileHeaderBytes);
  if (header.size() < kFileHeaderBytes) {
    refuse(batch, {}, header, Problem::kFileCutOff);
    return;
  }
  const auto* const bytes = reinterpret_cast<const Bytef*>(header.data());
  if (crc32(0, bytes, kFileFlagsAt) != load32(header, kFileChecksumAt)) {
    findings_.add(Finding::kFileHeaderChecksum, batch.source, 0);
  }
  if ((load32(header, kFileFlagsAt) & kFileIsDirty) != 0) {
    findings_.add(Finding::kDirtyFile, batch.source, 0);
  }
  findings_.add_file(batch.source, load16(header, kFileChunkCountAt));
}

void BatchDecoder::read_chunk(EventBatch& batch, std::size_t begin) {
  const std::string_view bytes = batch.received().substr(begin, kChunkBytes);
  const std::uint64_t offset = batch.first_offset + begin;
  Chunk chunk(bytes);
  const auto problem = chunk.problem();
  if (!problem) return;
  if (*problem != Problem::kNone) {
    refuse(batch, {0, offset}, bytes, *problem);
    return;
  }
  if (!chunk.header_checksum_holds()) {
    findings_.add(Finding::kChunkHeaderChecksum, batch.source, offset);
  }
  if (!chunk.records_checksum_holds()) {
    findings_.add(Finding::kRecordsChecksum, batch.source, offset);
  }
  allowance_ = kMaxChunkCost;
  std::uint64_t records = 0;
  std::uint64_t first_id = 1;
  std::uint64_t last_id = 0;
  Chunk::Record record;
  while (chunk.next(record)) {
    read_record(batch, bytes, offset, record);
    if (record.id == 0) continue;
    if (records != 0 && record.id > last_id) {
      findings_.add(Finding::kMissingRecords, batch.source, offset + record.begin,
                    record.id - last_id - 1);
    }
    if (!record.is_listed) {
      findings_.add(Finding::kUnlistedRecords, batch.source, offset + record.begin);
    }
    if (records++ == 0) first_id = record.id;
    last_id = record.id;
  }
  findings_.add(Finding::kRemains, batch.source, offset, chunk.count_remains());
  findings_.add_chunk(batch.source, records, first_id, last_id);
}

void BatchDecoder::read_record(EventBatch& batch, std::string_view chunk,
                               std::uint64_t chunk_offset, const Chunk::Record& record) {
  const Place place{record.id, chunk_offset + record.begin};
  Problem problem = record.problem;
  if (problem == Problem::kNone) {
    problem = xml_.read(chunk, record.begin + kRecordBodyAt,
                        record.begin + record.size - kRecordTrailerBytes, allowance_, tree_);
  }
  if (problem != Problem::kNone) {
    refuse(batch, place, chunk.substr(record.begin, record.size), problem);
    return;
  }
  json_.append(tree_, lines_);
  lines_.push_back('\n');
  places_.push_back(place);
}

void BatchDecoder::refuse(EventBatch& batch, const Place& place, std::string_view bytes,
                          Problem problem) {
  DeadLetter letter;
  letter.origin = {batch.source, place.record_id, place.offset};
  letter.reason = reason_of(problem);
  letter.excerpt = batch.arena.copy(bytes.substr(0, DeadLetter::kExcerptBytes));
  std::string detail;
  if (place.offset >= kFileHeaderBytes) {
    const std::uint64_t chunk = (place.offset - kFileHeaderBytes) / kChunkBytes;
    detail = "chunk " + std::to_string(chunk) + ": ";
  }
  letter.detail = batch.arena.copy(detail.append(problem_text(problem)));
  batch.dead_letters.push_back(letter);
}

// One line is one event or one dead letter of the codec, whose line numbers say which.
void BatchDecoder::decode_lines(EventBatch& batch) {
  const std::size_t refused = batch.dead_letters.size();
  batch.size = lines_.size();
  lines_.append(EventBatch::kPadding, '\0');
  batch.bytes.swap(lines_);
  batch.first_line = 1;
  batch.first_offset = 0;
  batch.ends_truncated = false;
  decoder_.decode(batch);
  const auto relabel = [&](EventOrigin& origin) {
    const Place& place = places_[origin.line - 1];
    origin.line = place.record_id;
    origin.offset = place.offset;
  };
  for (Event& event : batch.events) relabel(event.origin);
  for (std::size_t i = refused; i < batch.dead_letters.size(); ++i) {
    relabel(batch.dead_letters[i].origin);
  }
}

}  // namespace catena::evtx
