// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/http/message.h"
#include "engine/base/status.h"

// Logs of the OpenTelemetry protocol (OTLP specification 1.x; opentelemetry/proto/logs/v1), read
// from either encoding into one model, and the record that each log becomes:
//   body a map:  its members, "attributes", "resource", "otlp"
//   else:        {"message": body, the attributes…, "resource": {…}, "otlp": {…}}
// Unknown fields are ignored, as the specification asks.
// Bounds: kMaxOtlpDepth levels of values; a log with deeper ones is a dead letter.
// Thread safety: pure functions.
namespace catena::http::otlp {

inline constexpr unsigned kMaxOtlpDepth = 32;
inline constexpr std::size_t kMaxOtlpRecords = 200'000;

struct Member;

struct Value {
  enum class Kind : std::uint8_t { kNone, kText, kBool, kInteger, kReal, kBytes, kArray, kMap };
  Kind kind = Kind::kNone;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text;        // kText, kBytes
  std::vector<Value> items;     // kArray
  std::vector<Member> members;  // kMap
};
struct Member {
  std::string_view key;
  Value value;
};
using Attributes = std::vector<Member>;

struct LogRecord {
  std::uint64_t time = 0;      // nanoseconds since 1970; 0: unknown
  std::uint64_t observed = 0;  // the same, where it was collected
  std::uint64_t severity_number = 0;
  std::string_view severity_text;
  std::string_view event_name;
  std::string_view scope;
  std::string trace_id;  // hexadecimal
  std::string span_id;
  Value body;
  Attributes attributes;
  bool too_deep = false;
};

// Appends a record for each log. kInvalidInput: not that encoding. kLimit: too many logs.
// `rejected` counts those that became dead letters.
Status read_protobuf(std::string_view body, std::vector<net::RecordBuffer>& offers,
                     std::size_t& rejected);
Status read_json(std::string_view body, std::vector<net::RecordBuffer>& offers,
                 std::size_t& rejected);

// What both readers call for each log.
class RecordWriter {
 public:
  RecordWriter(std::vector<net::RecordBuffer>& offers, std::size_t& rejected)
      : offers_(offers), rejected_(rejected) {}
  Status write(const LogRecord& log, const Attributes& resource);

 private:
  std::vector<net::RecordBuffer>& offers_;
  std::size_t& rejected_;
  std::size_t count_ = 0;
  std::string record_;
};

}  // namespace catena::http::otlp
