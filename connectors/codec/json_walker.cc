// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/json_walker.h"

#include <algorithm>
#include <cstring>
#include <string>

#include <simdjson.h>

#include "connectors/codec/json_text.h"
#include "connectors/codec/utf8_repair.h"
#include "engine/base/hash.h"

namespace catena::codec {
namespace {

using normalise::FlatRecord;
using normalise::kUnknownPath;

// The structural index takes four bytes per byte of the largest document; above this size it is
// given back after the document.
constexpr std::size_t kKeptCapacity = 1024 * 1024;
constexpr std::size_t kFirstCapacity = 64 * 1024;
constexpr std::size_t kFirstKeySlots = 2048;
constexpr std::uint64_t kHashStep = 0x9E3779B97F4A7C15ULL;

static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);
static_assert(EventBatch::kPadding >= kJsonPadding);

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

const std::uint8_t* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

struct JsonWalker::Structure {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;

  // Room for a document of `bytes`; false when there is no memory.
  bool reserve(std::size_t bytes) {
    if (parser == nullptr) {
      const std::size_t capacity = std::max(bytes, kFirstCapacity);
      return simdjson::get_active_implementation()->create_dom_parser_implementation(
                 capacity, kMaxJsonDepth, parser) == simdjson::SUCCESS;
    }
    if (parser->capacity() >= bytes) return true;
    return parser->allocate(bytes + bytes / 2, kMaxJsonDepth) == simdjson::SUCCESS;
  }
  void shrink() {
    if (parser != nullptr && parser->capacity() > kKeptCapacity) parser.reset();
  }
};

JsonWalker::JsonWalker(const normalise::NormalisationTable& table)
    : table_(table), structure_(std::make_unique<Structure>()), keys_seen_(kFirstKeySlots, 0) {}

JsonWalker::~JsonWalker() = default;

std::optional<DeadLetterReason> JsonWalker::index(std::string_view& document, Arena& arena,
                                                  FlatRecord& out) {
  if (!structure_->reserve(document.size())) return DeadLetterReason::kTooLong;
  auto error = structure_->parser->stage1(bytes_of(document), document.size(),
                                          simdjson::stage1_mode::regular);
  if (error == simdjson::UTF8_ERROR) {
    out.flags |= kFlagInvalidUtf8;
    document = repair_utf8(document, kJsonPadding, arena);
    if (!structure_->reserve(document.size())) return DeadLetterReason::kTooLong;
    error = structure_->parser->stage1(bytes_of(document), document.size(),
                                       simdjson::stage1_mode::regular);
  }
  if (error == simdjson::SUCCESS) return std::nullopt;
  if (error == simdjson::UNESCAPED_CHARS && looks_binary(document)) {
    return DeadLetterReason::kBinary;
  }
  return error == simdjson::UNCLOSED_STRING ? DeadLetterReason::kTruncated
                                            : DeadLetterReason::kInvalidJson;
}

std::optional<DeadLetterReason> JsonWalker::walk(std::string_view document, std::string_view prefix,
                                                 Arena& arena, FlatRecord& out) {
  embedded_.clear();
  levels_.clear();
  path_.assign(prefix);
  if (!prefix.empty()) path_.push_back('.');
  begin_duplicates();
  auto problem = index(document, arena, out);
  if (!problem) problem = walk_index(document, arena, out);
  structure_->shrink();
  return problem;
}

// The text from the cursor's structural to the next one, without blanks behind it.
std::string_view JsonWalker::token(std::string_view document, const Cursor& cursor) const noexcept {
  const std::size_t begin = *cursor.next;
  std::size_t end = cursor.next + 1 < cursor.end ? cursor.next[1] : document.size();
  while (end > begin && is_blank(document[end - 1])) --end;
  return document.substr(begin, end - begin);
}

std::optional<DeadLetterReason> JsonWalker::walk_index(std::string_view document, Arena& arena,
                                                       FlatRecord& out) {
  const auto* first = structure_->parser->structural_indexes.get();
  Cursor cursor{first, first + structure_->parser->n_structural_indexes};
  if (cursor.next == cursor.end || document[*cursor.next] != '{') {
    return DeadLetterReason::kNotARecord;
  }
  // Levels below this one know their path; the root has no composite of its own.
  levels_.push_back(
      {false, false, static_cast<std::uint32_t>(path_.size()), 0, *cursor.next, next_object_++});
  ++cursor.next;
  bool expects_item = true;  // a key or an element; else a comma or the end
  bool may_close = true;
  while (!levels_.empty()) {
    if (cursor.next == cursor.end) return DeadLetterReason::kTruncated;
    const char c = document[*cursor.next];
    if ((c == '}' || c == ']') && may_close) {
      if (levels_.back().is_array != (c == ']')) return DeadLetterReason::kInvalidJson;
      close(document, *cursor.next + 1, out);
      ++cursor.next;
      expects_item = false;
      continue;
    }
    if (!expects_item) {
      if (c != ',') return DeadLetterReason::kInvalidJson;
      ++cursor.next;
      expects_item = true;
      may_close = false;
      continue;
    }
    const std::size_t depth = levels_.size();
    if (!levels_.back().is_array) {
      if (auto problem = take_key(document, cursor, out)) return problem;
      if (cursor.next == cursor.end) return DeadLetterReason::kTruncated;
    }
    if (auto problem = take_value(document, cursor, arena, out)) return problem;
    expects_item = levels_.size() > depth;
    may_close = true;
  }
  return cursor.next == cursor.end ? std::nullopt : std::optional(DeadLetterReason::kInvalidJson);
}

std::optional<DeadLetterReason> JsonWalker::take_key(std::string_view document, Cursor& cursor,
                                                     FlatRecord& out) {
  const std::string_view text = token(document, cursor);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
    return DeadLetterReason::kInvalidJson;
  }
  ++cursor.next;
  if (cursor.next == cursor.end) return DeadLetterReason::kTruncated;
  if (document[*cursor.next] != ':') return DeadLetterReason::kInvalidJson;
  ++cursor.next;
  const std::string_view key = text.substr(1, text.size() - 2);
  if (key.size() > kMaxKeyBytes) return DeadLetterReason::kKeyTooLong;
  const Level& level = levels_.back();
  path_.resize(level.path_bytes);
  if (key.find('\\') == std::string_view::npos) {
    path_.append(key);
  } else if (!append_unescaped(key, path_)) {
    return DeadLetterReason::kInvalidJson;
  }
  // Very long paths are known to no table; hashing them again for every key would cost too much.
  const bool known_length = path_.size() <= normalise::kMaxPathBytes;
  const std::string_view hashed =
      known_length ? std::string_view(path_) : std::string_view(path_).substr(level.path_bytes);
  const std::uint64_t hash = hash64(hashed);
  path_id_ = known_length ? table_.find_path(path_, hash) : kUnknownPath;
  const bool duplicate = path_id_ != kUnknownPath ? is_repeated(path_id_, level.object_number)
                                                  : is_duplicate(hash, level.object_number);
  if (duplicate) out.flags |= kFlagDuplicateKey;
  return std::nullopt;
}

std::optional<DeadLetterReason> JsonWalker::take_value(std::string_view document, Cursor& cursor,
                                                       Arena& arena, FlatRecord& out) {
  const std::uint32_t offset = *cursor.next;
  const char c = document[offset];
  if (c == '{' || c == '[') {
    ++cursor.next;
    return open(c, offset, out);
  }
  const std::string_view text = token(document, cursor);
  ++cursor.next;
  if (out.fields.size() >= kMaxFields) return DeadLetterReason::kTooManyFields;
  if (c == '"') return take_string(text, arena, out);
  if (text == "true" || text == "false") {
    add_value(text, ValueKind::kBool, out);
  } else if (text == "null") {
    add_value({}, ValueKind::kNull, out);
  } else if (is_json_number(text)) {
    add_value(utf8_prefix(text, kMaxValueBytes), ValueKind::kNumber, out);
    if (text.size() > kMaxValueBytes) out.flags |= kFlagTruncatedField;
  } else {
    return DeadLetterReason::kInvalidJson;
  }
  return std::nullopt;
}

std::string_view JsonWalker::unescaped(std::string_view body, Arena& arena, bool& valid,
                                       FlatRecord& out) const {
  auto* to = static_cast<std::uint8_t*>(arena.allocate(body.size() + kJsonPadding, 1));
  // The byte behind the body is its closing quote, which simdjson stops at.
  const std::uint8_t* end = structure_->parser->parse_string(bytes_of(body), to);
  if (end != nullptr) {
    return {reinterpret_cast<const char*>(to), static_cast<std::size_t>(end - to)};
  }
  // A lone surrogate, or an escape that does not exist.
  std::string text;
  valid = append_unescaped(body, text);
  out.flags |= kFlagInvalidUtf8;
  return arena.copy(text);
}

std::optional<DeadLetterReason> JsonWalker::take_string(std::string_view text, Arena& arena,
                                                        FlatRecord& out) {
  if (text.size() < 2 || text.back() != '"') return DeadLetterReason::kInvalidJson;
  std::string_view value = text.substr(1, text.size() - 2);
  if (std::memchr(value.data(), '\\', value.size()) != nullptr) {
    bool valid = true;
    value = unescaped(value, arena, valid, out);
    if (!valid) return DeadLetterReason::kInvalidJson;
  }
  if (value.size() > kMaxValueBytes) {
    value = utf8_prefix(value, kMaxValueBytes);
    out.flags |= kFlagTruncatedField;
  }
  add_value(value, ValueKind::kString, out);
  return std::nullopt;
}

void JsonWalker::add_value(std::string_view text, ValueKind kind, FlatRecord& out) {
  if (path_id_ != kUnknownPath && kind == ValueKind::kString && table_.maybe_embedded(path_id_)) {
    embedded_.push_back(static_cast<std::uint32_t>(out.fields.size()));
  }
  out.add(path_id_, text, kind);
}

std::optional<DeadLetterReason> JsonWalker::open(char bracket, std::uint32_t offset,
                                                 FlatRecord& out) {
  if (levels_.size() >= kMaxJsonDepth) return DeadLetterReason::kTooDeep;
  Level& parent = levels_.back();
  Level level;
  level.is_array = bracket == '[';
  level.begin = offset;
  level.path_bytes = static_cast<std::uint32_t>(path_.size());
  if (parent.is_array) {
    // Elements share the path and the composite of the outermost array.
    parent.holds_containers = true;
  } else if (path_id_ != kUnknownPath) {
    if (out.fields.size() >= kMaxFields) return DeadLetterReason::kTooManyFields;
    out.add(path_id_, {}, ValueKind::kComposite);
    level.composite = static_cast<std::uint32_t>(out.fields.size());
  }
  if (!level.is_array) {
    level.object_number = next_object_++;
    path_.push_back('.');
    ++level.path_bytes;
  }
  levels_.push_back(level);
  return std::nullopt;
}

void JsonWalker::close(std::string_view document, std::uint32_t end, FlatRecord& out) {
  const Level level = levels_.back();
  levels_.pop_back();
  if (levels_.empty()) return;
  if (level.composite != 0) {
    const std::size_t index = level.composite - 1;
    if (level.is_array && !level.holds_containers) {
      // An array of plain values is just a field with several values.
      out.fields.erase(out.fields.begin() + static_cast<std::ptrdiff_t>(index));
      for (std::uint32_t& field : embedded_) {
        if (field > index) --field;
      }
    } else {
      out.fields[index].text =
          utf8_prefix(document.substr(level.begin, end - level.begin), kMaxValueBytes);
    }
  }
  // Back to the path of the container that is open now, for the elements of an array.
  const Level& parent = levels_.back();
  if (parent.is_array) {
    path_.resize(parent.path_bytes);
    path_id_ = table_.find_path(path_);
  }
}

void JsonWalker::begin_duplicates() {
  if (keys_count_ * 4 < keys_seen_.size()) return;
  if (keys_seen_.size() > kFirstKeySlots) {
    keys_seen_.assign(kFirstKeySlots, 0);
  } else {
    std::fill(keys_seen_.begin(), keys_seen_.end(), 0U);
  }
  keys_count_ = 0;
}

// Known paths are few and numbered: no hashing to find them again.
bool JsonWalker::is_repeated(normalise::PathId path, std::uint64_t object_number) {
  if (path >= object_of_path_.size()) object_of_path_.resize(path + 1, 0);
  const bool repeated = object_of_path_[path] == object_number;
  object_of_path_[path] = object_number;
  return repeated;
}

bool JsonWalker::is_duplicate(std::uint64_t key_hash, std::uint64_t object_number) {
  const std::uint64_t mark = (key_hash ^ (object_number * kHashStep)) | 1U;
  if (keys_count_ * 2 >= keys_seen_.size()) {
    std::vector<std::uint64_t> old(keys_seen_.size() * 2, 0);
    old.swap(keys_seen_);
    for (const std::uint64_t value : old) {
      if (value == 0) continue;
      std::size_t slot = value >> 8U & (keys_seen_.size() - 1);
      while (keys_seen_[slot] != 0) slot = (slot + 1) & (keys_seen_.size() - 1);
      keys_seen_[slot] = value;
    }
  }
  std::size_t slot = mark >> 8U & (keys_seen_.size() - 1);
  while (keys_seen_[slot] != 0) {
    if (keys_seen_[slot] == mark) return true;
    slot = (slot + 1) & (keys_seen_.size() - 1);
  }
  keys_seen_[slot] = mark;
  ++keys_count_;
  return false;
}

}  // namespace catena::codec
