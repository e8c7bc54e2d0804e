// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "engine/event/event_batch.h"
#include "engine/event/field_catalog.h"
#include "engine/event/timestamp.h"
#include "engine/normalise/normalisation_table.h"

// Decoder turns the received bytes of a batch into events and dead letters: framing, decoding of
// each record by its form (JSON, syslog, audit, XML, access log, …), normalisation. Every record
// becomes exactly one event or one dead letter; blank lines become nothing. It does not evaluate
// rules and does not read files.
// Thread safety: none; one decoder per thread over a shared, finished table and catalog, which
// outlive it. A batch may be decoded by any decoder; the result does not depend on which, nor on
// where a source cut its batches (connectors/codec/framing.h says where it may).
// Cost: about a microsecond per event and kilobyte; does not allocate once warm.
// Errors: none; what cannot be decoded becomes a dead letter. See connectors/README.md.
namespace catena::codec {

struct DecoderOptions {
  // Stands in for EventBatch::reference_time where a batch has none. kNoTime: timestamps without a
  // year are in 1970.
  Timestamp reference_time = kNoTime;
  // Of the hash of JSON keys; a random number keeps crafted keys from colliding.
  std::uint64_t hash_seed = 0;
  // Remember the outlines of JSON records (connectors/codec/outline_table.h). Events are the same.
  bool learn_outlines = true;
};

class Decoder {
 public:
  Decoder(const normalise::NormalisationTable& table, const FieldCatalog& catalog,
          DecoderOptions options = {});
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Appends to batch.events and batch.dead_letters. At least EventBatch::kPadding readable bytes
  // lie behind the received bytes.
  void decode(EventBatch& batch);

 private:
  class Run;
  std::unique_ptr<Run> run_;
};

}  // namespace catena::codec
