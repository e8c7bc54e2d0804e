// SPDX-License-Identifier: Apache-2.0
// OTLP logs in protobuf: opentelemetry/proto/{collector/logs,logs,resource,common}/v1. The numbers
// in the switches are the field numbers there.
#include <string>

#include "connectors/http/otlp_model.h"
#include "connectors/http/wire_reader.h"

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

// Reads messages; false when one breaks the encoding.
class ProtobufLogs {
 public:
  explicit ProtobufLogs(RecordWriter& writer) noexcept : writer_(writer) {}

  Status read_request(std::string_view bytes) {
    WireReader reader(bytes);
    while (reader.next()) {
      if (reader.is_text(1)) RETURN_IF_ERROR(read_resource_logs(reader.text()));
    }
    return reader.failed() ? broken() : ok_status();
  }

 private:
  static Status broken() { return invalid_input("not a protobuf ExportLogsServiceRequest"); }

  // The resource may stand behind its logs.
  Status read_resource_logs(std::string_view bytes) {
    Attributes resource;
    too_deep_ = false;
    WireReader first(bytes);
    while (first.next()) {
      if (first.is_text(1) && !read_attributes_of(first.text(), 1, resource)) return broken();
    }
    if (first.failed()) return broken();
    const bool resource_too_deep = too_deep_;
    WireReader second(bytes);
    while (second.next()) {
      if (second.is_text(2)) {
        RETURN_IF_ERROR(read_scope_logs(second.text(), resource, resource_too_deep));
      }
    }
    return ok_status();
  }

  Status read_scope_logs(std::string_view bytes, const Attributes& resource,
                         bool resource_too_deep) {
    std::string_view scope;
    WireReader first(bytes);
    while (first.next()) {
      if (!first.is_text(1)) continue;
      WireReader name(first.text());
      while (name.next()) {
        if (name.is_text(1)) scope = name.text();
      }
      if (name.failed()) return broken();
    }
    if (first.failed()) return broken();
    WireReader second(bytes);
    while (second.next()) {
      if (!second.is_text(2)) continue;
      LogRecord log;
      log.scope = scope;
      too_deep_ = resource_too_deep;
      if (!read_log(second.text(), log)) return broken();
      log.too_deep = too_deep_;
      RETURN_IF_ERROR(writer_.write(log, resource));
    }
    return ok_status();
  }

  bool read_log(std::string_view bytes, LogRecord& log) {
    WireReader reader(bytes);
    while (reader.next()) {
      const bool is_text = reader.type() == 2;
      switch (reader.field()) {
        case 1:
          log.time = reader.number();
          break;
        case 2:
          log.severity_number = reader.number();
          break;
        case 3:
          log.severity_text = reader.text();
          break;
        case 5:
          if (is_text && !read_value(reader.text(), log.body, 0)) return false;
          break;
        case 6:
          if (is_text && !read_key_value(reader.text(), log.attributes, 0)) return false;
          break;
        case 9:
          log.trace_id = hex(reader.text());
          break;
        case 10:
          log.span_id = hex(reader.text());
          break;
        case 11:
          log.observed = reader.number();
          break;
        case 12:
          log.event_name = reader.text();
          break;
        default:
          break;
      }
    }
    return !reader.failed();
  }

  bool read_attributes_of(std::string_view bytes, std::uint32_t field, Attributes& attributes) {
    WireReader reader(bytes);
    while (reader.next()) {
      if (reader.is_text(field) && !read_key_value(reader.text(), attributes, 0)) return false;
    }
    return !reader.failed();
  }

  bool read_key_value(std::string_view bytes, Attributes& attributes, unsigned depth) {
    auto& [key, value] = attributes.emplace_back();
    WireReader reader(bytes);
    while (reader.next()) {
      if (reader.is_text(1)) key = reader.text();
      if (reader.is_text(2) && !read_value(reader.text(), value, depth)) return false;
    }
    return !reader.failed();
  }

  bool read_value(std::string_view bytes, Value& value, unsigned depth) {
    if (depth >= kMaxOtlpDepth) {
      too_deep_ = true;
      return true;
    }
    WireReader reader(bytes);
    while (reader.next()) {
      const std::uint8_t type = reader.type();
      switch (reader.field()) {
        case 1:
          set_text(reader, Value::Kind::kText, value);
          break;
        case 2:
          if (type == 0) {
            value.kind = Value::Kind::kBool;
            value.boolean = reader.number() != 0;
          }
          break;
        case 3:
          if (type == 0) {
            value.kind = Value::Kind::kInteger;
            value.integer = static_cast<std::int64_t>(reader.number());
          }
          break;
        case 4:
          if (type == 1) {
            value.kind = Value::Kind::kReal;
            value.real = reader.real();
          }
          break;
        case 5:
        case 6:
          if (type == 2 && !read_container(reader.text(), reader.field() == 6, value, depth)) {
            return false;
          }
          break;
        case 7:
          set_text(reader, Value::Kind::kBytes, value);
          break;
        default:
          break;
      }
    }
    return !reader.failed();
  }

  static void set_text(const WireReader& reader, Value::Kind kind, Value& value) {
    if (reader.type() != 2) return;
    value.kind = kind;
    value.text = reader.text();
  }

  bool read_container(std::string_view bytes, bool is_map, Value& value, unsigned depth) {
    value.kind = is_map ? Value::Kind::kMap : Value::Kind::kArray;
    WireReader reader(bytes);
    while (reader.next()) {
      if (!reader.is_text(1)) continue;
      const bool ok = is_map ? read_key_value(reader.text(), value.members, depth + 1)
                             : read_value(reader.text(), value.items.emplace_back(), depth + 1);
      if (!ok) return false;
    }
    return !reader.failed();
  }

  RecordWriter& writer_;
  bool too_deep_ = false;
};

}  // namespace

Status read_protobuf(std::string_view body, std::vector<net::RecordBuffer>& offers,
                     std::size_t& rejected) {
  RecordWriter writer(offers, rejected);
  return ProtobufLogs(writer).read_request(body);
}

}  // namespace catena::http::otlp
