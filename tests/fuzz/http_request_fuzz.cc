// SPDX-License-Identifier: Apache-2.0
// HTTP on one connection with all interfaces behind it: what tests/support/stream_fuzz.h says.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

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

// A sender that has sent the body already is not asked to go on.
std::string without_continue(std::string answer) {
  const std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  for (std::size_t at; (at = answer.find(go_on)) != std::string::npos;) {
    answer.erase(at, go_on.size());
  }
  return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // When a line end that is wrong is noticed, before a header's end or with it, depends on how the
  // bytes come; so every header ends.
  const std::string bytes = std::string(reinterpret_cast<const char*>(data), size) + "\r\n\r\n";
  catena::tests::check_stream([] { return std::make_unique<Fresh>(); }, bytes, without_continue);
  return 0;
}
