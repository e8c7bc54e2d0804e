// SPDX-License-Identifier: Apache-2.0
// RELP: what tests/support/stream_fuzz.h says, with messages cut at a small limit.
#include <cstdint>
#include <memory>

#include "connectors/relp/relp_session.h"
#include "tests/support/stream_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto make = [] {
    return std::make_unique<catena::tests::Alone<catena::relp::RelpSession>>(
        catena::relp::RelpOptions{64});
  };
  catena::tests::check_stream(make, {reinterpret_cast<const char*>(data), size});
  return 0;
}
