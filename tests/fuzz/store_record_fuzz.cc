// SPDX-License-Identifier: Apache-2.0
// Records of the incident store: any bytes decode or are refused, and what decodes has this one
// encoding. The first byte of the input picks the kind of record.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "storage/incidents/record_codec.h"
#include "storage/incidents/store_keys.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace catena::storage;
  if (size == 0) return 0;
  const std::string value(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const catena::Id128 id{1, 2};
  switch (bytes[0] % 6) {
    case 0: {
      const auto decoded = decode_detection(id, value);
      require(!decoded.ok() || encode_detection(*decoded) == value);
      break;
    }
    case 1: {
      auto decoded = decode_chain(id, value);
      if (!decoded.ok() || decoded->step_count > 1000) break;
      decoded->chain.steps.resize(decoded->step_count);
      require(encode_chain(decoded->chain) == value);
      break;
    }
    case 2: {
      const auto decoded = decode_step(id, 7, value);
      require(!decoded.ok() || encode_step(*decoded) == value);
      break;
    }
    case 3: {
      const auto decoded = decode_position("source", value);
      require(!decoded.ok() || encode_position(*decoded) == value);
      break;
    }
    case 4: {
      const auto decoded = decode_counters(value);
      require(!decoded.ok() || encode_counters(*decoded) == value);
      break;
    }
    default:
      static_cast<void>(parse_step_key(value));
      static_cast<void>(parse_time_key(value));
      static_cast<void>(parse_second_of_pair(value));
      static_cast<void>(printable_key(value));
      break;
  }
  return 0;
}
