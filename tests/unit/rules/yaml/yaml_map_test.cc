// SPDX-License-Identifier: Apache-2.0
#include "rules/yaml/yaml_map.h"

#include <gtest/gtest.h>

#include "rules/yaml/yaml_reader.h"

namespace catena::yaml {
namespace {

class YamlMapTest : public ::testing::Test {
 protected:
  YamlMapTest()
      : documents_(*read_yaml("name: x\ncount: 7\non: true\nlist: [a, 1]\none: a\nempty:\n"
                              "sub:\n  deep: 1\nmixed: [a, [b]]\n",
                              "m.yml")),
        map_(*YamlMap::open(documents_[0].root, "m.yml", "the file")) {}

  std::vector<YamlDocument> documents_;
  YamlMap map_;
};

TEST_F(YamlMapTest, GivesTypedValues) {
  EXPECT_EQ(*map_.text("name"), "x");
  EXPECT_EQ(*map_.text("count"), "7");
  EXPECT_EQ(*map_.integer("count"), 7);
  EXPECT_TRUE(*map_.boolean("on"));
  EXPECT_EQ(*map_.texts("list"), (std::vector<std::string>{"a", "1"}));
  EXPECT_EQ(*map_.texts("one"), (std::vector<std::string>{"a"}));
  EXPECT_EQ(*map_.map("sub")->integer("deep"), 1);
  EXPECT_EQ((*map_.list("list"))->size(), 2u);
}

TEST_F(YamlMapTest, FallsBackOnlyWhenTheKeyIsAbsent) {
  EXPECT_EQ(*map_.text_or("absent", "d"), "d");
  EXPECT_EQ(*map_.integer_or("absent", 3), 3);
  EXPECT_EQ(*map_.boolean_or("absent", true), true);
  EXPECT_TRUE(map_.texts_or_none("absent")->empty());
  EXPECT_FALSE(map_.integer_or("name", 3).ok());
}

TEST_F(YamlMapTest, SaysWhereAValueIsWrong) {
  EXPECT_EQ(map_.text("absent").status().message(), "m.yml:1:1: key 'absent' is missing");
  EXPECT_EQ(map_.text("empty").status().message(), "m.yml:6:7: 'empty' is not a text");
  EXPECT_EQ(map_.integer("name").status().message(), "m.yml:1:7: 'name' is not an integer");
  EXPECT_EQ(map_.boolean("name").status().message(), "m.yml:1:7: 'name' is neither true nor false");
  EXPECT_EQ(map_.texts("mixed").status().message(), "m.yml:9:12: an item of 'mixed' is not a text");
  EXPECT_EQ(map_.texts("sub").status().message(), "m.yml:8:3: 'sub' is not a list of texts");
  EXPECT_EQ(map_.map("name").status().message(), "m.yml:1:7: 'name' is not a mapping");
  EXPECT_EQ(map_.list("name").status().message(), "m.yml:1:7: 'name' is not a list");
  EXPECT_EQ(map_.only({"name"}).message(), "m.yml:2:1: key 'count' is not known here");
  EXPECT_TRUE(map_.map("sub")->only({"deep"}).ok());
}

}  // namespace
}  // namespace catena::yaml
