// SPDX-License-Identifier: Apache-2.0
// Syslog and other text lines as a whole batch: every record becomes an event with valid fields, or
// a dead letter.
#include <cstddef>
#include <cstdint>

#include "connectors/codec/decoder.h"
#include "tests/fuzz/decoding_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static catena::fuzz::DecodingTarget target;
  target.run(data, size);
  return 0;
}
