// SPDX-License-Identifier: Apache-2.0
#include "engine/event/event_batch.h"

namespace catena {

std::string_view dead_letter_reason_name(DeadLetterReason reason) noexcept {
  switch (reason) {
    case DeadLetterReason::kInvalidJson:
      return "invalid_json";
    case DeadLetterReason::kTruncated:
      return "truncated";
    case DeadLetterReason::kTooDeep:
      return "too_deep";
    case DeadLetterReason::kTooLong:
      return "too_long";
    case DeadLetterReason::kTooManyFields:
      return "too_many_fields";
    case DeadLetterReason::kKeyTooLong:
      return "key_too_long";
    case DeadLetterReason::kBinary:
      return "binary";
    case DeadLetterReason::kNotARecord:
      return "not_a_record";
    case DeadLetterReason::kInvalidXml:
      return "invalid_xml";
    case DeadLetterReason::kInvalidEvtxChunk:
      return "invalid_evtx_chunk";
    case DeadLetterReason::kInvalidEvtxRecord:
      return "invalid_evtx_record";
    case DeadLetterReason::kWorkLimit:
      return "work_limit";
    case DeadLetterReason::kInvalidFrame:
      return "invalid_frame";
  }
  return "unknown";
}

void EventBatch::clear() noexcept {
  sequence = 0;
  source = 0;
  form = BatchForm::kLines;
  first_line = 1;
  first_offset = 0;
  size = 0;
  record_ends.clear();
  ends_truncated = false;
  reference_time = kNoTime;
  arena.clear();
  events.clear();
  dead_letters.clear();
}

Timestamp inherit_times(EventBatch& batch) noexcept {
  Timestamp last = kNoTime;
  for (Event& event : batch.events) {
    if (event.time_source != TimeSource::kNone) {
      last = event.time;
    } else if (last != kNoTime) {
      event.time = last;
      event.time_source = TimeSource::kInherited;
    }
  }
  return last;
}

}  // namespace catena
