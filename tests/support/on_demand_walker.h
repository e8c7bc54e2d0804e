// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "connectors/codec/json_walker.h"
#include "connectors/codec/utf8_repair.h"
#include "engine/base/text_fold.h"

// The slow twin of JsonWalker: simdjson's public On-Demand interface, recursion, dotted paths as
// strings, sets for duplicate keys, escapes undone one by one. Nothing is shared with the walker
// but the table of paths, the limits and the repair of UTF-8 (which has tests of its own).
namespace catena::test {

struct Walked {
  struct Value {
    std::string path;  // as the table names it, "" for a path that it does not know
    ValueKind kind = ValueKind::kNull;
    std::string text;  // plain
    friend bool operator==(const Value&, const Value&) = default;
  };
  std::optional<DeadLetterReason> problem;  // the others mean nothing when there is one
  std::uint8_t flags = 0;
  std::vector<Value> values;
  std::vector<std::uint32_t> embedded;
};

class OnDemandWalker {
 public:
  explicit OnDemandWalker(const normalise::NormalisationTable& table) : table_(table) {}

  Walked walk(std::string_view document, std::string_view prefix) {
    out_ = {};
    keys_ = 0;
    std::string text(document);
    if (!is_utf8(text)) {
      out_.flags |= kFlagInvalidUtf8;
      Arena arena;
      text = codec::repair_utf8(document, codec::kJsonPadding, arena);
    }
    out_.problem = walk_root(text, prefix);
    for (std::uint32_t i = 0; i < out_.values.size(); ++i) {
      if (maybe_embedded_[i]) out_.embedded.push_back(i);
    }
    maybe_embedded_.clear();
    return std::move(out_);
  }

 private:
  using Problem = std::optional<DeadLetterReason>;
  using Value = simdjson::ondemand::value;
  // Where a value stands.
  struct Place {
    std::string path;
    bool has_path = false;  // false at the top: keys stand for themselves
    normalise::PathId id = normalise::kUnknownPath;
    std::size_t depth = 0;  // containers around it
    bool in_array = false;
  };

  static Problem broken() { return DeadLetterReason::kInvalidJson; }

  Problem walk_root(const std::string& text, std::string_view prefix) {
    if (text.size() > parser_.capacity() &&
        parser_.allocate(text.size() * 2 + 64, kParserDepth) != simdjson::SUCCESS) {
      return broken();
    }
    const simdjson::padded_string padded(text);
    simdjson::ondemand::document document;
    if (parser_.iterate(padded).get(document) != simdjson::SUCCESS) return broken();
    document_ = &document;
    simdjson::ondemand::object object;
    if (document.get_object().get(object) != simdjson::SUCCESS) {
      return DeadLetterReason::kNotARecord;
    }
    Place place;
    place.path = prefix;
    place.has_path = !prefix.empty();
    place.depth = 1;
    if (auto problem = walk_object(object, place)) return problem;
    const char* behind = nullptr;  // there must be nothing
    const bool at_end = document.current_location().get(behind) == simdjson::OUT_OF_BOUNDS;
    return at_end ? std::nullopt : broken();
  }

  Problem walk_object(simdjson::ondemand::object object, const Place& place) {
    std::set<std::string> keys;
    std::set<normalise::PathId> paths;
    for (auto member : object) {
      simdjson::ondemand::field field;
      if (std::move(member).get(field) != simdjson::SUCCESS) return broken();
      const std::string_view body = body_at(field.key().raw());
      if (body.size() > codec::kMaxKeyBytes) return DeadLetterReason::kKeyTooLong;
      if (++keys_ > codec::kMaxKeys) return DeadLetterReason::kTooManyFields;
      std::string key;
      bool lone = false;
      if (!unescape(body, key, lone)) return broken();
      Place inner;
      inner.path = place.has_path ? place.path + "." + key : key;
      inner.has_path = true;
      inner.depth = place.depth;
      if (!inner.path.empty() && inner.path.size() <= normalise::kMaxPathBytes) {
        inner.id = table_.find_path(inner.path);
      }
      bool repeated = !keys.insert(key).second;
      if (inner.id != normalise::kUnknownPath && !paths.insert(inner.id).second) repeated = true;
      if (repeated) out_.flags |= kFlagDuplicateKey;
      bool is_container = false;
      if (auto problem = walk_value(field.value(), inner, is_container)) return problem;
    }
    return std::nullopt;
  }

  Problem walk_value(Value value, const Place& place, bool& is_container) {
    const std::string_view token = trimmed(value.raw_json_token());
    is_container = token.front() == '{' || token.front() == '[';
    if (!is_container) {
      if (token.front() == '"') {
        simdjson::ondemand::raw_json_string consumed;
        if (value.get_raw_json_string().get(consumed) != simdjson::SUCCESS) return broken();
      }
      return add_scalar(token, place);
    }
    if (place.depth >= codec::kMaxJsonDepth) return DeadLetterReason::kTooDeep;
    const bool composite = !place.in_array && place.id != normalise::kUnknownPath;
    const std::size_t index = out_.values.size();
    if (composite) {
      if (index >= codec::kMaxFields) return DeadLetterReason::kTooManyFields;
      add(place.id, ValueKind::kComposite, "");
    }
    Place inner = place;
    ++inner.depth;
    inner.in_array = token.front() == '[';
    bool holds_containers = false;
    if (inner.in_array) {
      if (auto problem = walk_array(value, inner, holds_containers)) return problem;
    } else {
      simdjson::ondemand::object object;
      if (value.get_object().get(object) != simdjson::SUCCESS) return broken();
      if (auto problem = walk_object(object, inner)) return problem;
    }
    if (!composite) return std::nullopt;
    if (inner.in_array && !holds_containers) {
      out_.values.erase(out_.values.begin() + static_cast<std::ptrdiff_t>(index));
      maybe_embedded_.erase(maybe_embedded_.begin() + static_cast<std::ptrdiff_t>(index));
      return std::nullopt;
    }
    const char* next = nullptr;
    if (document_->current_location().get(next) != simdjson::SUCCESS) return broken();
    const auto size = static_cast<std::size_t>(next - token.data());
    const std::string_view all = trimmed(std::string_view(token.data(), size));
    out_.values[index].text = cut(all);
    return std::nullopt;
  }

  Problem walk_array(Value value, const Place& place, bool& holds_containers) {
    simdjson::ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return broken();
    for (auto element : array) {
      Value inner;
      if (std::move(element).get(inner) != simdjson::SUCCESS) return broken();
      bool is_container = false;
      if (auto problem = walk_value(inner, place, is_container)) return problem;
      holds_containers = holds_containers || is_container;
    }
    return std::nullopt;
  }

  Problem add_scalar(std::string_view token, const Place& place) {
    if (out_.values.size() >= codec::kMaxFields) return DeadLetterReason::kTooManyFields;
    if (token == "true" || token == "false") return add(place.id, ValueKind::kBool, token);
    if (token == "null") return add(place.id, ValueKind::kNull, "");
    if (token.front() != '"') {
      return is_number(token) ? add(place.id, ValueKind::kNumber, limited(token)) : broken();
    }
    if (token.size() < 2 || token.back() != '"') return broken();
    std::string text;
    bool lone = false;
    if (!unescape(token.substr(1, token.size() - 2), text, lone)) return broken();
    if (lone) out_.flags |= kFlagInvalidUtf8;
    return add(place.id, ValueKind::kString, limited(text));
  }

  Problem add(normalise::PathId id, ValueKind kind, std::string_view text) {
    const bool known = id != normalise::kUnknownPath;
    out_.values.push_back(
        {known ? std::string(table_.path_name(id)) : "", kind, std::string(text)});
    maybe_embedded_.push_back(known && kind != ValueKind::kComposite && table_.maybe_embedded(id));
    return std::nullopt;
  }

  std::string_view limited(std::string_view text) {
    if (text.size() > codec::kMaxValueBytes) out_.flags |= kFlagTruncatedField;
    return cut(text);
  }
  // At most kMaxValueBytes, without a part of a code point at the end.
  static std::string_view cut(std::string_view text) {
    if (text.size() <= codec::kMaxValueBytes) return text;
    std::size_t size = codec::kMaxValueBytes;
    while ((static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
    return text.substr(0, size);
  }
  static std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    while (kBlanks.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
    return text;
  }
  // The string that starts behind a quote; stage 1 has found its end.
  static std::string_view body_at(const char* begin) {
    const char* end = begin;
    while (*end != '"') end += *end == '\\' ? 2 : 1;
    return {begin, static_cast<std::size_t>(end - begin)};
  }

  static bool is_number(std::string_view text) {
    std::size_t at = 0;
    const auto skip = [&](std::string_view set) {
      const std::size_t first = at;
      while (at < text.size() && set.find(text[at]) != std::string_view::npos) ++at;
      return at - first;
    };
    constexpr std::string_view kDigits = "0123456789";
    if (text[0] == '-') ++at;
    if (at < text.size() && text[at] == '0') {
      ++at;
    } else if (skip(kDigits) == 0) {
      return false;
    }
    if (at < text.size() && text[at] == '.') {
      ++at;
      if (skip(kDigits) == 0) return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
      ++at;
      if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
      if (skip(kDigits) == 0) return false;
    }
    return at == text.size();
  }

  static std::optional<unsigned> code_unit(std::string_view digits) {
    if (digits.size() < 4) return std::nullopt;
    unsigned unit = 0;
    for (const char c : digits.substr(0, 4)) {
      const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (!letter && (c < '0' || c > '9')) return std::nullopt;
      unit = unit * 16 + static_cast<unsigned>(letter ? (c | 0x20) - 'a' + 10 : c - '0');
    }
    return unit;
  }
  static void append_code_point(unsigned point, std::string& out) {
    const auto byte = [&](unsigned bits) { out += static_cast<char>(bits); };
    if (point < 0x80) return byte(point);
    if (point < 0x800) {
      byte(0xC0 | point >> 6U);
    } else {
      if (point < 0x10000) {
        byte(0xE0 | point >> 12U);
      } else {
        byte(0xF0 | point >> 18U);
        byte(0x80 | (point >> 12U & 63U));
      }
      byte(0x80 | (point >> 6U & 63U));
    }
    byte(0x80 | (point & 63U));
  }
  // False for an escape that does not exist. A lone surrogate becomes U+FFFD.
  static bool unescape(std::string_view body, std::string& out, bool& lone) {
    constexpr std::string_view kShort = "\"\\/bfnrt";
    constexpr std::string_view kMeaning = "\"\\/\b\f\n\r\t";
    for (std::size_t i = 0; i < body.size(); ++i) {
      if (body[i] != '\\') {
        out += body[i];
        continue;
      }
      if (++i == body.size()) return false;
      if (const auto found = kShort.find(body[i]); found != std::string_view::npos) {
        out += kMeaning[found];
        continue;
      }
      const auto unit = body[i] == 'u' ? code_unit(body.substr(i + 1)) : std::nullopt;
      if (!unit) return false;
      i += 4;
      unsigned point = *unit;
      if (point >= 0xD800 && point < 0xDC00 && body.substr(i + 1, 2) == "\\u") {
        const auto low = code_unit(body.substr(i + 3));
        if (!low) return false;
        if (*low >= 0xDC00 && *low < 0xE000) {
          point = 0x10000 + ((point - 0xD800) << 10U) + (*low - 0xDC00);
          i += 6;
        }
      }
      const bool is_lone = point >= 0xD800 && point < 0xE000;
      lone = lone || is_lone;
      append_code_point(is_lone ? 0xFFFD : point, out);
    }
    return true;
  }

  static constexpr std::size_t kParserDepth = 1024;

  const normalise::NormalisationTable& table_;
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document* document_ = nullptr;
  Walked out_;
  std::vector<bool> maybe_embedded_;  // by value
  std::size_t keys_ = 0;
};

}  // namespace catena::test
