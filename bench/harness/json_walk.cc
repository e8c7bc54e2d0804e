// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/json_walk.h"

#include <algorithm>
#include <utility>

#include <simdjson.h>

namespace catena::harness {
namespace {

namespace ondemand = simdjson::ondemand;

// The parser bounds the depth (simdjson::DEFAULT_MAX_DEPTH). False when the text is not JSON.
bool walk_object(ondemand::object object, std::uint64_t& check);

bool walk_value(ondemand::value value, std::uint64_t& check) {
  ondemand::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  switch (type) {
    case ondemand::json_type::object: {
      ondemand::object object;
      return value.get_object().get(object) == simdjson::SUCCESS && walk_object(object, check);
    }
    case ondemand::json_type::array: {
      ondemand::array array;
      if (value.get_array().get(array) != simdjson::SUCCESS) return false;
      for (auto item : array) {
        ondemand::value element;
        if (std::move(item).get(element) != simdjson::SUCCESS || !walk_value(element, check))
          return false;
      }
      return true;
    }
    case ondemand::json_type::string: {
      ondemand::raw_json_string text;
      if (value.get_raw_json_string().get(text) != simdjson::SUCCESS) return false;
      check += static_cast<unsigned char>(text.raw()[0]);
      return true;
    }
    default:
      check += value.raw_json_token().size();
      return true;
  }
}

bool walk_object(ondemand::object object, std::uint64_t& check) {
  for (auto item : object) {
    ondemand::field field;
    if (std::move(item).get(field) != simdjson::SUCCESS) return false;
    check += static_cast<unsigned char>(field.key().raw()[0]);
    if (!walk_value(field.value(), check)) return false;
  }
  return true;
}

}  // namespace

struct JsonWalk::Parser {
  ondemand::parser parser;
};

JsonWalk::JsonWalk() : parser_(std::make_unique<Parser>()) {}
JsonWalk::~JsonWalk() = default;

void JsonWalk::walk(std::string_view text, std::size_t readable) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (text[begin] == '{') {
      ondemand::document document;
      ondemand::object object;
      if (parser_->parser.iterate(text.data() + begin, end - begin, readable - begin)
                  .get(document) == simdjson::SUCCESS &&
          document.get_object().get(object) == simdjson::SUCCESS && walk_object(object, check_)) {
        ++objects_;
        bytes_ += end - begin;
      }
    }
    begin = end + 1;
  }
}

}  // namespace catena::harness
