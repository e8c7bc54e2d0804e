// SPDX-License-Identifier: Apache-2.0
// Framing of syslog streams: however the bytes are cut, the messages are the same, none is blank or
// longer than the limit, and without a limit in the way every byte that is no framing is kept.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/syslog/stream_session.h"
#include "tests/support/session_run.h"

namespace {

using catena::syslog::FramingOptions;
using catena::syslog::SyslogStreamSession;
using catena::tests::SessionRun;

struct Framed {
  std::vector<std::string> records;
  bool failed = false;
};

Framed frame(std::string_view bytes, std::size_t piece, FramingOptions options) {
  SyslogStreamSession session(options);
  SessionRun run(session);
  run.send(bytes, piece);
  run.end();
  for (const std::string& record : run.records) {
    if (record.size() > options.max_message_bytes) std::abort();
    if (record.find_first_not_of(" \t\r\n") == std::string::npos) std::abort();
  }
  return {run.records, !run.problem.empty()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const FramingOptions options{static_cast<std::size_t>(data[0]) + 1};
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Framed whole = frame(bytes, std::string_view::npos, options);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{7} + data[0] % 64}) {
    const Framed pieces = frame(bytes, piece, options);
    if (pieces.records != whole.records || pieces.failed != whole.failed) std::abort();
  }
  return 0;
}
