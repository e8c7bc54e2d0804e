// SPDX-License-Identifier: Apache-2.0
#include "engine/app/chain_text.h"

#include <gtest/gtest.h>

#include "engine/incident/chain_builder.h"
#include "tests/support/detection_fixture.h"

namespace catena::app {
namespace {

using attack::Phase;
using test::host;
using test::ip;
using test::make_detection;
using test::user;

class ChainPageTest : public testing::Test {
 protected:
  ChainPageTest() {
    detections_ = {
        make_detection(481, "Scan", {host("web"), ip("203.0.113.9")}),
        make_detection(482, "Scan", {host("web"), ip("203.0.113.9")}),
        make_detection(500, "Log cleared", {host("mx"), user("bob"), ip("203.0.113.9")})};
    detections_[0].tactics = detections_[1].tactics = {"TA0043"};
    detections_[0].phases = detections_[1].phases = {Phase::kExternalReconnaissance};
    detections_[2].phases = {Phase::kDefenseEvasion};
    detections_[2].telling = {{"message", "a\x1b[2Jb"}};
    detections_[2].evidence = "raw \x07 line";
    std::vector<incident::ChainMember> members;
    for (const auto& detection : detections_) members.push_back({&detection, {}});
    members[2].join = {detections_[1].id, ip("203.0.113.9"), 40000};
    chain_ = incident::assemble_chain(Id128{1, 2}, members);
  }

  std::vector<incident::Detection> detections_;
  incident::Chain chain_;
  attack::AttackCatalog attack_;
};

TEST_F(ChainPageTest, TellsPhasesRepeatsEvidenceAndReasons) {
  const std::string page = chain_page(chain_, detections_, attack_, TextStyle{});
  for (const char* text :
       {"External reconnaissance", "Defense evasion", "Scan [high] x2 until 08:02:00", "08:20:00",
        "mx", "bob", "message = a\\x1b[2Jb", "test.jsonl:500  raw \\x07 line",
        "shares ip 203.0.113.9 with \"Scan\" at 08:02:00", "opens the chain"}) {
    EXPECT_NE(page.find(text), std::string::npos) << text << "\n" << page;
  }
  EXPECT_EQ(page.find('\x1b'), std::string::npos);
}

TEST_F(ChainPageTest, ListsTacticsInOrderOfAppearance) {
  EXPECT_EQ(tactics_in_order(detections_), std::vector<std::string>{"TA0043"});
}

}  // namespace
}  // namespace catena::app
