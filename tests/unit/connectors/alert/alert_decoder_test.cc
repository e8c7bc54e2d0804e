// SPDX-License-Identifier: Apache-2.0
#include "connectors/alert/alert_decoder.h"

#include <gtest/gtest.h>

namespace catena::alerts {
namespace {

using alert::AlertRecord;

const std::vector<std::string> kVerdicts = {"label"};

TEST(AlertDecoder, FlattensDocuments) {
  AlertDecoder decoder(kVerdicts);
  const auto record =
      decoder.document(R"({"a":{"b":"x","c":[1,2.5,{"d":true}]},"e.f":"y","g":null})");
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->values("a.b"), std::vector<std::string_view>{"x"});
  EXPECT_EQ(record->values("a.c"), (std::vector<std::string_view>{"1", "2.5"}));
  EXPECT_EQ(record->values("a.c.d"), std::vector<std::string_view>{"true"});
  EXPECT_EQ(record->values("e.f"), std::vector<std::string_view>{"y"});
  EXPECT_TRUE(record->values("g").empty());
  EXPECT_FALSE(decoder.document("{broken").ok());
}

TEST(AlertDecoder, NeverReadsVerdicts) {
  AlertDecoder decoder(kVerdicts);
  bool is_header = false;
  ASSERT_TRUE(decoder.line("time,label,name", is_header).ok());
  EXPECT_TRUE(is_header);
  const auto record = decoder.line("1,attack,\"a,b\"", is_header);
  ASSERT_TRUE(record.ok());
  EXPECT_FALSE(is_header);
  EXPECT_TRUE(record->values("label").empty());
  EXPECT_EQ(record->text, "1,\"a,b\"");
  EXPECT_EQ(decoder.line("1,2", is_header).status().message(), "2 values below a header of 3");
}

TEST(AlertDecoder, BoundsFieldsDepthAndValues) {
  AlertDecoder decoder(kVerdicts);
  std::string many = "{";
  for (std::size_t i = 0; i < kMaxAlertFields + 100; ++i) {
    many += (i == 0 ? "" : ",") + std::string("\"k") + std::to_string(i) + "\":1";
  }
  EXPECT_EQ(decoder.document(many + "}")->fields.size(), kMaxAlertFields);
  std::string deep;
  for (std::size_t i = 0; i < kMaxAlertDepth + 10; ++i) deep += "{\"a\":";
  EXPECT_TRUE(decoder.document(deep + "1" + std::string(kMaxAlertDepth + 10, '}'))->fields.empty());
  const auto record =
      decoder.document("{\"a\":\"" + std::string(kMaxAlertValueBytes + 5, 'x') + "\"}");
  EXPECT_EQ(record->fields[0].value.size(), kMaxAlertValueBytes);
}

}  // namespace
}  // namespace catena::alerts
