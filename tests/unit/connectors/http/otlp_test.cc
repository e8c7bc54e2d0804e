// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/otlp.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/http/otlp_model.h"
#include "tests/support/asked_interfaces.h"

namespace catena::http {
namespace {

using Asked = tests::AskedInterfaces;
using Texts = std::vector<std::string>;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr const char* kJson =
    R"({"resourceLogs":[{"resource":{"attributes":[)"
    R"({"key":"host.name","value":{"stringValue":"web-01"}}]},"scopeLogs":[{"scope":{"name":"lib"},)"
    R"("unknown":[1],"logRecords":[{"timeUnixNano":"1795290640000000000","severityNumber":9,)"
    R"("severityText":"INFO","traceId":"5b8efff798038103d269b633813fc60c",)"
    R"("body":{"stringValue":"hello"},"attributes":[{"key":"n","value":{"intValue":"7"}},)"
    R"({"key":"l","value":{"arrayValue":{"values":[{"boolValue":true},{"doubleValue":1.5}]}}}]},)"
    R"({"observedTimeUnixNano":5,"body":{"kvlistValue":{"values":[)"
    R"({"key":"EventID","value":{"intValue":1}}]}}}]}]}]})";

// Protobuf by hand: what a field is, is visible.
std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>(value | 0x80U);
  return out + static_cast<char>(value);
}
std::string text(unsigned field, const std::string& bytes) {
  return varint(field << 3U | 2U) + varint(bytes.size()) + bytes;
}
std::string fixed64(unsigned field, std::uint64_t value) {
  std::string out = varint(field << 3U | 1U);
  for (unsigned i = 0; i < 8; ++i) out += static_cast<char>(value >> (8 * i) & 0xFFU);
  return out;
}
std::string number(unsigned field, std::uint64_t value) {
  return varint(field << 3U) + varint(value);
}
std::string pair(const std::string& key, const std::string& value) {
  return text(1, key) + text(2, value);
}

std::string protobuf() {
  const std::string list =
      text(1, number(2, 1)) + text(1, fixed64(4, 0x3FF8000000000000ULL));  // true, 1.5
  const std::string log =
      fixed64(1, 1795290640000000000ULL) + number(2, 9) + text(3, "INFO") +
      text(5, text(1, "hello")) + text(6, pair("n", number(3, 7))) +
      text(6, pair("l", text(5, list))) +
      text(9, "\x5b\x8e\xff\xf7\x98\x03\x81\x03\xd2\x69\xb6\x33\x81\x3f\xc6\x0c") +
      text(999, "unknown") + number(998, 1);
  const std::string second =
      fixed64(11, 5) + text(5, text(6, text(1, pair("EventID", number(3, 1)))));
  const std::string resource = text(1, pair("host.name", text(1, "web-01")));
  const std::string scope_logs = text(1, text(1, "lib")) + text(2, log) + text(2, second);
  return text(1, text(1, resource) + text(2, scope_logs));
}

TEST(Otlp, MakesRecordsOfLogsInJson) {
  Asked asked;
  const Response response = asked.post("/v1/logs", kJson);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{}");
  EXPECT_EQ(asked.records,
            (Texts{R"({"message":"hello","n":7,"l":[true,1.5],"resource":{"host.name":"web-01"},)"
                   R"("otlp":{"time":1795290640000000000,"severity_number":9,"severity":"INFO",)"
                   R"("scope":"lib","trace_id":"5b8efff798038103d269b633813fc60c"}})",
                   R"({"EventID":1,"resource":{"host.name":"web-01"},)"
                   R"("otlp":{"time":5,"scope":"lib"}})"}));
}

TEST(Otlp, BothEncodingsGiveTheSameRecords) {
  Asked asked;
  asked.post("/v1/logs", kJson);
  const Texts from_json = asked.records;
  asked.content_type = "application/x-protobuf";
  const Response response = asked.post("/v1/logs", protobuf());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.content_type, "application/x-protobuf");
  EXPECT_EQ(asked.records, from_json);
}

TEST(Otlp, EveryTruncationIsRefusedAsAWhole) {
  Asked asked;
  asked.content_type = "application/x-protobuf";
  const std::string whole = protobuf();
  EXPECT_EQ(asked.post("/v1/logs", "").status, 200);  // empty is a success
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_EQ(asked.post("/v1/logs", whole.substr(0, size)).status, 400) << size;
    EXPECT_TRUE(asked.records.empty());
  }
}

TEST(Otlp, DeepValuesAreRejectedOneByOne) {
  std::string value = text(1, "deep");
  for (unsigned i = 0; i < otlp::kMaxOtlpDepth; ++i) value = text(5, text(1, value));
  const std::string logs = text(2, text(5, value)) + text(2, text(5, text(1, "fine")));
  Asked asked;
  asked.content_type = "application/x-protobuf";
  const Response response = asked.post("/v1/logs", text(1, text(2, logs)));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(asked.records.size(), 1U);
  EXPECT_EQ(asked.refused.size(), 1U);
  EXPECT_TRUE(has(response.body, "too deep"));
}

TEST(Otlp, RefusesInItsOwnTerms) {
  Asked asked;
  EXPECT_EQ(asked.post("/v1/logs", "{").status, 400);
  EXPECT_EQ(asked.post("/v1/logs", "[]").status, 400);
  EXPECT_TRUE(has(asked.post("/v1/logs", kJson, net::Verdict::kOverloaded).body, "\"code\":14"));
  EXPECT_EQ(asked.get("/v1/logs").status, 405);
  asked.content_type = "text/plain";
  EXPECT_EQ(asked.post("/v1/logs", "{}").status, 415);
}

}  // namespace
}  // namespace catena::http
