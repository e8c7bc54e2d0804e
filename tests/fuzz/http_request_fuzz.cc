// SPDX-License-Identifier: Apache-2.0
// HTTP on one connection with all interfaces behind it: what tests/support/stream_fuzz.h says.
#include <cstdint>
#include <memory>

#include "connectors/http/http_interfaces.h"
#include "connectors/http/http_session.h"
#include "tests/support/stream_fuzz.h"

namespace {

// A session whose interfaces remember nothing of another.
struct Fresh {
  catena::net::StreamSession& stream() noexcept { return session; }
  catena::http::HttpOptions options{std::size_t{1} * 1024 * 1024, {}, 5};
  catena::net::AccessTokens tokens;
  catena::http::HttpInterfaces interfaces;
  catena::http::HttpSession session{options, tokens, interfaces};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  catena::tests::check_stream([] { return std::make_unique<Fresh>(); },
                              {reinterpret_cast<const char*>(data), size});
  return 0;
}
