// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/elasticsearch.h"

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

TEST(Elasticsearch, TakesDocumentsAndAnswersEachItem) {
  Asked asked;
  const Response response = asked.post("/logs/_bulk?filter_path=errors",
                                       "{\"create\":{\"_index\":\"a\",\"_id\":\"1\"}}\n{\"x\":1}\n"
                                       "{ \"index\" : {} }\n{\"x\":2}\n\n\n");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(asked.records, (Texts{"{\"x\":1}", "{\"x\":2}"}));
  EXPECT_TRUE(has(response.body, "\"errors\":false")) << response.body;
  EXPECT_TRUE(has(response.body, R"({"create":{"_index":"a","_id":"1",)")) << response.body;
  EXPECT_TRUE(has(response.body, R"({"index":{"_index":"logs",)")) << response.body;
  EXPECT_EQ(response.headers[0].first, "X-Elastic-Product");
}

TEST(Elasticsearch, RefusesItemsOneByOne) {
  Asked asked;
  const Response response =
      asked.post("/_bulk",
                 "{\"index\":{}}\nno json\n{\"update\":{\"_id\":\"1\"}}\n{\"doc\":{}}\n"
                 "{\"delete\":{\"_id\":\"1\"}}\n{\"index\":{}}\n{\"x\":1}\n");
  EXPECT_EQ(asked.records, (Texts{"{\"x\":1}"}));
  EXPECT_EQ(asked.refused, (Texts{"no json"}));
  for (const char* part : {"\"errors\":true", "mapper_parsing_exception",
                           "{\"update\":", "{\"delete\":", "\"status\":201"}) {
    EXPECT_TRUE(has(response.body, part)) << part << " in " << response.body;
  }
}

TEST(Elasticsearch, AMissingLineRefusesTheRequest) {
  for (const char* body :
       {"{\"index\":{}}\n", "", "\n\n", "no action\n{}\n", "{\"what\":{}}\n{}\n",
        "{\"index\":{}\n{}\n", "{\"index\":1}\n{}\n", "[]\n{}\n", "{\"index\":{}} x\n{}\n"}) {
    Asked asked;
    EXPECT_EQ(asked.post("/_bulk", body).status, 400) << body;
    EXPECT_TRUE(asked.records.empty()) << body;
  }
}

TEST(Elasticsearch, ACreateThatIsDurableAlreadyIsADuplicate) {
  Asked asked;
  const std::string body = "{\"create\":{\"_id\":\"1\"}}\n{\"x\":1}\n";
  // Not durable: not remembered.
  EXPECT_EQ(asked.post("/_bulk", body, net::Verdict::kOverloaded).status, 429);
  EXPECT_TRUE(has(asked.post("/_bulk", body).body, "\"status\":201"));
  const Response again = asked.post("/_bulk", body);
  EXPECT_TRUE(has(again.body, "\"status\":409")) << again.body;
  EXPECT_TRUE(asked.records.empty());
  EXPECT_EQ(asked.duplicates, 1U);
  // Other content under the same id is not silenced, nor is `index`.
  asked.post("/_bulk", "{\"create\":{\"_id\":\"1\"}}\n{\"x\":2}\n");
  EXPECT_EQ(asked.records.size(), 1U);
  asked.post("/_bulk", "{\"index\":{\"_id\":\"1\"}}\n{\"x\":1}\n");
  EXPECT_EQ(asked.records.size(), 1U);
}

TEST(Elasticsearch, AnswersWhatShippersAskFirst) {
  Asked asked;
  EXPECT_TRUE(has(asked.get("/").body, "You Know, for Search"));
  EXPECT_TRUE(has(asked.get("/", "Elastic-filebeat/8.15.1 (linux; amd64)").body, "\"8.15.1\""));
  EXPECT_TRUE(has(asked.get("/", "curl/8").body, std::string(kDefaultElasticsearchVersion)));
  EXPECT_TRUE(has(asked.get("/es/_license?human=false").body, "\"active\""));
  for (const char* target :
       {"/_xpack", "/_cluster/health", "/_cat/health", "/_nodes/http", "/_ilm/policy/filebeat",
        "/_index_template/filebeat-8.15.1", "/_data_stream/filebeat", "/_ingest/pipeline/x",
        "/_alias/x", "/filebeat-8.15.1", "/.logstash", "/es"}) {
    EXPECT_EQ(asked.get(target).status, 200) << target;
  }
  EXPECT_EQ(asked.get("/_search").status, 404);
  EXPECT_EQ(asked.get("/_bulk").status, 405);
}

}  // namespace
}  // namespace catena::http
