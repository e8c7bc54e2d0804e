// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string_view>

// Reads the outermost members of a JSON object without interpreting their values: what an envelope
// (an action line, an event of HEC) needs. simdjson does the parsing; what is inside a value is
// judged later, by the decoder. Thread safety: none; one per thread. Cost: one pass.
namespace catena::http {

class JsonMembers {
 public:
  JsonMembers();
  ~JsonMembers();
  JsonMembers(const JsonMembers&) = delete;
  JsonMembers& operator=(const JsonMembers&) = delete;

  // `key` is unescaped, `value` as received: "\"text\"", "{…}", "12". Views end with the call.
  using Visit = std::function<void(std::string_view key, std::string_view value)>;
  // `object` is one object with nothing behind it, and kBodyPadding readable bytes lie behind that.
  // False when it is none; some members may have been visited then.
  bool read(std::string_view object, const Visit& visit);
  // The text of a JSON string, without quotes and escapes; kBodyPadding readable bytes behind it.
  // False when `value` is none.
  bool read_string(std::string_view value, std::string& text);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

// Cuts the next JSON object out of `text`, which may hold several one behind the other, between
// white space, commas and the brackets of arrays; `text` moves behind it. False at the end, with
// `broken` when what follows is no object.
bool next_object(std::string_view& text, std::string_view& object, bool& broken);

}  // namespace catena::http
