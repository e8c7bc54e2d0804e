// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

// JsonWalk is the yardstick of every measurement: simdjson On-Demand visiting every key and every
// value of each line, raw (nothing unescaped, nothing kept). What Catena needs is told as a
// multiple of it, which carries from one machine to another and from a noisy hour to a quiet one.
// It is no parser of ours: lines that are not JSON objects are only searched for their end.
// Thread safety: none.
namespace catena::harness {

class JsonWalk {
 public:
  JsonWalk();
  ~JsonWalk();
  JsonWalk(const JsonWalk&) = delete;
  JsonWalk& operator=(const JsonWalk&) = delete;

  // Walks the lines of `text`; `readable` bytes (text and padding) may be read from its start.
  void walk(std::string_view text, std::size_t readable);

  // Since construction.
  [[nodiscard]] std::uint64_t objects() const noexcept { return objects_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }  // of those objects
  // Of what was visited, so that nothing is optimised away.
  [[nodiscard]] std::uint64_t check() const noexcept { return check_; }

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
  std::uint64_t objects_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t check_ = 0;
};

}  // namespace catena::harness
