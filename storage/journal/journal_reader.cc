// SPDX-License-Identifier: Apache-2.0
#include "storage/journal/journal_reader.h"

#include <algorithm>

namespace catena::storage {

// The segment being read, or the first one after it when it is over or forgotten.
std::optional<JournalReader::Place> JournalReader::place() const {
  const std::lock_guard lock(journal_.mutex_);
  const auto& segments = journal_.segments_;
  const std::uint64_t wanted = segment_is_over_ ? number_ + 1 : number_;
  const auto found =
      std::find_if(segments.begin(), segments.end(),
                   [&](const Journal::Segment& segment) { return segment.number >= wanted; });
  if (found == segments.end()) return std::nullopt;
  const auto next = std::next(found);
  Place place{found->number, found->end, std::nullopt};
  if (next != segments.end()) place.next_first_record = next->first_record;
  return place;
}

bool JournalReader::take(const JournalBlock& block, const Place& place) {
  const std::uint64_t first = block.header().first_record;
  if (place.next_first_record && first >= *place.next_first_record) return false;
  if (next_record_ != 0 && first < next_record_) return false;
  const std::uint64_t expected = std::max(next_record_, expected_from_);
  if (expected != 0 && first > expected) missing_ += first - expected;
  next_record_ = first + block.header().records;
  return true;
}

// True: reads there. False: there is nothing to read in it.
Result<bool> JournalReader::enter(const Place& place) {
  if (place.number == number_ && segment_) {
    segment_->set_limit(place.end);
    return true;
  }
  number_ = place.number;
  segment_is_over_ = false;
  segment_.reset();
  if (place.end < kSegmentHeaderBytes) return false;  // its header is damaged
  ASSIGN_OR_RETURN(segment_,
                   SegmentReader::open(journal_.files_, journal_.path_of(place.number), place.end));
  return true;
}

Result<bool> JournalReader::next(JournalBlock& block) {
  while (true) {
    const std::optional<Place> at = place();
    if (!at) return false;
    ASSIGN_OR_RETURN(const bool readable, enter(*at));
    if (readable && segment_->offset() < at->end) {
      ASSIGN_OR_RETURN(const bool found, segment_->next(block));
      if (found && take(block, *at)) return true;
      if (found) continue;
    }
    // Nothing more here. Nobody will write here either when there is a segment after it.
    if (!at->next_first_record) return false;
    segment_is_over_ = true;
  }
}

}  // namespace catena::storage
