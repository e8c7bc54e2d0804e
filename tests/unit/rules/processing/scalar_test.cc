// SPDX-License-Identifier: Apache-2.0
#include "rules/processing/scalar.h"

#include <gtest/gtest.h>

#include "rules/yaml/yaml_reader.h"

namespace catena::processing {
namespace {

Scalar scalar(const std::string& yaml) { return Scalar::of((*yaml::read_yaml(yaml, "s"))[0].root); }

TEST(Scalar, KeepsTheKindThatYamlSays) {
  EXPECT_EQ(scalar("abc").kind, Scalar::Kind::kText);
  EXPECT_EQ(scalar("'5'").kind, Scalar::Kind::kText);
  EXPECT_EQ(scalar("5").kind, Scalar::Kind::kNumber);
  EXPECT_EQ(scalar("-1.5e3").kind, Scalar::Kind::kNumber);
  EXPECT_EQ(scalar("True").text, "true");
  EXPECT_EQ(scalar("~").kind, Scalar::Kind::kNull);
}

TEST(Scalar, ComparesWithinOneKind) {
  EXPECT_EQ(compare(scalar("5"), scalar("5.0")), 0);
  EXPECT_EQ(compare(scalar("10"), scalar("9")), 1);
  EXPECT_EQ(compare(scalar("a"), scalar("b")), -1);
  EXPECT_EQ(compare(scalar("5"), scalar("'5'")), std::nullopt);
}

TEST(Relation, HoldsByOrder) {
  EXPECT_TRUE(holds(*parse_relation("eq"), 0));
  EXPECT_TRUE(holds(*parse_relation("ne"), std::nullopt));
  EXPECT_TRUE(holds(*parse_relation("gte"), 0));
  EXPECT_FALSE(holds(*parse_relation("gt"), 0));
  EXPECT_TRUE(holds(*parse_relation("lte"), -1));
  EXPECT_FALSE(holds(*parse_relation("lt"), std::nullopt));
  EXPECT_FALSE(parse_relation("equals").has_value());
}

}  // namespace
}  // namespace catena::processing
