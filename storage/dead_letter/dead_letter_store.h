// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/event/event_batch.h"
#include "engine/event/timestamp.h"
#include "storage/kv/kv.h"

// DeadLetterStore keeps the records that could not be evaluated, whole, with the reason, until
// somebody looks at them: lists them, shows one, gives them to the daemon again. The key is the
// record's number in the journal, so putting the letters of an epoch again changes nothing, and
// they can be durable before the epoch is.
// Bounds: max_letters and max_bytes; beyond, the oldest go and are counted. Durability, fail-stop
// and thread safety: as Kv; put() and remove() from one thread at a time each.
namespace catena::storage {

struct KeptLetter {
  std::uint64_t record = 0;  // its number in the journal
  DeadLetterReason reason = DeadLetterReason::kInvalidJson;
  Timestamp received_at = kNoTime;
  std::string listener;
  std::string peer;
  std::string detail;  // what the reason leaves open; may be empty
  std::string rule;    // kWorkLimit: the id of the first rule that was given up
  std::string bytes;   // the record
};

struct DeadLetterOptions {
  std::string path;
  bool create_if_missing = true;
  bool read_only = false;
  std::uint64_t max_letters = 100'000;
  std::uint64_t max_bytes = std::uint64_t{256} * 1024 * 1024;
};

class DeadLetterStore {
 public:
  // Errors as Kv::open. Cost: reads every key and the length of its value.
  static Result<std::unique_ptr<DeadLetterStore>> open(const DeadLetterOptions& options);

  // Durable when it returns.
  Status put(const std::vector<KeptLetter>& letters);
  Status remove(std::uint64_t record);
  [[nodiscard]] Result<std::optional<KeptLetter>> get(std::uint64_t record) const;
  // Oldest first. Stops when `visit` returns false.
  Status for_each(const std::function<bool(const KeptLetter&)>& visit) const;

  struct Figures {
    std::uint64_t letters = 0;
    std::uint64_t bytes = 0;
    std::uint64_t dropped = 0;  // since opening, to stay within the bounds
  };
  [[nodiscard]] Figures figures() const;

 private:
  DeadLetterStore(const DeadLetterOptions& options, std::unique_ptr<Kv> kv)
      : options_(options), kv_(std::move(kv)) {}
  Status count();
  Status make_room(KvBatch& batch, std::uint64_t letters, std::uint64_t bytes);

  DeadLetterOptions options_;
  std::unique_ptr<Kv> kv_;
  mutable std::mutex mutex_;  // guards figures_, and a change of what they count
  Figures figures_;
};

// The value of a letter; FORMAT.md has every byte. kCorrupt, kVersion as for the incident store.
[[nodiscard]] std::string encode_letter(const KeptLetter& letter);
[[nodiscard]] Result<KeptLetter> decode_letter(std::uint64_t record, std::string_view value);

}  // namespace catena::storage
