// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/codec/decoder.h"
#include "connectors/evtx/binary_xml.h"
#include "connectors/evtx/chunk.h"
#include "connectors/evtx/element_tree.h"
#include "connectors/evtx/event_json.h"
#include "connectors/evtx/findings.h"
#include "engine/event/event_batch.h"

// BatchDecoder decodes batches of either form: lines go to the codec as they are; chunks of an
// event log file are first rewritten as JSON lines, one a record, so that a record read directly
// and the same record from a JSON export become the same event by construction, and that evidence
// can be read by people. A record's line number is its record number, its offset the one in the
// file.
// Every record becomes one event or one dead letter. Stretches without a record and chunks that
// cannot be read become one dead letter each.
// Thread safety: none; one per thread. Cost: some 4 microseconds a record beside the codec's;
// does not allocate once warm. Errors: none.
namespace catena::evtx {

// What the records of one chunk may expand to: bytes of text, and kTokenCost for every token. The
// fullest chunk of the recorded logs has 189 records and becomes 0.17 MB of JSON.
inline constexpr std::size_t kMaxChunkCost = 4 * 1024 * 1024;

class BatchDecoder {
 public:
  // `lines` outlives it. `seed` as DecoderOptions::hash_seed.
  explicit BatchDecoder(codec::Decoder& lines, std::uint64_t seed = 0)
      : decoder_(lines), json_(seed) {}

  // As codec::Decoder::decode(). The received bytes of a batch of chunks are replaced by the JSON
  // lines; where they were is gone with them.
  void decode(EventBatch& batch);

  // Of all batches so far.
  [[nodiscard]] const Findings& findings() const noexcept { return findings_; }

 private:
  struct Place {
    std::uint64_t record_id = 0;
    std::uint64_t offset = 0;  // in the file
  };

  void read_file_header(EventBatch& batch);
  void read_chunk(EventBatch& batch, std::size_t begin);
  void read_record(EventBatch& batch, std::string_view chunk, std::uint64_t chunk_offset,
                   const Chunk::Record& record);
  void refuse(EventBatch& batch, const Place& place, std::string_view bytes, Problem problem);
  void decode_lines(EventBatch& batch);

  codec::Decoder& decoder_;
  BinaryXml xml_;
  ElementTree tree_;
  EventJson json_;
  Findings findings_;
  std::string lines_;
  std::vector<Place> places_;  // of the lines
  std::size_t allowance_ = 0;  // of the chunk
};

}  // namespace catena::evtx
