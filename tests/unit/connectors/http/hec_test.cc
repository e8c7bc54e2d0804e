// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/hec.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/asked_interfaces.h"

namespace catena::http {
namespace {

using Asked = tests::AskedInterfaces;
using Texts = std::vector<std::string>;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Hec, MakesRecordsOfEvents) {
  Asked asked;
  const Response response = asked.post(
      "/services/collector/event",
      R"({"time":1795290640.94,"host":"web-01","event":{"a":1}}{"event":"text \"x\"","source":"s"})"
      "\n[{\"event\":{}},{\"event\":7}]");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"text":"Success","code":0})");
  EXPECT_EQ(asked.records, (Texts{R"({"a":1,"hec":{"time":1795290640.94,"host":"web-01"}})",
                                  R"({"message":"text \"x\"","hec":{"source":"s"}})",
                                  R"({"hec":{}})", R"({"event":7,"hec":{}})"}));
}

TEST(Hec, NamesTheFirstBadEventAndKeepsThoseBefore) {
  const struct {
    const char* body;
    const char* answer;
  } cases[] = {{R"({"event":"a"}{"host":"b"})",
                R"({"text":"Event field is required","code":12,"invalid-event-number":1})"},
               {R"({"event":"a"}{"event":""})",
                R"({"text":"Event field cannot be blank","code":13,"invalid-event-number":1})"},
               {R"({"event":"a"} broken)",
                R"({"text":"Invalid data format","code":6,"invalid-event-number":1})"},
               {R"({"event":"a"}{"event":"b")",
                R"({"text":"Invalid data format","code":6,"invalid-event-number":1})"}};
  for (const auto& example : cases) {
    Asked asked;
    const Response response = asked.post("/services/collector", example.body);
    EXPECT_EQ(response.status, 400) << example.body;
    EXPECT_EQ(response.body, example.answer);
    EXPECT_EQ(asked.records.size(), 1U);
  }
  Asked asked;
  EXPECT_EQ(asked.post("/services/collector", "").body, R"({"text":"No data","code":5})");
}

TEST(Hec, AcksAreTrueOnce) {
  Asked asked;
  const std::string event = R"({"event":"a"})";
  asked.channel = "c1";
  EXPECT_TRUE(has(asked.post("/services/collector", event).body, "\"ackId\":0"));
  EXPECT_TRUE(has(asked.post("/services/collector", event).body, "\"ackId\":1"));
  EXPECT_FALSE(
      has(asked.post("/services/collector", event, net::Verdict::kOverloaded).body, "ack"));
  const std::string ask = R"({"acks":[0,2]})";
  EXPECT_EQ(asked.post("/services/collector/ack", ask).body, R"({"acks":{"0":true,"2":false}})");
  EXPECT_EQ(asked.post("/services/collector/ack", ask).body, R"({"acks":{"0":false,"2":false}})");
  EXPECT_EQ(asked.post("/services/collector/ack", "{\"acks\":7}").status, 400);
  asked.channel = "";
  EXPECT_TRUE(
      has(asked.post("/services/collector/ack?channel=c1", R"({"acks":[1]})").body, "true"));
  EXPECT_TRUE(has(asked.post("/services/collector/ack", ask).body, "\"code\":10"));
}

TEST(Hec, AcksAreBounded) {
  AckChannels channels;
  for (std::size_t i = 0; i < kMaxAcksPerChannel + 1; ++i) channels.issue("a");
  EXPECT_FALSE(channels.take("a", 0));
  EXPECT_TRUE(channels.take("a", 1));
  for (std::size_t i = 0; i < kMaxChannels; ++i) channels.issue("c" + std::to_string(i));
  EXPECT_FALSE(channels.take("a", 2));  // forgotten with its channel
}

TEST(Hec, TakesRawLinesOnAChannel) {
  Asked asked;
  EXPECT_TRUE(has(asked.post("/services/collector/raw", "a\nb").body, "\"code\":10"));
  EXPECT_EQ(asked.post("/services/collector/raw/1.0?channel=x", "a\r\nb").status, 200);
  EXPECT_EQ(asked.records, (Texts{"a", "b"}));
}

TEST(Hec, TellsHealth) {
  Asked asked;
  EXPECT_TRUE(has(asked.get("/services/collector/health/1.0").body, "\"code\":17"));
  EXPECT_TRUE(asked.interfaces.is_open("/services/collector/health"));
  EXPECT_FALSE(asked.interfaces.is_open("/services/collector"));
  EXPECT_EQ(asked.get("/services/collector/event").status, 405);
}

}  // namespace
}  // namespace catena::http
