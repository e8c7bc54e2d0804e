// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/codec/access_log.h"
#include "connectors/codec/audit_record.h"
#include "connectors/codec/event_xml.h"
#include "connectors/codec/json_walker.h"
#include "connectors/codec/squid_line.h"
#include "connectors/codec/syslog_header.h"
#include "engine/base/arena.h"
#include "engine/event/event_batch.h"
#include "engine/normalise/flat_record.h"
#include "engine/normalise/normalisation_table.h"

// TextDecoder reads one line of text: a syslog header if there is one, then the content it knows
// (audit record, XML event, access log, proxy, Fortinet, packet filter, Cisco), else a plain
// message. Every event has the field "message"; with a header also "host", "program" and "pid" as
// far as it says them. Thread safety: none; one per thread. Errors: only an XML event can fail; any
// other line is at least a message.
namespace catena::codec {

// What the lines of a batch share.
struct TextContext {
  Timestamp reference_time = kNoTime;
  // The lines behind the one being decoded, for the other records of an audit event.
  std::string_view following;
};

class TextDecoder {
 public:
  // `json` is the walker of the same thread, for messages that are JSON.
  TextDecoder(const normalise::NormalisationTable& table, JsonWalker& json);

  // Forgets the audit event of the last record; call for every batch.
  void begin_batch() noexcept { audit_.begin_batch(); }

  // Decodes a whole record. `line` is valid UTF-8 and as long as the arena or the batch lives.
  std::optional<DeadLetterReason> decode(std::string_view line, const TextContext& context,
                                         Arena& arena, normalise::FlatRecord& out);

  // Decodes the text of a field of another record. Adds nothing when it is only a message; false
  // then.
  bool decode_embedded(std::string_view text, const TextContext& context, Arena& arena,
                       normalise::FlatRecord& out);

  // Decodes an <EventData> element that stands in a field of its own. False when it is no XML.
  bool decode_event_data(std::string_view xml, Arena& arena, normalise::FlatRecord& out) {
    return !xml_.walk(xml, arena, out);
  }

 private:
  struct Content {
    normalise::RecordFormat format = normalise::RecordFormat::kLine;
    std::optional<DeadLetterReason> problem;
  };

  void add_header(const SyslogHeader& header, Arena& arena, normalise::FlatRecord& out);
  void add_access_log(const AccessLogLine& line, normalise::FlatRecord& out) const;
  void add_squid(const SquidLine& line, normalise::FlatRecord& out) const;
  void add_fortinet(std::string_view text, normalise::FlatRecord& out) const;
  void add_packet_filter(std::string_view text, normalise::FlatRecord& out) const;
  bool add_cisco(std::string_view text, const TextContext& context, normalise::FlatRecord& out);
  // Appends a segment for `text` when it is of a known format; nullopt when it is just text.
  std::optional<Content> decode_content(std::string_view text, const TextContext& context,
                                        Arena& arena, normalise::FlatRecord& out);

  void add(std::string_view name, std::string_view value, normalise::FlatRecord& out) const;
  void begin(normalise::RecordFormat format, normalise::FlatRecord& out) const;

  const normalise::NormalisationTable& table_;
  JsonWalker& json_;
  AuditDecoder audit_;
  EventXmlWalker xml_;
  std::string name_;
  std::string value_;
};

}  // namespace catena::codec
