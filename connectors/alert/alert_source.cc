// SPDX-License-Identifier: Apache-2.0
#include "connectors/alert/alert_source.h"

#include <algorithm>

#include "connectors/codec/framing.h"

namespace catena::alerts {

Result<std::unique_ptr<AlertSource>> AlertSource::open(const std::string& path,
                                                       const alert::AlertMapping& mapping) {
  ASSIGN_OR_RETURN(auto source, file::FileSource::open(path, 0, {}));
  return std::unique_ptr<AlertSource>(new AlertSource(std::move(source), mapping));
}

Result<bool> AlertSource::next(const OnRecord& on_record) {
  ASSIGN_OR_RETURN(const bool more, source_->next(batch_));
  if (!more) return false;
  if (batch_.form == BatchForm::kEvtx) {
    return invalid_input("a Windows event log holds events, not alerts");
  }
  for (const DeadLetter& letter : batch_.dead_letters) {
    on_record(invalid_input(std::string(dead_letter_reason_name(letter.reason))),
              {letter.origin.line, letter.origin.offset}, letter.excerpt);
  }
  const std::string_view bytes = batch_.received();
  codec::Framer framer(bytes, true);
  codec::Frame frame;
  std::size_t counted = 0;
  std::uint64_t line = batch_.first_line;
  while (framer.next(frame)) {
    line += static_cast<std::uint64_t>(
        std::count(bytes.begin() + static_cast<std::ptrdiff_t>(counted),
                   bytes.begin() + static_cast<std::ptrdiff_t>(frame.begin), '\n'));
    counted = frame.begin;
    const Place place{line, batch_.first_offset + frame.begin};
    const std::string_view text = bytes.substr(frame.begin, frame.end - frame.begin);
    if (frame.kind == codec::Frame::Kind::kBroken) {
      on_record(invalid_input(std::string(dead_letter_reason_name(frame.reason))), place, text);
    } else if (frame.kind == codec::Frame::Kind::kDocument) {
      on_record(decoder_.document(text), place, text);
    } else {
      bool is_header = false;
      auto record = decoder_.line(text, is_header);
      if (!is_header || !record.ok()) on_record(std::move(record), place, text);
    }
  }
  return true;
}

}  // namespace catena::alerts
