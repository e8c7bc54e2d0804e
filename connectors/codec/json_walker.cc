// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/json_walker.h"

#include <algorithm>
#include <cstring>
#include <string>

#include <simdjson.h>

#include "connectors/codec/utf8_repair.h"
#include "engine/base/json_escape.h"

namespace catena::codec {
namespace {

using normalise::FlatField;
using normalise::FlatRecord;
using normalise::kUnknownPath;

// The structural index lives in a namespace that simdjson calls internal: what is said here of it
// was checked against this version. See tests/support/on_demand_walker.h before widening it.
static_assert(simdjson::SIMDJSON_VERSION_MAJOR == 3 && simdjson::SIMDJSON_VERSION_MINOR == 0,
              "JsonWalker reads simdjson's structural index as version 3.0 writes it");

// The structural index takes four bytes per byte of the largest document; above this size it is
// given back after the document.
constexpr std::size_t kKeptCapacity = 1024 * 1024;
// Room made for members in one go: an object that ends after one member should not pay for more.
constexpr std::size_t kMembersAtOnce = 64;
constexpr std::size_t kFirstCapacity = 64 * 1024;

static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);
static_assert(kMaxLearnedKeys + kMaxKeys < kMaxKeyIds);
static_assert(kJsonPadding >= 64);  // EscapeMap
static_assert(kJsonPadding >= kEscapePadding && kJsonPadding >= kKeyPadding);
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

JsonWalker::JsonWalker(const normalise::NormalisationTable& table, std::uint64_t seed)
    : keys_(table, seed), structure_(std::make_unique<Structure>()) {}

JsonWalker::~JsonWalker() = default;

JsonWalker::Problem JsonWalker::index(std::string_view& document, Arena& arena, FlatRecord& out) {
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
  if (error == simdjson::UNESCAPED_CHARS && looks_binary(document)) {
    return DeadLetterReason::kBinary;
  }
  if (error != simdjson::SUCCESS) {
    return error == simdjson::UNCLOSED_STRING ? DeadLetterReason::kTruncated
                                              : DeadLetterReason::kInvalidJson;
  }
  const EscapeMap::Kind escapes = escapes_.read(document);
  if (escapes == EscapeMap::Kind::kInvalid) return DeadLetterReason::kInvalidJson;
  simple_escapes_ = escapes == EscapeMap::Kind::kSimple;
  return std::nullopt;
}

JsonWalker::Problem JsonWalker::walk(std::string_view document, std::string_view prefix,
                                     Arena& arena, FlatRecord& out) {
  embedded_.clear();
  levels_.clear();
  keys_in_document_ = 0;
  keys_.begin_document();
  auto problem = index(document, arena, out);
  if (!problem) problem = walk_index(document, keys_.root(prefix), arena, out);
  out.raw_holds_values = simple_escapes_ && out.flags == 0;
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

JsonWalker::Problem JsonWalker::walk_index(std::string_view document, KeyId root, Arena& arena,
                                           FlatRecord& out) {
  const auto* first = structure_->parser->structural_indexes.get();
  Cursor cursor{first, first + structure_->parser->n_structural_indexes};
  if (cursor.next == cursor.end || document[*cursor.next] != '{') {
    return DeadLetterReason::kNotARecord;
  }
  levels_.push_back({false, false, root, 0, *cursor.next, keys_.next_object()});
  ++cursor.next;
  if (cursor.next == cursor.end) return DeadLetterReason::kTruncated;
  if (document[*cursor.next] == '}') {
    if (auto problem = take_separator(document, cursor, out)) return problem;
  }
  while (!levels_.empty()) {
    if (!levels_.back().is_array) {
      if (auto problem = take_plain_members(document, cursor, arena, out)) return problem;
      if (cursor.next == cursor.end) return DeadLetterReason::kTruncated;
      if (auto problem = take_key(document, cursor, out)) return problem;
    } else {
      key_ = levels_.back().container;
    }
    if (cursor.next == cursor.end) return DeadLetterReason::kTruncated;
    const std::size_t depth = levels_.size();
    if (auto problem = take_value(document, cursor, arena, out)) return problem;
    if (levels_.size() > depth) {
      // Inside a container that was just opened: an item, or its end at once.
      if (cursor.next == cursor.end) return DeadLetterReason::kTruncated;
      const char c = document[*cursor.next];
      if (c != '}' && c != ']') continue;
    }
    if (auto problem = take_separator(document, cursor, out)) return problem;
  }
  return cursor.next == cursor.end ? std::nullopt : Problem(DeadLetterReason::kInvalidJson);
}

// Behind an item: the ends of containers, then a comma and with it the start of the next item.
JsonWalker::Problem JsonWalker::take_separator(std::string_view document, Cursor& cursor,
                                               FlatRecord& out) {
  while (!levels_.empty()) {
    if (cursor.next == cursor.end) return DeadLetterReason::kTruncated;
    const char c = document[*cursor.next];
    if (c == ',') {
      ++cursor.next;
      return cursor.next == cursor.end ? Problem(DeadLetterReason::kTruncated) : std::nullopt;
    }
    if (c != (levels_.back().is_array ? ']' : '}')) return DeadLetterReason::kInvalidJson;
    close(document, *cursor.next + 1, out);
    ++cursor.next;
  }
  return std::nullopt;
}

// The usual members, "key":scalar with a comma behind, in one tight loop: all that the general way
// below does for them. Stops before the first member that is anything else.
JsonWalker::Problem JsonWalker::take_plain_members(std::string_view document, Cursor& cursor,
                                                   Arena& arena, FlatRecord& out) {
  const KeyId container = levels_.back().container;
  const std::uint32_t object_number = levels_.back().object_number;
  const char* const text = document.data();
  const std::size_t first = out.fields.size();
  const auto members = static_cast<std::size_t>(cursor.end - cursor.next) / 4;
  const std::size_t room =
      std::min({members, kMembersAtOnce, kMaxFields - first, kMaxKeys - keys_in_document_});
  out.fields.resize(first + room);
  std::size_t count = 0;
  Problem problem;
  for (; count < room && !problem; ++count) {
    const std::size_t key_begin = cursor.next[0] + std::size_t{1};
    const std::size_t key_end = cursor.next[1] - std::size_t{1};
    const std::size_t begin = cursor.next[2];
    const std::size_t separator = cursor.next[3];
    const bool plain = text[key_begin - 1] == '"' && text[key_end + 1] == ':' &&
                       text[key_end] == '"' && text[separator] == ',' && key_end > key_begin &&
                       key_end - key_begin <= kMaxKeyBytes && text[begin] != '{' &&
                       text[begin] != '[' && !escapes_.any(key_begin, key_end);
    if (!plain) break;
    key_ = keys_.find(container, {text + key_begin, key_end - key_begin});
    if (keys_.is_repeated(key_, object_number)) out.flags |= kFlagDuplicateKey;
    std::size_t end = separator;
    while (is_blank(text[end - 1])) --end;
    cursor.next += 4;
    problem = take_scalar(document, begin, end, arena, out.flags, out.fields.data()[first + count]);
    if (keys_[key_].maybe_embedded) embedded_.push_back(static_cast<std::uint32_t>(first + count));
  }
  keys_in_document_ += count;
  out.fields.resize(first + count);
  return problem;
}

KeyId JsonWalker::escaped_key(KeyId container, std::string_view body, bool& valid) {
  key_text_.clear();
  valid = append_unescaped(body, key_text_);
  if (!valid) return kNoKey;
  const std::size_t size = key_text_.size();
  key_text_.append(kKeyPadding, '\0');
  return keys_.find(container, std::string_view(key_text_).substr(0, size));
}

JsonWalker::Problem JsonWalker::take_key(std::string_view document, Cursor& cursor,
                                         FlatRecord& out) {
  const std::size_t begin = *cursor.next + std::size_t{1};
  const std::string_view text = token(document, cursor);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
    return DeadLetterReason::kInvalidJson;
  }
  ++cursor.next;
  if (cursor.next == cursor.end) return DeadLetterReason::kTruncated;
  if (document[*cursor.next] != ':') return DeadLetterReason::kInvalidJson;
  ++cursor.next;
  const std::string_view body = text.substr(1, text.size() - 2);
  if (body.size() > kMaxKeyBytes) return DeadLetterReason::kKeyTooLong;
  if (++keys_in_document_ > kMaxKeys) return DeadLetterReason::kTooManyFields;
  const Level& level = levels_.back();
  if (body.empty() || !escapes_.any(begin, begin + body.size())) {
    key_ = keys_.find(level.container, body);
  } else {
    bool valid = true;
    key_ = escaped_key(level.container, body, valid);
    if (!valid) return DeadLetterReason::kInvalidJson;
  }
  if (keys_.is_repeated(key_, level.object_number)) out.flags |= kFlagDuplicateKey;
  return std::nullopt;
}

JsonWalker::Problem JsonWalker::take_value(std::string_view document, Cursor& cursor, Arena& arena,
                                           FlatRecord& out) {
  const std::uint32_t offset = *cursor.next;
  const char c = document[offset];
  if (c == '{' || c == '[') {
    ++cursor.next;
    return open(c, offset, out);
  }
  const std::size_t end = offset + token(document, cursor).size();
  ++cursor.next;
  if (out.fields.size() >= kMaxFields) return DeadLetterReason::kTooManyFields;
  if (keys_[key_].maybe_embedded) {
    embedded_.push_back(static_cast<std::uint32_t>(out.fields.size()));
  }
  return take_scalar(document, offset, end, arena, out.flags, out.fields.emplace_back());
}

// The scalar that document[begin, end) is.
JsonWalker::Problem JsonWalker::take_scalar(std::string_view document, std::size_t begin,
                                            std::size_t end, Arena& arena, std::uint8_t& flags,
                                            FlatField& field) {
  const KeyTable::Key& key = keys_[key_];
  field.path = key.path;
  if (document.data()[begin] != '"') {
    return take_literal(document.substr(begin, end - begin), flags, field);
  }
  if (end - begin < 2 || document.data()[end - 1] != '"') return DeadLetterReason::kInvalidJson;
  field.kind = ValueKind::kString;
  field.text = {document.data() + begin + 1, end - begin - 2};
  field.escaped = !field.text.empty() && escapes_.any(begin + 1, end - 1);
  if (field.text.size() <= kMaxValueBytes && (!field.escaped || simple_escapes_)) {
    if (!field.escaped || !key.maybe_embedded) return std::nullopt;
  }
  return make_plain_now(arena, flags, field);
}

JsonWalker::Problem JsonWalker::take_literal(std::string_view text, std::uint8_t& flags,
                                             FlatField& field) {
  if (text == "true" || text == "false") {
    field.kind = ValueKind::kBool;
  } else if (text == "null") {
    field.kind = ValueKind::kNull;
    text = {};
  } else if (is_json_number(text)) {
    field.kind = ValueKind::kNumber;
    if (text.size() > kMaxValueBytes) flags |= kFlagTruncatedField;
  } else {
    return DeadLetterReason::kInvalidJson;
  }
  field.text = utf8_prefix(text, kMaxValueBytes);
  return std::nullopt;
}

// Values that cannot stay as they were received: escaped otherwise than simply, embedded records,
// very long ones.
JsonWalker::Problem JsonWalker::make_plain_now(Arena& arena, std::uint8_t& flags,
                                               FlatField& field) {
  if (field.escaped) {
    auto* to = static_cast<std::uint8_t*>(arena.allocate(field.text.size() + kJsonPadding, 1));
    // The byte behind the body is its closing quote, which simdjson stops at.
    const std::uint8_t* end = structure_->parser->parse_string(bytes_of(field.text), to);
    if (end != nullptr) {
      field.text = {reinterpret_cast<const char*>(to), static_cast<std::size_t>(end - to)};
    } else {
      // A lone surrogate, or an escape that does not exist.
      std::string text;
      if (!append_unescaped(field.text, text)) return DeadLetterReason::kInvalidJson;
      flags |= kFlagInvalidUtf8;
      field.text = arena.copy(text);
    }
    field.escaped = false;
  }
  if (field.text.size() > kMaxValueBytes) {
    field.text = utf8_prefix(field.text, kMaxValueBytes);
    flags |= kFlagTruncatedField;
  }
  return std::nullopt;
}

bool JsonWalker::is_valid_utf8(std::string_view text) noexcept {
  return text.empty() || simdjson::validate_utf8(text);
}

bool JsonWalker::unescape(FlatField& field, std::uint8_t& flags, Arena& arena) {
  return structure_->reserve(0) && !make_plain_now(arena, flags, field);
}

JsonWalker::Problem JsonWalker::open(char bracket, std::uint32_t offset, FlatRecord& out) {
  if (levels_.size() >= kMaxJsonDepth) return DeadLetterReason::kTooDeep;
  Level& parent = levels_.back();
  Level level;
  level.is_array = bracket == '[';
  level.begin = offset;
  level.container = key_;
  if (parent.is_array) {
    // Elements share the path and the composite of the outermost array.
    parent.holds_containers = true;
  } else if (keys_[key_].path != kUnknownPath) {
    if (out.fields.size() >= kMaxFields) return DeadLetterReason::kTooManyFields;
    out.add(keys_[key_].path, {}, ValueKind::kComposite);
    level.composite = static_cast<std::uint32_t>(out.fields.size());
  }
  if (!level.is_array) level.object_number = keys_.next_object();
  levels_.push_back(level);
  return std::nullopt;
}

void JsonWalker::close(std::string_view document, std::uint32_t end, FlatRecord& out) {
  const Level level = levels_.back();
  levels_.pop_back();
  if (levels_.empty() || level.composite == 0) return;
  const std::size_t index = level.composite - 1;
  if (!level.is_array || level.holds_containers) {
    out.fields[index].text =
        utf8_prefix(document.substr(level.begin, end - level.begin), kMaxValueBytes);
    return;
  }
  // An array of plain values is just a field with several values.
  out.fields.erase(out.fields.begin() + static_cast<std::ptrdiff_t>(index));
  // They are in order: those behind the field are the last ones.
  for (auto field = embedded_.rbegin(); field != embedded_.rend() && *field > index; ++field) {
    --*field;
  }
}

}  // namespace catena::codec
