// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/json_members.h"

#include <string>

#include <simdjson.h>

#include "connectors/codec/framing.h"
#include "connectors/http/message.h"

namespace catena::http {

struct JsonMembers::Parser {
  simdjson::ondemand::parser parser;
};

JsonMembers::JsonMembers() : parser_(std::make_unique<Parser>()) {}
JsonMembers::~JsonMembers() = default;

static_assert(simdjson::SIMDJSON_PADDING <= kBodyPadding);

bool JsonMembers::read(std::string_view object, const Visit& visit) {
  simdjson::ondemand::document document;
  simdjson::ondemand::object members;
  if (parser_->parser.iterate(object.data(), object.size(), object.size() + kBodyPadding)
              .get(document) != simdjson::SUCCESS ||
      document.get_object().get(members) != simdjson::SUCCESS) {
    return false;
  }
  for (auto member : members) {
    std::string_view key;
    simdjson::ondemand::value value;
    simdjson::ondemand::json_type type{};
    if (member.unescaped_key().get(key) != simdjson::SUCCESS ||
        member.value().get(value) != simdjson::SUCCESS ||
        value.type().get(type) != simdjson::SUCCESS) {
      return false;
    }
    std::string_view raw;
    simdjson::error_code error = simdjson::SUCCESS;
    if (type == simdjson::ondemand::json_type::object) {
      simdjson::ondemand::object inner;
      error = value.get_object().get(inner);
      if (error == simdjson::SUCCESS) error = inner.raw_json().get(raw);
    } else if (type == simdjson::ondemand::json_type::array) {
      simdjson::ondemand::array inner;
      error = value.get_array().get(inner);
      if (error == simdjson::SUCCESS) error = inner.raw_json().get(raw);
    } else {
      raw = value.raw_json_token();
    }
    if (error != simdjson::SUCCESS) return false;
    const std::size_t last = raw.find_last_not_of(" \t\r\n");
    visit(key, raw.substr(0, last == std::string_view::npos ? 0 : last + 1));
  }
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS;  // nothing behind it
}

bool JsonMembers::read_string(std::string_view value, std::string& text) {
  simdjson::ondemand::document document;
  std::string_view plain;
  if (value.empty() || value.front() != '"' ||
      parser_->parser.iterate(value.data(), value.size(), value.size() + kBodyPadding)
              .get(document) != simdjson::SUCCESS ||
      document.get_string().get(plain) != simdjson::SUCCESS) {
    return false;
  }
  text = plain;
  return true;
}

bool next_object(std::string_view& text, std::string_view& object, bool& broken) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n,[]");
  if (begin == std::string_view::npos) return false;
  text.remove_prefix(begin);
  broken = text.front() != '{';
  if (broken) return false;
  codec::DocumentScanner scanner;
  std::size_t end = 0;
  broken = scanner.scan(text, end, true) != codec::DocumentScanner::State::kComplete;
  if (broken) return false;
  object = text.substr(0, end);
  text.remove_prefix(end);
  return true;
}

}  // namespace catena::http
