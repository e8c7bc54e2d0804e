// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/status.h"
#include "engine/event/event_batch.h"

// The port between whoever receives records and the daemon that keeps them. A receiver speaks one
// protocol on its own threads, cuts what it is sent into whole records and offers them in batches;
// the daemon makes a batch durable and answers; the receiver turns the answer into its protocol's.
// It fits whatever can wait for an answer: a socket, a file that remembers its position, a consumer
// that commits offsets.
//
//   receiver thread:  cut frames ─▶ port.offer(batch, done) ─▶ goes on reading, or stops
//   journal thread:   many batches, one sync ─▶ done(answer) of each, in the order of offering
//
// The promise: after Outcome::kDurable every record of the batch will be evaluated or be a dead
// letter, whatever happens to the process or the power. After any other outcome the daemon will
// probably, but not certainly, never have seen the batch (a failed sync may have written), so a
// sender that repeats it is right; repeated records are the same events and found once.
namespace catena::pipeline {

// Limits of one batch. Larger ones are refused whole; a receiver cuts what it reads into smaller
// ones long before (64 KiB to 1 MiB a batch is where throughput stops growing).
inline constexpr std::size_t kMaxOfferBytes = std::size_t{4} * 1024 * 1024;
inline constexpr std::size_t kMaxOfferRecords = 65'536;
// A single record; longer ones the receiver cuts (Record::shortened) or offers as dead letters with
// their first bytes. Receivers have their own, smaller limits (64 KiB of a syslog message).
inline constexpr std::size_t kMaxOfferedRecordBytes = std::size_t{1} * 1024 * 1024;
// Of the names below.
inline constexpr std::size_t kMaxListenerNameBytes = 64;
inline constexpr std::size_t kMaxPeerBytes = 128;

// One whole record without its framing: a syslog message, a JSON document (which may span lines).
// Never blank: what is empty or only white space is no record and is not offered.
struct Record {
  std::string_view bytes;
  // The receiver already knows that this is no event: it becomes a dead letter with this reason,
  // and the bytes (at most DeadLetter::kExcerptBytes are kept) are its excerpt.
  std::optional<DeadLetterReason> refused = std::nullopt;
  // Bytes were cut off at the end because of a limit. It is evaluated, and counted.
  bool shortened = false;
};

// Views need to live only until offer() returns.
struct RecordBatch {
  // The listener's name from the configuration, [a-z0-9_-]: what a detection names as its source.
  std::string_view listener;
  // Who sent it, for dead letters and diagnosis: "192.0.2.7:514", a certificate's name; may be
  // empty. Never used as a name of anything.
  std::string_view peer;
  std::span<const Record> records;
};

enum class Outcome : std::uint8_t {
  kDurable,     // on stable storage: acknowledge
  kRefused,     // never acceptable as it is (a limit, a name): do not repeat
  kOverloaded,  // not now: hold the answer, stop reading, or tell the sender to wait
  kStopping,    // the daemon drains: tell the sender to come back
  kFailed,      // the journal could not be written: not durable as far as is known
};

struct Answer {
  Outcome outcome = Outcome::kDurable;
  Status reason;  // ok for kDurable; otherwise one line for the sender or the log
};

class ReceiverPort {
 public:
  // Called exactly once for each offer: from the journal's thread, and possibly before offer()
  // returns, on the caller's thread, when the outcome is not kDurable. Must be quick, must not
  // block and must not call offer() itself: hand over to the receiver's own thread.
  using Done = std::function<void(const Answer&)>;

  ReceiverPort() = default;
  ReceiverPort(const ReceiverPort&) = delete;
  ReceiverPort& operator=(const ReceiverPort&) = delete;
  virtual ~ReceiverPort() = default;

  // Copies the batch and returns without waiting for the disk. Batches of one thread become durable
  // and are evaluated in the order offered. An empty batch is durable at once.
  // Thread safety: any thread. Cost: one copy of the bytes.
  virtual void offer(const RecordBatch& batch, Done done) = 0;

  // An offer would be answered kOverloaded at this moment. A receiver whose protocol has no answer
  // (syslog over TCP) stops reading while this is true and asks again some milliseconds later.
  [[nodiscard]] virtual bool overloaded() const noexcept = 0;
  // No further offer is taken; offers already made are still answered.
  [[nodiscard]] virtual bool stopping() const noexcept = 0;
};

// What the daemon does with a receiver, whatever its protocol.
class Receiver {
 public:
  Receiver() = default;
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  // After stop(). No Done of this receiver runs any more when the daemon destroys it.
  virtual ~Receiver() = default;

  // The listener's name.
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  // Binds and starts its threads. kIo names the address that cannot be had.
  virtual Status start() = 0;
  // Takes no new connection and no new record; answers to what was offered still go out. Returns at
  // once.
  virtual void drain() = 0;
  // Ends the threads and closes everything. The daemon calls it after the last answer.
  virtual void stop() = 0;
  // Reads certificates and keys again; connections that come from now on use them. On an error the
  // old ones stay.
  virtual Status reload_certificates() { return {}; }
  // For /metrics: names [a-z0-9_]+ that end in _total (only grow) or not (a level now), such as
  // connections_open, records_total, kernel_drops_total. Any thread.
  virtual void for_each_figure(
      const std::function<void(std::string_view name, std::uint64_t value)>& visit) const = 0;
};

}  // namespace catena::pipeline
