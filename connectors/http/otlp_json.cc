// SPDX-License-Identifier: Apache-2.0
// OTLP logs in JSON (OTLP specification, "JSON Protobuf Encoding"): names in lowerCamelCase, 64-bit
// numbers as text or number, trace and span ids in hexadecimal, bytes in base64.
#include <charconv>
#include <string>

#include <simdjson.h>

#include "connectors/http/otlp_model.h"

namespace catena::http::otlp {

namespace {

namespace dom = simdjson::dom;

// Levels of JSON around and inside the values: each of ours takes up to four of JSON.
constexpr std::size_t kMaxJsonDepth = 4 * kMaxOtlpDepth + 16;

std::uint64_t to_number(dom::element element) {
  std::uint64_t number = 0;
  if (element.get(number) == simdjson::SUCCESS) return number;
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) return 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::int64_t to_integer(dom::element element) {
  std::int64_t number = 0;
  if (element.get(number) == simdjson::SUCCESS) return number;
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) return 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string_view to_text(dom::element element) {
  std::string_view text;
  return element.get(text) == simdjson::SUCCESS ? text : std::string_view();
}

void read_value(dom::element element, Value& value, unsigned depth, bool& too_deep);

void read_attributes(dom::element element, Attributes& attributes, unsigned depth, bool& too_deep) {
  dom::array pairs;
  if (element.get(pairs) != simdjson::SUCCESS) return;
  for (const dom::element pair : pairs) {
    dom::object members;
    if (pair.get(members) != simdjson::SUCCESS) continue;
    auto& [key, value] = attributes.emplace_back();
    for (const auto member : members) {
      if (member.key == "key") key = to_text(member.value);
      if (member.key == "value") read_value(member.value, value, depth, too_deep);
    }
  }
}

void read_array(dom::element element, Value& value, unsigned depth, bool& too_deep) {
  value.kind = Value::Kind::kArray;
  dom::array items;
  if (element["values"].get(items) != simdjson::SUCCESS) return;
  for (const dom::element item : items) {
    read_value(item, value.items.emplace_back(), depth, too_deep);
  }
}

void read_value(dom::element element, Value& value, unsigned depth, bool& too_deep) {
  dom::object members;
  if (depth >= kMaxOtlpDepth) {
    too_deep = true;
    return;
  }
  if (element.get(members) != simdjson::SUCCESS) return;
  for (const auto member : members) {
    if (member.key == "stringValue" || member.key == "bytesValue") {
      value.kind = Value::Kind::kText;  // base64 stays as it is
      value.text = to_text(member.value);
    } else if (member.key == "boolValue") {
      value.kind = Value::Kind::kBool;
      if (member.value.get(value.boolean) != simdjson::SUCCESS) value.boolean = false;
    } else if (member.key == "intValue") {
      value.kind = Value::Kind::kInteger;
      value.integer = to_integer(member.value);
    } else if (member.key == "doubleValue") {
      value.kind = Value::Kind::kReal;
      if (member.value.get(value.real) != simdjson::SUCCESS) value.real = 0;
    } else if (member.key == "arrayValue") {
      read_array(member.value, value, depth + 1, too_deep);
    } else if (member.key == "kvlistValue") {
      value.kind = Value::Kind::kMap;
      dom::element pairs;
      if (member.value["values"].get(pairs) == simdjson::SUCCESS) {
        read_attributes(pairs, value.members, depth + 1, too_deep);
      }
    }
  }
}

void read_log(dom::object members, LogRecord& log) {
  for (const auto member : members) {
    const std::string_view key = member.key;
    if (key == "timeUnixNano") log.time = to_number(member.value);
    if (key == "observedTimeUnixNano") log.observed = to_number(member.value);
    if (key == "severityNumber") log.severity_number = to_number(member.value);
    if (key == "severityText") log.severity_text = to_text(member.value);
    if (key == "eventName") log.event_name = to_text(member.value);
    if (key == "traceId") log.trace_id = to_text(member.value);
    if (key == "spanId") log.span_id = to_text(member.value);
    if (key == "body") read_value(member.value, log.body, 0, log.too_deep);
    if (key == "attributes") read_attributes(member.value, log.attributes, 0, log.too_deep);
  }
}

Status read_resource_logs(dom::element element, RecordWriter& writer) {
  Attributes resource;
  bool too_deep = false;
  dom::element attributes;
  if (element["resource"]["attributes"].get(attributes) == simdjson::SUCCESS) {
    read_attributes(attributes, resource, 0, too_deep);
  }
  dom::array scopes;
  if (element["scopeLogs"].get(scopes) != simdjson::SUCCESS) return ok_status();
  for (const dom::element scope : scopes) {
    std::string_view name;
    if (scope["scope"]["name"].get(name) != simdjson::SUCCESS) name = {};
    dom::array logs;
    if (scope["logRecords"].get(logs) != simdjson::SUCCESS) continue;
    for (const dom::element log : logs) {
      dom::object members;
      if (log.get(members) != simdjson::SUCCESS) return invalid_input("a log record is no object");
      LogRecord record;
      record.scope = name;
      record.too_deep = too_deep;
      read_log(members, record);
      RETURN_IF_ERROR(writer.write(record, resource));
    }
  }
  return ok_status();
}

}  // namespace

Status read_json(std::string_view body, std::vector<net::RecordBuffer>& offers,
                 std::size_t& rejected) {
  dom::parser parser;
  dom::element root;
  dom::object request;
  if (parser.allocate(body.size() + 1, kMaxJsonDepth) != simdjson::SUCCESS) {
    return internal_error("no memory for a JSON document");
  }
  const simdjson::error_code error = parser.parse(body.data(), body.size(), false).get(root);
  if (error != simdjson::SUCCESS) return invalid_input(simdjson::error_message(error));
  if (root.get(request) != simdjson::SUCCESS) return invalid_input("the request is no JSON object");
  dom::array resources;
  if (request["resourceLogs"].get(resources) != simdjson::SUCCESS) return ok_status();
  RecordWriter writer(offers, rejected);
  for (const dom::element resource : resources) {
    RETURN_IF_ERROR(read_resource_logs(resource, writer));
  }
  return ok_status();
}

}  // namespace catena::http::otlp
