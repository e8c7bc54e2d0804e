// SPDX-License-Identifier: Apache-2.0
// Lumberjack: what tests/support/stream_fuzz.h says.
#include <cstdint>
#include <memory>

#include "connectors/lumberjack/lumberjack_session.h"
#include "tests/support/stream_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto make = [] {
    return std::make_unique<catena::tests::Alone<catena::lumberjack::LumberjackSession>>(
        catena::lumberjack::LumberjackOptions{});
  };
  catena::tests::check_stream(make, {reinterpret_cast<const char*>(data), size});
  return 0;
}
