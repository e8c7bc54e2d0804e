// SPDX-License-Identifier: Apache-2.0
// Records of the incident store: any bytes decode or are refused, and what decodes has this one
// encoding; of an older version, the encoding of the newest. The first byte of the input picks the
// kind of record.
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

bool is_newest(const std::string& value) {
  return static_cast<std::uint8_t>(value[0]) == catena::storage::kChainRecordVersion;
}

// "" when the bytes are refused.
std::string chain_again(const std::string& value) {
  auto decoded = catena::storage::decode_chain({1, 2}, value);
  if (!decoded.ok() || decoded->step_count > 1000) return "";
  decoded->chain.steps.resize(decoded->step_count);
  return catena::storage::encode_chain(decoded->chain);
}

std::string step_again(const std::string& value) {
  const auto decoded = catena::storage::decode_step({1, 2}, 7, value);
  return decoded.ok() ? catena::storage::encode_step(*decoded) : "";
}

template <typename Again>
void require_one_encoding(const std::string& value, Again again) {
  const std::string encoded = again(value);
  if (encoded.empty()) return;
  require(is_newest(value) ? encoded == value : again(encoded) == encoded);
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
    case 1:
      require_one_encoding(value, chain_again);
      break;
    case 2:
      require_one_encoding(value, step_again);
      break;
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
