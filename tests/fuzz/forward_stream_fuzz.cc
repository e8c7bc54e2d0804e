// SPDX-License-Identifier: Apache-2.0
// Fluent Forward: what tests/support/stream_fuzz.h says, and every record is one JSON object.
#include <cstdint>
#include <memory>
#include <string>

#include "connectors/forward/forward_session.h"
#include "connectors/http/json_members.h"
#include "connectors/http/message.h"
#include "tests/support/stream_fuzz.h"

namespace {

// A session that knows no chunks yet.
struct Fresh {
  catena::net::StreamSession& stream() noexcept { return session; }
  catena::forward::ForwardOptions options;
  catena::net::RecentIds recent;
  catena::forward::ForwardSession session{options, recent};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  catena::tests::check_stream([] { return std::make_unique<Fresh>(); }, bytes);

  Fresh fresh;
  catena::tests::SessionRun run(fresh.session);
  run.send(bytes);
  catena::http::JsonMembers members;
  for (std::size_t i = 0; i < run.records.size(); ++i) {
    if (run.details[i].refused || run.details[i].shortened) continue;
    const std::string padded = run.records[i] + std::string(catena::http::kBodyPadding, '\0');
    const std::string_view record = std::string_view(padded).substr(0, run.records[i].size());
    if (!members.read(record, [](std::string_view, std::string_view) {})) std::abort();
  }
  return 0;
}
