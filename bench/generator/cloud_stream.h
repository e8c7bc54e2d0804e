// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "bench/generator/random.h"
#include "engine/event/timestamp.h"

// CloudStream makes AWS CloudTrail records as JSON lines: nested, with a user identity, request
// parameters and response. Thread safety: none.
namespace catena::generator {

class CloudStream {
 public:
  explicit CloudStream(Random& random) : random_(random) {}

  void add_everyday(Timestamp time, std::string& out);
  void add_attack(Timestamp time, std::string& out);

 private:
  struct Call {
    std::string_view source;
    std::string_view name;
    std::string_view parameters;  // JSON with the gaps of template_text.h
    std::string_view response;
    bool read_only;
  };
  static const Call kCalls[];
  static const Call kAttacks[];

  void call(Timestamp time, const Call& call, std::string_view address, std::string& out);

  Random& random_;
};

}  // namespace catena::generator
