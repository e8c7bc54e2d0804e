// SPDX-License-Identifier: Apache-2.0
#include "engine/app/chain_text.h"

#include <algorithm>

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
  const report::Story story{chain_, detections_};
  const std::string page = chain_page(report::StoryView(story, attack_), {}, TextStyle{});
  for (const char* text :
       {"External reconnaissance", "Defense evasion", "Scan [high] x2 until 08:02:00", "08:20:00",
        "mx", "bob", "message = a\\x1b[2Jb", "test.jsonl:500  raw \\x07 line",
        "shares ip 203.0.113.9 with \"Scan\" at 08:02:00", "opens the chain"}) {
    EXPECT_NE(page.find(text), std::string::npos) << text << "\n" << page;
  }
  EXPECT_EQ(page.find('\x1b'), std::string::npos);
}

TEST_F(ChainPageTest, FitsTheWidthThatItIsGiven) {
  for (auto& detection : detections_) {
    detection.rule_title = std::string(300, 't');
    detection.evidence = std::string(300, 'e');
    detection.techniques = {"T1003"};
  }
  attack_.add_technique({"T1003", std::string(200, 'n'), {}, {}, "", false});
  chain_.hosts = {std::string(60, 'h'), std::string(60, 'i')};
  const report::Story story{chain_, detections_};
  casework::Decision note;
  note.author = "ana";
  note.note = "word after word after word after word after word after word after word after word";
  const std::string page = chain_page(report::StoryView(story, attack_),
                                      {casework::CaseState::kContained, {note}}, {false, 100});
  EXPECT_NE(page.find("state   contained"), std::string::npos) << page;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = page.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string line = page.substr(begin, end - begin);
    const auto width = std::count_if(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    });
    EXPECT_LE(width, 100) << line;
  }
}

}  // namespace
}  // namespace catena::app
