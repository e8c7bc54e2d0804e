// SPDX-License-Identifier: Apache-2.0
#include "bench/evaluation/label_file.h"

#include <gtest/gtest.h>

namespace catena::evaluation {
namespace {

TEST(LabelFile, ReadsLabelsAndBringsThemForward) {
  attack::AttackCatalog attack;
  attack.add_forward("T1562.001", "T1685");
  const auto labels = parse_labels(
      R"({"a.zip": {"techniques": ["T1562.001", "T1003", "T1003"], "tactics": ["TA0008"], "id": 7},
          "b": {"title": null}})",
      attack);
  ASSERT_TRUE(labels.ok()) << labels.status().message();
  EXPECT_EQ(labels->at("a.zip").techniques, (std::vector<std::string>{"T1003", "T1685"}));
  EXPECT_EQ(labels->at("a.zip").tactics, std::vector<std::string>{"TA0008"});
  EXPECT_TRUE(labels->at("b").techniques.empty());
}

TEST(LabelFile, RefusesOtherForms) {
  const attack::AttackCatalog attack;
  for (const char* text : {"", "[]", "{\"a\": 1}", "{\"a\": {\"techniques\": \"T1003\"}}",
                           "{\"a\": {\"techniques\": [1]}}", "{\"a\": "}) {
    EXPECT_FALSE(parse_labels(text, attack).ok()) << text;
  }
  EXPECT_FALSE(read_labels("/nonexistent", attack).ok());
}

}  // namespace
}  // namespace catena::evaluation
