// SPDX-License-Identifier: Apache-2.0
#include "rules/attack/defence_loader.h"

#include <gtest/gtest.h>

namespace catena::rules {
namespace {

class DefenceLoaderTest : public testing::Test {
 protected:
  DefenceLoaderTest() {
    attack_.add_technique({"T1003", "Dumping", {}, {}, "", false});
    attack_.add_technique({"T1685", "Disable", {}, {}, "", false});
    attack_.add_forward("T1562.001", "T1685");
  }
  Status load(std::string_view text) {
    const AttackTable table{"t.tsv", text};
    return load_defence_tables({&table, 1}, attack_, defence_);
  }
  attack::AttackCatalog attack_;
  attack::DefenceCatalog defence_;
};

TEST_F(DefenceLoaderTest, BringsIdsForwardAndLeavesOutUnknownOnes) {
  ASSERT_TRUE(load("# c\nmitigation\tname\ttechniques\nM1001\tDo\tT1003,T1562.001,T9999\n"
                   "meaning\ttext\nM1001\tDo it.\nM1999\tNo row.\n"
                   "group\tname\taliases\ttechniques\nG0001\tOne\t\tT1562.001\n"
                   "advice\ttext\nE1\tfirst\ninitial-compromise\tsecond\n")
                  .ok());
  ASSERT_EQ(defence_.mitigations.size(), 1U);
  EXPECT_EQ(defence_.mitigations[0].techniques, (std::vector<std::string>{"T1003", "T1685"}));
  EXPECT_EQ(defence_.mitigations[0].meaning, "Do it.");
  ASSERT_EQ(defence_.groups.size(), 1U);
  EXPECT_EQ(defence_.groups[0].techniques, std::vector<std::string>{"T1685"});
  EXPECT_EQ(defence_.advice[static_cast<std::size_t>(attack::Phase::kInitialCompromise)],
            (std::vector<std::string>{"first", "second"}));
}

TEST_F(DefenceLoaderTest, RefusesWithThePlace) {
  EXPECT_EQ(load("M1001\tx\tT1003\n").message(), "t.tsv:1: expected a table's header line");
  EXPECT_EQ(load("advice\ttext\nE77\tx\n").message(), "t.tsv:2: no phase is called 'E77'");
  EXPECT_EQ(load("advice\ttext\nE1\n").message(),
            "t.tsv:2: expected 2 tab-separated fields, found 1");
  EXPECT_EQ(load("meaning\ttext\nM1\tx\n").message(), "t.tsv:2: 'M1' is no mitigation");
  EXPECT_EQ(load("group\tname\taliases\ttechniques\nG0001\tx\t\tX1\n").message(),
            "t.tsv:2: 'X1' is not a technique id");
  EXPECT_EQ(load("meaning\ttext\nM1001\tx\nM1001\ty\n").message(),
            "t.tsv:3: 'M1001' is given twice");
}

TEST_F(DefenceLoaderTest, BoundsFieldsRowsAndLists) {
  EXPECT_EQ(load("advice\ttext\nE1\t" + std::string(kMaxDefenceFieldBytes + 1, 'x')).message(),
            "t.tsv:2: field is too long");
  std::string many = "advice\ttext\n";
  for (std::size_t i = 0; i <= kMaxDefenceRows; ++i) many += "E1\tx\n";
  EXPECT_EQ(load(many).code(), StatusCode::kLimit);
  std::string ids = "mitigation\tname\ttechniques\nM1001\tx\tT1003";
  for (std::size_t i = 0; i < kMaxDefenceTechniques; ++i) ids += ",T1003";
  EXPECT_EQ(load(ids).message(), "t.tsv:2: too many techniques");
}

}  // namespace
}  // namespace catena::rules
