// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Reads MessagePack (msgpack/spec.md) as Fluent Forward needs it: where a value ends, its parts,
// and any value as JSON. Lengths are believed only as far as bytes are there. Written anew because
// Debian's libmsgpack-cxx builds objects in a zone of its own for each message, needs exceptions,
// and bounds neither depth nor count.
// Thread safety: none. Memory: values are views of the bytes.
namespace catena::forward {

inline constexpr unsigned kMaxMsgpackDepth = 32;

// Finds the end of one value that arrives in pieces, without looking at any byte twice.
class ValueExtent {
 public:
  enum class State : std::uint8_t { kOpen, kComplete, kBroken };

  // `bytes` is all of the value so far. kComplete: it ends at size(). kBroken: too deep, or a byte
  // that starts no value.
  State scan(std::string_view bytes);
  [[nodiscard]] std::size_t size() const noexcept { return at_; }
  void reset() noexcept {
    at_ = 0;
    open_.clear();
  }

 private:
  std::size_t at_ = 0;
  std::vector<std::uint64_t> open_;  // values that each open container still waits for
};

struct Value {
  enum class Kind : std::uint8_t {
    kNil,
    kBool,
    kUnsigned,
    kSigned,
    kReal,
    kText,
    kBytes,
    kArray,
    kMap,
    kExtension
  };
  Kind kind = Kind::kNil;
  bool boolean = false;
  std::uint64_t number = 0;  // kUnsigned; kArray, kMap: how many elements or pairs follow
  std::int64_t integer = 0;  // kSigned
  double real = 0;
  std::int8_t extension = 0;
  std::string_view text;  // kText, kBytes, kExtension

  [[nodiscard]] bool is_text() const noexcept {
    return kind == Kind::kText || kind == Kind::kBytes;
  }
};

class MsgpackReader {
 public:
  explicit MsgpackReader(std::string_view bytes) noexcept : bytes_(bytes) {}

  // The next value; of a container only its head, its elements follow. False at the end and when
  // what follows is none.
  bool next(Value& value);
  // Passes over what follows, containers with all they hold.
  bool skip();
  // Appends the map that follows as JSON members without braces: "\"a\":1,\"b\":2". Keys that are
  // no texts become their JSON as text. False when it is no map, broken or too deep; `out` is then
  // as before.
  bool append_json_members(std::string& out);
  [[nodiscard]] std::string_view rest() const noexcept { return bytes_; }
  [[nodiscard]] bool at_end() const noexcept { return bytes_.empty(); }

 private:
  bool append_json(std::string& out, unsigned depth);
  bool append_container(const Value& value, std::string& out, unsigned depth);
  bool append_members(std::uint64_t pairs, std::string& out, unsigned depth);
  bool next_marked(unsigned char byte, Value& value);
  bool take_big_endian(std::size_t size, std::uint64_t& value) noexcept;
  bool take_bytes(std::uint64_t size, std::string_view& text) noexcept;
  bool take_sized(std::size_t length_size, Value::Kind kind, Value& value) noexcept;
  bool take_extension(std::uint64_t size, Value& value) noexcept;
  bool take_integer(std::size_t size, bool is_signed, Value& value) noexcept;
  bool take_real(std::size_t size, Value& value) noexcept;

  std::string_view bytes_;
};

}  // namespace catena::forward
