// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/otlp_model.h"

#include <array>
#include <charconv>
#include <cmath>

#include "engine/base/json_writer.h"

namespace catena::http::otlp {

namespace {

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

template <typename Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc()) out.append(digits.data(), end);
}

// Separates members and elements.
struct List {
  std::string& out;
  bool first = true;
  void next() {
    if (!first) out += ',';
    first = false;
  }
  void member(std::string_view name) {
    next();
    append_json_string(out, name);
    out += ':';
  }
};

void append_value(std::string& out, const Value& value);

void append_members(List& list, const Attributes& members) {
  for (const auto& [name, value] : members) {
    list.member(name);
    append_value(list.out, value);
  }
}

// The readers have bounded the depth.
void append_value(std::string& out, const Value& value) {
  switch (value.kind) {
    case Value::Kind::kNone:
      out += "null";
      break;
    case Value::Kind::kText:
      append_json_string(out, value.text);
      break;
    case Value::Kind::kBytes:
      append_json_string(out, hex(value.text));
      break;
    case Value::Kind::kBool:
      out += value.boolean ? "true" : "false";
      break;
    case Value::Kind::kInteger:
      append_number(out, value.integer);
      break;
    case Value::Kind::kReal:
      if (std::isfinite(value.real)) {
        append_number(out, value.real);
      } else {
        out += "null";
      }
      break;
    case Value::Kind::kArray: {
      out += '[';
      List list{out};
      for (const Value& item : value.items) {
        list.next();
        append_value(out, item);
      }
      out += ']';
      break;
    }
    case Value::Kind::kMap: {
      out += '{';
      List list{out};
      append_members(list, value.members);
      out += '}';
      break;
    }
  }
}

void append_object(List& list, std::string_view name, const Attributes& members) {
  list.member(name);
  list.out += '{';
  List inner{list.out};
  append_members(inner, members);
  list.out += '}';
}

void append_text(List& list, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  list.member(name);
  append_json_string(list.out, text);
}

// What OTLP says of the log beside its body. The time is there even when the sender knew none.
void append_envelope(List& list, const LogRecord& log) {
  list.member("otlp");
  std::string& out = list.out;
  out += '{';
  List inner{out};
  inner.member("time");
  append_number(out, log.time != 0 ? log.time : log.observed);
  if (log.severity_number != 0) {
    inner.member("severity_number");
    append_number(out, log.severity_number);
  }
  append_text(inner, "severity", log.severity_text);
  append_text(inner, "event_name", log.event_name);
  append_text(inner, "scope", log.scope);
  append_text(inner, "trace_id", log.trace_id);
  append_text(inner, "span_id", log.span_id);
  out += '}';
}

}  // namespace

Status RecordWriter::write(const LogRecord& log, const Attributes& resource) {
  if (++count_ > kMaxOtlpRecords) {
    return limit_exceeded("more than " + std::to_string(kMaxOtlpRecords) + " logs");
  }
  record_ = "{";
  List list{record_};
  if (log.body.kind == Value::Kind::kMap) {
    append_members(list, log.body.members);
    if (!log.attributes.empty()) append_object(list, "attributes", log.attributes);
  } else {
    if (log.body.kind != Value::Kind::kNone) {
      list.member("message");
      append_value(record_, log.body);
    }
    append_members(list, log.attributes);
  }
  if (!resource.empty()) append_object(list, "resource", resource);
  append_envelope(list, log);
  record_ += '}';
  net::RecordBuffer& buffer = buffer_with_room(offers_);
  if (log.too_deep) {
    ++rejected_;
    buffer.append_refused(record_, DeadLetterReason::kTooDeep);
  } else {
    buffer.append(record_);
  }
  return ok_status();
}

}  // namespace catena::http::otlp
