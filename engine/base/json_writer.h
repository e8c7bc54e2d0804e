// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// JsonWriter builds one JSON value as text: the machine output of every command. It is not a parser
// and not a document model. Strings are escaped; bytes that are not UTF-8 become U+FFFD, so the
// output is always valid JSON.
// Protocol: calls must nest (begin/end); inside an object every value follows its key().
// Thread safety: none.
namespace catena {

class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& string(std::string_view text);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& unsigned_integer(std::uint64_t value);
  // Fixed notation with `decimals` digits after the point (at most 9). Not for NaN or infinity.
  JsonWriter& fixed(double value, int decimals);
  // A number in plain decimal notation ("-2.5"); anything else becomes null.
  JsonWriter& number(std::string_view digits);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  // A whole value that a JsonWriter wrote.
  JsonWriter& raw(std::string_view json);

  // key() and value in one.
  JsonWriter& member(std::string_view name, std::string_view text) {
    return key(name).string(text);
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::string take() noexcept { return std::move(text_); }

 private:
  void separate();

  std::string text_;
  bool needs_comma_ = false;
};

// Appends `text` as a JSON string with quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace catena
