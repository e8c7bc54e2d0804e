// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/verdict.h"

#include <array>

namespace catena::net {

namespace {

using Row = std::array<Reply, kVerdictCount>;

constexpr Reply kNone{Action::kReadOn, 0, 0, ""};

// Columns: accepted, duplicate, bad, waiting, overloaded, stopping, too large, unauthorised.
constexpr std::array<Row, kProtocolCount> kReplies{{
    // kSyslogUdp: the kernel's buffer waits; what it drops is counted.
    {{kNone,
      kNone,
      kNone,
      {Action::kStopReading, 0, 0, ""},
      {Action::kStopReading, 0, 0, ""},
      {Action::kDrop, 0, 0, ""},
      {Action::kShorten, 0, 0, ""},
      {Action::kDrop, 0, 0, ""}}},
    // kSyslogStream: RFC 6587 and 5425 have no answer; TCP's window is one.
    {{kNone,
      kNone,
      kNone,
      {Action::kStopReading, 0, 0, ""},
      {Action::kStopReading, 0, 0, ""},
      {Action::kFarewell, 0, 0, ""},
      {Action::kShorten, 0, 0, ""},
      {Action::kClose, 0, 0, ""}}},
    // kRelp
    {{{Action::kAcknowledge, 200, 0, "OK"},
      {Action::kAcknowledge, 200, 0, "OK"},
      {Action::kAcknowledge, 200, 0, "OK"},
      {Action::kWithhold, 0, 0, ""},
      {Action::kClose, 0, 0, ""},
      {Action::kFarewell, 0, 0, "serverclose"},
      {Action::kShorten, 200, 0, "OK"},
      {Action::kClose, 0, 0, ""}}},
    // kLumberjack
    {{{Action::kAcknowledge, 0, 0, ""},
      {Action::kAcknowledge, 0, 0, ""},
      {Action::kAcknowledge, 0, 0, ""},
      {Action::kKeepAlive, 0, 0, ""},
      {Action::kClose, 0, 0, ""},
      {Action::kFarewell, 0, 0, ""},
      {Action::kClose, 0, 0, ""},
      {Action::kClose, 0, 0, ""}}},
    // kForward
    {{{Action::kAcknowledge, 0, 0, ""},
      {Action::kAcknowledge, 0, 0, ""},
      {Action::kAcknowledge, 0, 0, ""},
      {Action::kWithhold, 0, 0, ""},
      {Action::kClose, 0, 0, ""},
      {Action::kFarewell, 0, 0, ""},
      {Action::kClose, 0, 0, ""},
      {Action::kErrorClose, 0, 0, "shared_key mismatch"}}},
    // kNdjson
    {{{Action::kAcknowledge, 200, 0, ""},
      {Action::kAcknowledge, 200, 0, ""},
      {Action::kAcknowledge, 200, 0, ""},
      {Action::kWithhold, 0, 0, ""},
      {Action::kError, 429, 0, "overloaded"},
      {Action::kErrorClose, 503, 0, "shutting down"},
      {Action::kErrorClose, 413, 0, "request too large"},
      {Action::kError, 401, 0, "authentication required"}}},
    // kBulk: `code` is the status of one item.
    {{{Action::kAcknowledge, 200, 201, "created"},
      {Action::kAcknowledge, 200, 409, "version_conflict_engine_exception"},
      {Action::kAcknowledge, 200, 400, "mapper_parsing_exception"},
      {Action::kWithhold, 0, 0, ""},
      {Action::kError, 429, 429, "es_rejected_execution_exception"},
      {Action::kErrorClose, 503, 503, "node_closed_exception"},
      {Action::kErrorClose, 413, 413, "content_too_long_exception"},
      {Action::kError, 401, 401, "security_exception"}}},
    // kHec
    {{{Action::kAcknowledge, 200, 0, "Success"},
      {Action::kAcknowledge, 200, 0, "Success"},
      {Action::kError, 400, 6, "Invalid data format"},
      {Action::kWithhold, 0, 0, ""},
      {Action::kError, 503, 9, "Server is busy"},
      {Action::kErrorClose, 503, 23, "Server is shutting down"},
      {Action::kErrorClose, 413, 27, "Request entity too large"},
      {Action::kError, 401, 2, "Token is required"}}},
    // kOtlp: `code` is the number of google.rpc.Code.
    {{{Action::kAcknowledge, 200, 0, ""},
      {Action::kAcknowledge, 200, 0, ""},
      {Action::kAcknowledge, 200, 0, "partial success"},
      {Action::kWithhold, 0, 0, ""},
      {Action::kError, 429, 14, "overloaded"},
      {Action::kErrorClose, 503, 14, "shutting down"},
      {Action::kErrorClose, 413, 3, "request too large"},
      {Action::kError, 401, 16, "authentication required"}}},
    // kJournal
    {{{Action::kAcknowledge, 200, 0, "OK.\n"},
      {Action::kAcknowledge, 200, 0, "OK.\n"},
      {Action::kAcknowledge, 200, 0, "OK.\n"},
      {Action::kWithhold, 0, 0, ""},
      {Action::kError, 429, 0, "overloaded\n"},
      {Action::kErrorClose, 503, 0, "shutting down\n"},
      {Action::kErrorClose, 413, 0, "request too large\n"},
      {Action::kError, 401, 0, "authentication required\n"}}},
}};

}  // namespace

const Reply& reply_for(Protocol protocol, Verdict verdict) noexcept {
  return kReplies[static_cast<std::size_t>(protocol)][static_cast<std::size_t>(verdict)];
}

std::string_view protocol_name(Protocol protocol) noexcept {
  constexpr std::array<std::string_view, kProtocolCount> kNames{
      "syslog-udp", "syslog", "relp", "lumberjack", "forward",
      "ndjson",     "bulk",   "hec",  "otlp",       "journal"};
  return kNames[static_cast<std::size_t>(protocol)];
}

std::string_view verdict_name(Verdict verdict) noexcept {
  constexpr std::array<std::string_view, kVerdictCount> kNames{
      "accepted",   "duplicate", "bad",       "waiting",
      "overloaded", "stopping",  "too large", "unauthorised"};
  return kNames[static_cast<std::size_t>(verdict)];
}

std::string_view action_name(Action action) noexcept {
  constexpr std::array<std::string_view, 11> kNames{
      "read on",  "acknowledge", "error",        "error and close",
      "withhold", "keep alive",  "stop reading", "farewell",
      "shorten",  "drop",        "close"};
  return kNames[static_cast<std::size_t>(action)];
}

Verdict verdict_of(pipeline::Outcome outcome) noexcept {
  switch (outcome) {
    case pipeline::Outcome::kDurable:
      return Verdict::kAccepted;
    case pipeline::Outcome::kRefused:
      return Verdict::kBad;
    case pipeline::Outcome::kOverloaded:
      return Verdict::kOverloaded;
    case pipeline::Outcome::kStopping:
      return Verdict::kStopping;
    case pipeline::Outcome::kFailed:
      return Verdict::kOverloaded;
  }
  return Verdict::kOverloaded;
}

}  // namespace catena::net
