// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/arena.h"
#include "engine/event/event_batch.h"
#include "engine/normalise/flat_record.h"
#include "engine/normalise/normalisation_table.h"

// JsonWalker flattens one JSON object into (path, value) pairs: nested keys are joined by dots,
// the elements of an array share the array's path. It is the only file that knows how JSON is
// parsed: simdjson finds the structure (its stage 1: also UTF-8 validation), a loop here walks it.
// Thread safety: none; one per thread. Cost: one pass; texts without escapes are views of the
// document, the others go to the arena. Errors: the reason for a dead letter; never an exception.
namespace catena::codec {

// Bounds on one document. Exceeding depth, field or key bounds makes a dead letter; a long value is
// cut and flagged.
inline constexpr std::size_t kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxFields = 4096;
inline constexpr std::size_t kMaxKeyBytes = 1024;
inline constexpr std::size_t kMaxValueBytes = 1024 * 1024;
// Readable bytes that must lie behind a document.
inline constexpr std::size_t kJsonPadding = 64;

class JsonWalker {
 public:
  explicit JsonWalker(const normalise::NormalisationTable& table);
  ~JsonWalker();
  JsonWalker(const JsonWalker&) = delete;
  JsonWalker& operator=(const JsonWalker&) = delete;

  // Appends the fields of `document` (an object with nothing behind it) to `out`, paths below
  // `prefix` ("" or "EventData"). kJsonPadding readable bytes lie behind the document. On an error
  // the record's new fields are unspecified; the caller drops them.
  std::optional<DeadLetterReason> walk(std::string_view document, std::string_view prefix,
                                       Arena& arena, normalise::FlatRecord& out);

  // The field indexes of the last walk whose paths may hold embedded records.
  [[nodiscard]] const std::vector<std::uint32_t>& embedded() const noexcept { return embedded_; }

 private:
  struct Structure;  // simdjson's parser
  struct Level {
    bool is_array = false;
    bool holds_containers = false;    // arrays: some element is an object or an array
    std::uint32_t path_bytes = 0;     // length of path_ inside this container
    std::uint32_t composite = 0;      // index + 1 of its composite field, 0 when it has none
    std::uint32_t begin = 0;          // offset of its bracket in the document
    std::uint64_t object_number = 0;  // objects: for telling duplicate keys
  };
  // Where the walk stands in the structural index.
  struct Cursor {
    const std::uint32_t* next = nullptr;
    const std::uint32_t* end = nullptr;
  };

  std::optional<DeadLetterReason> index(std::string_view& document, Arena& arena,
                                        normalise::FlatRecord& out);
  std::optional<DeadLetterReason> walk_index(std::string_view document, Arena& arena,
                                             normalise::FlatRecord& out);
  std::optional<DeadLetterReason> take_key(std::string_view document, Cursor& cursor,
                                           normalise::FlatRecord& out);
  std::optional<DeadLetterReason> take_value(std::string_view document, Cursor& cursor,
                                             Arena& arena, normalise::FlatRecord& out);
  std::optional<DeadLetterReason> take_string(std::string_view token, Arena& arena,
                                              normalise::FlatRecord& out);
  std::optional<DeadLetterReason> open(char bracket, std::uint32_t offset,
                                       normalise::FlatRecord& out);
  void close(std::string_view document, std::uint32_t end, normalise::FlatRecord& out);
  void add_value(std::string_view text, ValueKind kind, normalise::FlatRecord& out);
  [[nodiscard]] std::string_view token(std::string_view document,
                                       const Cursor& cursor) const noexcept;
  [[nodiscard]] std::string_view unescaped(std::string_view body, Arena& arena, bool& valid,
                                           normalise::FlatRecord& out) const;
  bool is_duplicate(std::uint64_t key_hash, std::uint64_t object_number);
  bool is_repeated(normalise::PathId path, std::uint64_t object_number);
  void begin_duplicates();

  const normalise::NormalisationTable& table_;
  std::unique_ptr<Structure> structure_;
  std::string path_;
  normalise::PathId path_id_ = normalise::kUnknownPath;  // of path_
  std::vector<Level> levels_;
  std::vector<std::uint32_t> embedded_;
  std::vector<std::uint64_t> keys_seen_;       // open addressing; 0 is free
  std::vector<std::uint64_t> object_of_path_;  // by path: the object that had it last
  std::size_t keys_count_ = 0;
  std::uint64_t next_object_ = 1;
};

}  // namespace catena::codec
