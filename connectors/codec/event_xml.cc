// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/event_xml.h"

#include <array>
#include <charconv>
#include <utility>

#include "connectors/codec/json_walker.h"
#include "connectors/codec/utf8_repair.h"

namespace catena::codec {
namespace {

using normalise::FlatRecord;

constexpr std::size_t kMaxEntityBytes = 10;

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_name_char(char c) noexcept {
  return !is_blank(c) && c != '>' && c != '/' && c != '=' && c != '<' && c != '"' && c != '\'';
}

std::size_t skip_blank(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

std::string_view take_name(std::string_view text, std::size_t& at) noexcept {
  const std::size_t begin = at;
  while (at < text.size() && is_name_char(text[at])) ++at;
  return text.substr(begin, at - begin);
}

void append_utf8(std::uint32_t point, std::string& out) {
  if (point < 0x80) {
    out.push_back(static_cast<char>(point));
    return;
  }
  std::array<char, 4> bytes{};
  std::size_t length = 0;
  if (point < 0x800) {
    bytes = {static_cast<char>(0xC0U | point >> 6U), static_cast<char>(0x80U | (point & 0x3FU))};
    length = 2;
  } else if (point < 0x10000) {
    bytes = {static_cast<char>(0xE0U | point >> 12U),
             static_cast<char>(0x80U | (point >> 6U & 0x3FU)),
             static_cast<char>(0x80U | (point & 0x3FU))};
    length = 3;
  } else {
    bytes = {static_cast<char>(0xF0U | point >> 18U),
             static_cast<char>(0x80U | (point >> 12U & 0x3FU)),
             static_cast<char>(0x80U | (point >> 6U & 0x3FU)),
             static_cast<char>(0x80U | (point & 0x3FU))};
    length = 4;
  }
  out.append(bytes.data(), length);
}

// The character of a reference without '&' and ';', or nothing for one we do not know.
std::optional<std::uint32_t> entity(std::string_view name) noexcept {
  static constexpr std::pair<std::string_view, char> kNamed[] = {
      {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [known, c] : kNamed) {
    if (name == known) return static_cast<std::uint32_t>(c);
  }
  if (name.size() < 2 || name[0] != '#') return std::nullopt;
  const bool hex = name[1] == 'x' || name[1] == 'X';
  const std::string_view digits = name.substr(hex ? 2 : 1);
  std::uint32_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) {
    return std::nullopt;
  }
  if (value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return 0xFFFD;
  return value;
}

}  // namespace

std::string_view resolve_entities(std::string_view text, Arena& arena) {
  std::size_t ampersand = text.find('&');
  if (ampersand == std::string_view::npos) return text;
  std::string out;
  std::size_t from = 0;
  for (; ampersand != std::string_view::npos; ampersand = text.find('&', from)) {
    out.append(text.substr(from, ampersand - from));
    const std::size_t end = text.substr(0, ampersand + kMaxEntityBytes).find(';', ampersand);
    const auto point = end == std::string_view::npos
                           ? std::nullopt
                           : entity(text.substr(ampersand + 1, end - ampersand - 1));
    if (point) {
      append_utf8(*point, out);
      from = end + 1;
    } else {
      out.push_back('&');
      from = ampersand + 1;
    }
  }
  out.append(text.substr(from));
  return arena.copy(out);
}

std::optional<DeadLetterReason> EventXmlWalker::add(std::string_view value, FlatRecord& out) {
  if (out.fields.size() >= kMaxFields) return DeadLetterReason::kTooManyFields;
  std::string_view text = value;
  if (text.size() > kMaxValueBytes) {
    text = utf8_prefix(text, kMaxValueBytes);
    out.flags |= kFlagTruncatedField;
  }
  out.add(table_.find_path(path_), text);
  return std::nullopt;
}

std::optional<DeadLetterReason> EventXmlWalker::take_attributes(std::string_view xml,
                                                                std::size_t& at, Arena& arena,
                                                                FlatRecord& out) {
  const std::size_t element_path = path_.size();
  const bool is_data = open_.back().name == "Data";
  while (true) {
    at = skip_blank(xml, at);
    if (at >= xml.size()) return DeadLetterReason::kTruncated;
    if (xml[at] == '>' || xml[at] == '/') return std::nullopt;
    const std::string_view name = take_name(xml, at);
    if (name.empty() || name.size() > kMaxKeyBytes) return DeadLetterReason::kInvalidXml;
    at = skip_blank(xml, at);
    if (at >= xml.size() || xml[at] != '=') return DeadLetterReason::kInvalidXml;
    at = skip_blank(xml, at + 1);
    if (at >= xml.size()) return DeadLetterReason::kTruncated;
    const char quote = xml[at];
    if (quote != '"' && quote != '\'') return DeadLetterReason::kInvalidXml;
    const std::size_t end = xml.find(quote, at + 1);
    if (end == std::string_view::npos) return DeadLetterReason::kTruncated;
    const std::string_view value = xml.substr(at + 1, end - at - 1);
    at = end + 1;
    if (is_data && name == "Name") {
      // <Data Name="Image">x</Data> is the field Image beside the other Data elements.
      if (value.size() > kMaxKeyBytes) return DeadLetterReason::kKeyTooLong;
      path_.resize(open_.back().path_bytes);
      path_.append(".").append(resolve_entities(value, arena));
      continue;
    }
    if (name == "xmlns") continue;
    const std::size_t own = is_data ? path_.size() : element_path;
    path_.append(".#attributes.").append(name);
    if (auto problem = add(resolve_entities(value, arena), out)) return problem;
    path_.resize(own);
  }
}

std::optional<DeadLetterReason> EventXmlWalker::start_element(std::string_view xml, std::size_t& at,
                                                              Arena& arena, FlatRecord& out) {
  ++at;
  const std::string_view name = take_name(xml, at);
  if (name.empty()) return DeadLetterReason::kInvalidXml;
  if (name.size() > kMaxKeyBytes) return DeadLetterReason::kKeyTooLong;
  if (open_.size() >= kMaxXmlDepth) return DeadLetterReason::kTooDeep;
  if (!open_.empty()) open_.back().has_children = true;
  open_.push_back({name, static_cast<std::uint32_t>(path_.size()), false});
  if (!path_.empty()) path_.push_back('.');
  path_.append(name);
  if (auto problem = take_attributes(xml, at, arena, out)) return problem;
  text_.clear();
  if (xml[at] == '>') {
    ++at;
    return std::nullopt;
  }
  ++at;  // '/'
  if (at >= xml.size()) return DeadLetterReason::kTruncated;
  if (xml[at] != '>') return DeadLetterReason::kInvalidXml;
  ++at;
  path_.resize(open_.back().path_bytes);
  open_.pop_back();
  return std::nullopt;
}

std::optional<DeadLetterReason> EventXmlWalker::end_element(std::string_view xml, std::size_t& at,
                                                            Arena& arena, FlatRecord& out) {
  at += 2;
  const std::string_view name = take_name(xml, at);
  at = skip_blank(xml, at);
  if (at >= xml.size()) return DeadLetterReason::kTruncated;
  if (xml[at] != '>' || open_.empty() || name != open_.back().name) {
    return DeadLetterReason::kInvalidXml;
  }
  ++at;
  if (!open_.back().has_children) {
    if (auto problem = add(arena.copy(text_), out)) return problem;
  }
  text_.clear();
  path_.resize(open_.back().path_bytes);
  open_.pop_back();
  return std::nullopt;
}

std::optional<DeadLetterReason> EventXmlWalker::take_markup(std::string_view xml, std::size_t& at,
                                                            Arena& arena, FlatRecord& out) {
  const std::string_view rest = xml.substr(at);
  const auto skip_behind = [&](std::string_view closer) -> std::optional<DeadLetterReason> {
    const std::size_t end = rest.find(closer);
    if (end == std::string_view::npos) return DeadLetterReason::kTruncated;
    at += end + closer.size();
    return std::nullopt;
  };
  if (rest.substr(0, 4) == "<!--") return skip_behind("-->");
  if (rest.substr(0, 2) == "<?") return skip_behind("?>");
  if (rest.substr(0, 9) == "<![CDATA[") {
    const std::size_t begin = at + 9;
    if (auto problem = skip_behind("]]>")) return problem;
    text_.append(xml.substr(begin, at - 3 - begin));
    return std::nullopt;
  }
  if (rest.substr(0, 2) == "</") return end_element(xml, at, arena, out);
  if (rest.substr(0, 2) == "<!") return DeadLetterReason::kInvalidXml;  // a DTD
  return start_element(xml, at, arena, out);
}

std::optional<DeadLetterReason> EventXmlWalker::walk(std::string_view xml, Arena& arena,
                                                     FlatRecord& out) {
  path_.clear();
  text_.clear();
  open_.clear();
  std::size_t at = skip_blank(xml, 0);
  if (at >= xml.size() || xml[at] != '<') return DeadLetterReason::kInvalidXml;
  bool started = false;
  while (at < xml.size()) {
    if (xml[at] == '<') {
      const char next = at + 1 < xml.size() ? xml[at + 1] : '\0';
      const bool is_element = next != '!' && next != '?';
      if (started && is_element && open_.empty()) return DeadLetterReason::kInvalidXml;
      started = started || is_element;
      if (auto problem = take_markup(xml, at, arena, out)) return problem;
      continue;
    }
    const std::size_t end = std::min(xml.find('<', at), xml.size());
    if (open_.empty()) {
      if (skip_blank(xml, at) < end) return DeadLetterReason::kInvalidXml;
    } else {
      text_.append(resolve_entities(xml.substr(at, end - at), arena));
    }
    at = end;
  }
  return open_.empty() ? std::nullopt : std::optional(DeadLetterReason::kTruncated);
}

}  // namespace catena::codec
