// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/record_buffer.h"

#include <algorithm>

namespace catena::net {

void RecordBuffer::append(std::string_view bytes, bool shortened) {
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return;
  if (bytes.size() > max_record_bytes_) {
    bytes = bytes.substr(0, max_record_bytes_);
    shortened = true;
    if (bytes.find_first_not_of(" \t\r\n") == std::string_view::npos) return;
  }
  entries_.push_back({text_.size(), bytes.size(), std::nullopt, shortened});
  text_.append(bytes);
}

void RecordBuffer::append_refused(std::string_view excerpt, DeadLetterReason reason) {
  excerpt = excerpt.substr(0, DeadLetter::kExcerptBytes);
  // A dead letter is a record too, and no record is blank.
  if (excerpt.find_first_not_of(" \t\r\n") == std::string_view::npos) excerpt = "(blank)";
  entries_.push_back({text_.size(), excerpt.size(), reason, false});
  text_.append(excerpt);
}

std::span<const pipeline::Record> RecordBuffer::records() {
  views_.clear();
  const std::string_view text = text_;
  for (const Entry& entry : entries_) {
    views_.push_back({text.substr(entry.begin, entry.size), entry.refused, entry.shortened});
  }
  return views_;
}

}  // namespace catena::net
