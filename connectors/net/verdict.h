// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/pipeline/receiver.h"

// The one table that says how each protocol tells its sender what became of what it sent. Receivers
// ask it; nothing else decides on a status, a code or whether a connection stays. Its cells are the
// table of connectors/README.md, and tests/network/verdict_cells_test.cc holds each of them.
// Thread safety: pure functions over constants.
namespace catena::net {

// What became of a request, a chunk, a window or a message.
enum class Verdict : std::uint8_t {
  kAccepted,      // durable
  kDuplicate,     // durable before, under the same id
  kBad,           // will never be acceptable: a dead letter, or refused by the protocol's own error
  kWaiting,       // overload for less than the hold limit
  kOverloaded,    // overload for longer
  kStopping,      // the daemon drains
  kTooLarge,      // beyond a limit of the protocol
  kUnauthorised,  // no or a wrong token, key or certificate
};
inline constexpr std::size_t kVerdictCount = 8;

enum class Protocol : std::uint8_t {
  kSyslogUdp,
  kSyslogStream,  // TCP and TLS
  kRelp,
  kLumberjack,
  kForward,
  kNdjson,
  kBulk,
  kHec,
  kOtlp,
  kJournal,
};
inline constexpr std::size_t kProtocolCount = 10;

enum class Action : std::uint8_t {
  kReadOn,       // the protocol has no answer
  kAcknowledge,  // the protocol's positive answer
  kError,        // its negative answer; the connection stays
  kErrorClose,   // its negative answer; the connection ends
  kWithhold,     // nothing yet; the sender waits
  kKeepAlive,    // withheld, with the protocol's sign of life
  kStopReading,  // nothing is read until it is over
  kFarewell,     // its own way to end a connection, after what is under way
  kShorten,      // the record is cut and flagged
  kDrop,         // lost and counted: the protocol leaves no other way
  kClose,        // the connection ends without an answer
};

struct Reply {
  Action action = Action::kClose;
  int status = 0;         // HTTP status; RELP code
  int code = 0;           // code inside the body: HEC's; per-item status of _bulk
  std::string_view text;  // the error's name or message in the protocol
};

[[nodiscard]] const Reply& reply_for(Protocol protocol, Verdict verdict) noexcept;

[[nodiscard]] std::string_view protocol_name(Protocol protocol) noexcept;
[[nodiscard]] std::string_view verdict_name(Verdict verdict) noexcept;
[[nodiscard]] std::string_view action_name(Action action) noexcept;

// What a settled offer means: kFailed is not known to be durable, so it counts as overload, and the
// sender repeats it.
[[nodiscard]] Verdict verdict_of(pipeline::Outcome outcome) noexcept;

}  // namespace catena::net
