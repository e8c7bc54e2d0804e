// SPDX-License-Identifier: Apache-2.0
#include "rules/processing/placeholder_file.h"

#include <gtest/gtest.h>

#include "rules/compile/compile_options.h"

namespace catena::processing {
namespace {

std::string refusal(const std::string& text) {
  PlaceholderValues values;
  return std::string(read_placeholders(text, "p.yml", values).message());
}

TEST(Placeholders, ReadNamesAndValues) {
  PlaceholderValues values;
  ASSERT_TRUE(read_placeholders("Admins: [root, adm*, 5]\nDc-Name: dc-01\n", "p.yml", values).ok());
  ASSERT_TRUE(read_placeholders("More: x\n", "q.yml", values).ok());
  EXPECT_EQ(values.at("Admins"), (std::vector<std::string>{"root", "adm*", "5"}));
  EXPECT_EQ(values.at("Dc-Name"), (std::vector<std::string>{"dc-01"}));
  EXPECT_EQ(values.size(), 3u);
  EXPECT_EQ(read_placeholders("More: y\n", "r.yml", values).message(),
            "r.yml:1:1: 'More' has values already");
}

TEST(Placeholders, AreRefusedWithPlaceAndReason) {
  EXPECT_EQ(refusal("- a\n"), "p.yml:1:1: the file is not a mapping");
  EXPECT_EQ(refusal("A: {b: c}\n"), "p.yml:1:4: 'A' is not a list of texts");
  EXPECT_EQ(refusal("A: []\n"), "p.yml:1:4: 'A' has no value");
  EXPECT_EQ(refusal("A: x\n---\nB: y\n"), "p.yml: not one document");
  EXPECT_EQ(refusal("'%A%': x\n"),
            "p.yml:1:1: a placeholder's name is 1 to 128 bytes without '%' and '\\'");
  std::string many = "A: [";
  for (std::size_t i = 0; i <= compile::kMaxVariantsPerValue; ++i) many += "x,";
  EXPECT_EQ(refusal(many + "]\n"), "p.yml:1:4: 'A' has more than 1000 values");
}

TEST(Placeholders, HaveABound) {
  std::string text;
  for (std::size_t i = 0; i <= kMaxPlaceholders; ++i) text += "n" + std::to_string(i) + ": x\n";
  EXPECT_NE(refusal(text).find("more than 10000 placeholders"), std::string::npos);
}

}  // namespace
}  // namespace catena::processing
