// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/text_decoder.h"

#include <algorithm>

#include "connectors/codec/key_value_pairs.h"
#include "connectors/codec/utf8_repair.h"

namespace catena::codec {
namespace {

using normalise::FlatRecord;
using normalise::RecordFormat;

constexpr std::size_t kMaxCiscoOffset = 256;  // "%FACILITY" stands behind at most a header
constexpr std::size_t kMaxCiscoTagBytes = 96;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

struct CiscoTag {
  std::string_view facility;
  std::string_view severity;
  std::string_view mnemonic;
  std::size_t begin = 0;  // of the '%'
  std::size_t end = 0;    // behind the ':'
};

// "%PARSER-5-CFGLOG_LOGGEDCMD:"; a sub-facility is part of the facility ("%SEC-6-IPACCESSLOGP:").
std::optional<CiscoTag> find_cisco_tag(std::string_view text) {
  const std::string_view head = text.substr(0, kMaxCiscoOffset + kMaxCiscoTagBytes);
  for (std::size_t at = head.find('%'); at != std::string_view::npos && at < kMaxCiscoOffset;
       at = head.find('%', at + 1)) {
    const std::size_t colon = head.find(':', at);
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view tag = head.substr(at + 1, colon - at - 1);
    const bool known = std::all_of(tag.begin(), tag.end(), [](char c) {
      return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-';
    });
    const std::size_t last = tag.rfind('-');
    if (!known || tag.size() > kMaxCiscoTagBytes || last == std::string_view::npos || last < 3 ||
        tag[last - 2] != '-' || tag[last - 1] < '0' || tag[last - 1] > '7') {
      continue;
    }
    return CiscoTag{tag.substr(0, last - 2), tag.substr(last - 1, 1), tag.substr(last + 1), at,
                    colon + 1};
  }
  return std::nullopt;
}

bool is_packet_filter(std::string_view text) noexcept {
  return text.find(" SRC=") != std::string_view::npos &&
         text.find(" DST=") != std::string_view::npos &&
         text.find(" PROTO=") != std::string_view::npos;
}

// What a packet filter's log prefix says it did.
std::string_view packet_filter_action(std::string_view prefix) noexcept {
  struct Word {
    std::string_view upper;
    std::string_view lower;
    std::string_view action;
  };
  static constexpr Word kWords[] = {
      {"BLOCK", "block", "block"},    {"DROP", "drop", "drop"},     {"REJECT", "reject", "reject"},
      {"DENY", "deny", "deny"},       {"DENIED", "denied", "deny"}, {"ALLOW", "allow", "allow"},
      {"ACCEPT", "accept", "accept"}, {"AUDIT", "audit", "audit"},
  };
  for (const Word& word : kWords) {
    if (prefix.find(word.upper) != std::string_view::npos ||
        prefix.find(word.lower) != std::string_view::npos) {
      return word.action;
    }
  }
  return {};
}

}  // namespace

TextDecoder::TextDecoder(const normalise::NormalisationTable& table, JsonWalker& json)
    : table_(table), json_(json), audit_(table), xml_(table) {}

void TextDecoder::add(std::string_view name, std::string_view value, FlatRecord& out) const {
  if (value.empty()) return;
  if (value.size() > kMaxValueBytes) {
    value = utf8_prefix(value, kMaxValueBytes);
    out.flags |= kFlagTruncatedField;
  }
  out.add(table_.find_path(name), value);
}

void TextDecoder::begin(RecordFormat format, FlatRecord& out) const {
  out.begin_segment(table_.shape_of(format));
}

void TextDecoder::add_header(const SyslogHeader& header, Arena& arena, FlatRecord& out) {
  if (header.has_time) {
    out.time = header.time;
    out.time_source = TimeSource::kHeader;
  }
  add("host", header.host, out);
  add("program", header.program, out);
  add("pid", header.pid, out);
  add("facility", facility_name(header.priority), out);
  add("severity", severity_name(header.priority), out);
  add("msgid", header.message_id, out);
  SyslogParameter parameter;
  for (std::size_t at = 0; next_parameter(header.structured_data, at, parameter);) {
    if (out.fields.size() >= kMaxFields / 2) break;
    name_.assign(parameter.element).append(".").append(parameter.name);
    std::string_view value = parameter.value;
    if (value.find('\\') != std::string_view::npos) {
      value_.clear();
      for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\' && i + 1 < value.size()) ++i;
        value_.push_back(value[i]);
      }
      value = arena.copy(value_);
    }
    add(name_, value, out);
  }
}

void TextDecoder::add_access_log(const AccessLogLine& line, FlatRecord& out) const {
  begin(RecordFormat::kAccessLog, out);
  out.time = line.time;
  out.time_source = TimeSource::kEventField;
  add("access.host", line.virtual_host, out);
  add("access.client", line.client, out);
  add("access.user", line.user, out);
  add("access.method", line.method, out);
  add("access.stem", line.stem, out);
  if (line.query.empty()) {
    out.add(table_.find_path("access.query"), {}, ValueKind::kNull);
  } else {
    add("access.query", line.query, out);
  }
  add("access.target", line.target, out);
  add("access.version", line.version, out);
  add("access.status", line.status, out);
  add("access.bytes", line.bytes, out);
  add("access.referer", line.referer, out);
  add("access.user_agent", line.user_agent, out);
}

void TextDecoder::add_squid(const SquidLine& line, FlatRecord& out) const {
  begin(RecordFormat::kSquid, out);
  out.time = line.time;
  out.time_source = TimeSource::kEventField;
  add("squid.client", line.client, out);
  add("squid.result", line.result, out);
  add("squid.status", line.status, out);
  add("squid.bytes", line.bytes, out);
  add("squid.method", line.method, out);
  add("squid.url", line.url, out);
  add("squid.host", line.host, out);
  add("squid.user", line.user, out);
  add("squid.peer", line.peer, out);
  add("squid.content_type", line.content_type, out);
}

void TextDecoder::add_fortinet(std::string_view text, FlatRecord& out) const {
  begin(RecordFormat::kFortinet, out);
  KeyValuePair pair;
  for (std::size_t at = 0; out.fields.size() < kMaxFields && next_pair(text, at, pair);) {
    add(pair.key, pair.value, out);
  }
}

void TextDecoder::add_packet_filter(std::string_view text, FlatRecord& out) const {
  begin(RecordFormat::kFirewall, out);
  std::size_t at = 0;
  bool first = true;
  while (at < text.size() && out.fields.size() < kMaxFields) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    const std::size_t equals = word.find('=');
    if (equals != std::string_view::npos && equals > 0) {
      if (first) add("action", packet_filter_action(text.substr(0, at)), out);
      first = false;
      add(word.substr(0, equals), word.substr(equals + 1), out);
    }
    at = end + 1;
  }
}

bool TextDecoder::add_cisco(std::string_view text, const TextContext& context, FlatRecord& out) {
  const auto tag = find_cisco_tag(text);
  if (!tag) return false;
  begin(RecordFormat::kCisco, out);
  // "HOST SEQUENCE: *Feb 17 13:40:03.673 UTC: %…": what is there of it, in any order.
  const std::string_view head = text.substr(0, tag->begin);
  for (std::size_t at = 0; at < head.size(); ++at) {
    std::size_t taken = 0;
    if (at > 0 && head[at - 1] != ' ' && head[at - 1] != '*' && head[at - 1] != '.') continue;
    if (const auto time = parse_bsd_time(head.substr(at), context.reference_time, taken)) {
      out.time = *time;
      out.time_source = TimeSource::kEventField;
      break;
    }
  }
  const std::string_view first = head.substr(0, head.find(' '));
  const bool is_address = first.find('.') != std::string_view::npos && is_digit(first.front());
  if (is_address && first.back() != ':') add("host", first, out);
  add("cisco.facility", tag->facility, out);
  add("cisco.severity", tag->severity, out);
  add("cisco.mnemonic", tag->mnemonic, out);
  add("cisco.text", trim(text.substr(tag->end)), out);
  return true;
}

std::optional<TextDecoder::Content> TextDecoder::decode_content(std::string_view text,
                                                                const TextContext& context,
                                                                Arena& arena, FlatRecord& out) {
  if (const auto format = AuditDecoder::recognise(text)) {
    begin(*format, out);
    audit_.decode(text, context.following, arena, out);
    return Content{*format, std::nullopt};
  }
  if (text.substr(0, 7) == "<Event " || text.substr(0, 7) == "<Event>") {
    begin(RecordFormat::kEventXml, out);
    return Content{RecordFormat::kEventXml, xml_.walk(text, arena, out)};
  }
  if (const auto line = parse_access_log(text)) {
    add_access_log(*line, out);
    return Content{RecordFormat::kAccessLog, std::nullopt};
  }
  if (const auto line = parse_squid_line(text)) {
    add_squid(*line, out);
    return Content{RecordFormat::kSquid, std::nullopt};
  }
  if (const std::string_view pairs = without_priority(text); is_fortinet_line(pairs)) {
    add_fortinet(pairs, out);
    return Content{RecordFormat::kFortinet, std::nullopt};
  }
  if (is_packet_filter(text)) {
    add_packet_filter(text, out);
    return Content{RecordFormat::kFirewall, std::nullopt};
  }
  if (add_cisco(text, context, out)) return Content{RecordFormat::kCisco, std::nullopt};
  return std::nullopt;
}

std::optional<DeadLetterReason> TextDecoder::decode(std::string_view line,
                                                    const TextContext& context, Arena& arena,
                                                    FlatRecord& out) {
  const auto header = parse_syslog_header(line, context.reference_time);
  std::string_view message = line;
  if (header) {
    begin(RecordFormat::kSyslog, out);
    add_header(*header, arena, out);
    // Keywords are looked for in the line as it stands: a program's tag ("postfix/smtpd[2211]:") is
    // no part of the message and only its last word is the program field.
    out.add(normalise::kUnknownPath, utf8_prefix(line, kMaxValueBytes));
    message = header->message;
  } else {
    begin(RecordFormat::kLine, out);
  }
  add("message", message, out);
  const std::size_t before = out.fields.size();
  const std::size_t segments = out.segments.size();
  const std::string_view text = trim(message);
  if (const auto content = decode_content(text, context, arena, out)) {
    return content->problem;
  }
  if (text.size() > 2 && text.front() == '{' && text.back() == '}') {
    // A program that logs JSON; what is not JSON is just a message.
    out.begin_segment(normalise::kDetectShape);
    const std::uint8_t flags = out.flags;
    if (json_.walk(text, "", arena, out)) {
      out.fields.resize(before);
      out.segments.resize(segments);
      out.flags = flags;
    }
  }
  return std::nullopt;
}

bool TextDecoder::decode_embedded(std::string_view text, const TextContext& context, Arena& arena,
                                  FlatRecord& out) {
  const std::size_t fields = out.fields.size();
  const std::size_t segments = out.segments.size();
  const std::uint8_t flags = out.flags;
  text = trim(text);
  const auto header = parse_syslog_header(text, context.reference_time);
  std::string_view message = text;
  if (header) {
    begin(RecordFormat::kSyslog, out);
    add_header(*header, arena, out);
    add("message", header->message, out);
    message = trim(header->message);
  }
  const auto content = decode_content(message, context, arena, out);
  if (content && !content->problem) return true;
  if (content) {
    // A damaged embedded record is still the text of its field.
    out.fields.resize(fields);
    out.segments.resize(segments);
    out.flags = flags;
    return false;
  }
  return header.has_value();
}

}  // namespace catena::codec
