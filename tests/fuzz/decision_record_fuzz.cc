// SPDX-License-Identifier: Apache-2.0
// Stored decisions: any bytes decode or are refused, and what decodes has this one encoding.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "storage/incidents/decision_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace catena::storage;
  const std::string_view value(reinterpret_cast<const char*>(bytes), size);
  const auto decoded = decode_decision(1, value);
  if (decoded.ok() && encode_decision(*decoded) != value) std::abort();
  if (decoded.ok() && catena::casework::decision_json(*decoded).empty()) std::abort();
  const auto number = parse_decision_key(value);
  if (number && decision_key(*number) != value) std::abort();
  return 0;
}
