// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/codec/json_text.h"
#include "connectors/codec/key_table.h"
#include "engine/base/arena.h"
#include "engine/event/event_batch.h"
#include "engine/normalise/flat_record.h"
#include "engine/normalise/normalisation_table.h"

// JsonWalker flattens one JSON object into (path, value) pairs: nested keys are joined by dots,
// the elements of an array share the array's path. It is the only file that knows how JSON is
// parsed: simdjson finds the structure (its stage 1: also UTF-8 validation), a loop here walks it.
// Its slow twin is tests/support/on_demand_walker.h.
// Thread safety: none; one per thread. Cost: one pass; string values are views of the document,
// escaped as received where their escapes are simple (Field::escaped), else unescaped into the
// arena. Errors: the reason for a dead letter; never an exception.
namespace catena::codec {

// Bounds on one document. Exceeding depth, field or key bounds makes a dead letter; a long value is
// cut and flagged.
inline constexpr std::size_t kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxFields = 4096;
inline constexpr std::size_t kMaxKeys = 16 * 1024;  // with those of empty and unknown containers
inline constexpr std::size_t kMaxKeyBytes = 1024;
inline constexpr std::size_t kMaxValueBytes = 1024 * 1024;
// Readable bytes that must lie behind a document.
inline constexpr std::size_t kJsonPadding = 64;

class JsonWalker {
 public:
  // `seed` makes the hash of keys unpredictable for who writes the logs.
  explicit JsonWalker(const normalise::NormalisationTable& table, std::uint64_t seed = 0);
  ~JsonWalker();
  JsonWalker(const JsonWalker&) = delete;
  JsonWalker& operator=(const JsonWalker&) = delete;

  // Appends the fields of `document` (an object with nothing behind it) to `out`, paths below
  // `prefix` ("" or "EventData"), and sets out.raw_holds_values. kJsonPadding readable bytes lie
  // behind the document. On an error the record's new fields are unspecified; the caller drops
  // them.
  std::optional<DeadLetterReason> walk(std::string_view document, std::string_view prefix,
                                       Arena& arena, normalise::FlatRecord& out);

  // Whether the text is valid UTF-8, as stage 1 checks it.
  [[nodiscard]] static bool is_valid_utf8(std::string_view text) noexcept;

  // Makes a string value plain, whatever escapes it holds; kJsonPadding readable bytes lie behind
  // it, the first of them its closing quote. Sets flags for what could not be kept. False when some
  // escape is none.
  bool unescape(normalise::FlatField& field, std::uint8_t& flags, Arena& arena);

  // The field indexes of the last walk whose paths may hold embedded records. Never escaped.
  [[nodiscard]] const std::vector<std::uint32_t>& embedded() const noexcept { return embedded_; }

 private:
  struct Structure;  // simdjson's parser
  struct Level {
    bool is_array = false;
    bool holds_containers = false;    // arrays: some element is an object or an array
    KeyId container = kNoKey;         // the key whose value this is; arrays in arrays share it
    std::uint32_t composite = 0;      // index + 1 of its composite field, 0 when it has none
    std::uint32_t begin = 0;          // offset of its bracket in the document
    std::uint32_t object_number = 0;  // objects: for telling duplicate keys
  };
  // Where the walk stands in the structural index.
  struct Cursor {
    const std::uint32_t* next = nullptr;
    const std::uint32_t* end = nullptr;
  };
  using Problem = std::optional<DeadLetterReason>;

  Problem index(std::string_view& document, Arena& arena, normalise::FlatRecord& out);
  Problem walk_index(std::string_view document, KeyId root, Arena& arena,
                     normalise::FlatRecord& out);
  Problem take_plain_members(std::string_view document, Cursor& cursor, Arena& arena,
                             normalise::FlatRecord& out);
  Problem take_key(std::string_view document, Cursor& cursor, normalise::FlatRecord& out);
  Problem take_value(std::string_view document, Cursor& cursor, Arena& arena,
                     normalise::FlatRecord& out);
  Problem take_scalar(std::string_view document, std::size_t begin, std::size_t end, Arena& arena,
                      std::uint8_t& flags, normalise::FlatField& field);
  static Problem take_literal(std::string_view text, std::uint8_t& flags,
                              normalise::FlatField& field);
  Problem make_plain_now(Arena& arena, std::uint8_t& flags, normalise::FlatField& field);
  Problem open(char bracket, std::uint32_t offset, normalise::FlatRecord& out);
  void close(std::string_view document, std::uint32_t end, normalise::FlatRecord& out);
  Problem take_separator(std::string_view document, Cursor& cursor, normalise::FlatRecord& out);
  [[nodiscard]] std::string_view token(std::string_view document,
                                       const Cursor& cursor) const noexcept;
  KeyId escaped_key(KeyId container, std::string_view body, bool& valid);

  KeyTable keys_;
  std::unique_ptr<Structure> structure_;
  std::vector<Level> levels_;
  std::vector<std::uint32_t> embedded_;
  EscapeMap escapes_;           // of the document
  bool simple_escapes_ = true;  // of the document
  std::string key_text_;
  KeyId key_ = kNoKey;  // of the value that comes next
  std::size_t keys_in_document_ = 0;
};

}  // namespace catena::codec
