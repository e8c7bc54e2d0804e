// SPDX-License-Identifier: Apache-2.0
// Bodies of the HTTP interfaces. The first byte says which. An answer is always an answer, whatever
// becomes of the offers; both encodings of OTLP keep their bounds; a body read twice gives the same
// records.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "connectors/http/http_interfaces.h"
#include "tests/support/asked_interfaces.h"

namespace {

struct Interface {
  const char* path;
  const char* content_type;
};
constexpr Interface kInterfaces[] = {{"/_bulk", "application/x-ndjson"},
                                     {"/services/collector", "application/json"},
                                     {"/services/collector/raw?channel=c", "text/plain"},
                                     {"/services/collector/ack?channel=c", "application/json"},
                                     {"/v1/logs", "application/json"},
                                     {"/v1/logs", "application/x-protobuf"},
                                     {"/upload", "application/vnd.fdo.journal"},
                                     {"/ingest/ndjson", "application/x-ndjson"}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Interface& chosen = kInterfaces[data[0] % std::size(kInterfaces)];
  const std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::vector<std::string> first;
  for (const auto verdict : {catena::net::Verdict::kOverloaded, catena::net::Verdict::kBad,
                             catena::net::Verdict::kAccepted}) {
    catena::tests::AskedInterfaces asked;
    asked.content_type = chosen.content_type;
    const catena::http::Response response = asked.post(chosen.path, body, verdict);
    if (response.status < 200 || response.status > 599) std::abort();
    if (first.empty()) first = asked.records;
    if (asked.records != first) std::abort();
    for (const std::string& record : asked.records) {
      if (record.size() > catena::pipeline::kMaxOfferedRecordBytes) std::abort();
    }
  }
  return 0;
}
