// SPDX-License-Identifier: Apache-2.0
#include "engine/report/guidance.h"

#include <gtest/gtest.h>

#include "engine/report/guidance_text.h"
#include "tests/support/story_fixture.h"

namespace catena::report {
namespace {

using attack::Phase;

class GuidanceTest : public testing::Test {
 protected:
  GuidanceTest() {
    const auto add = [this](const std::string& id, Phase phase,
                            const std::vector<std::string>& platforms) {
      attack_.add_technique({id,
                             "name of " + id,
                             {},
                             platforms,
                             id.substr(0, id.find('.')) == id ? "" : id.substr(0, 5),
                             false});
      attack_.set_technique_phases(id, {{phase}, false});
    };
    add("T1595", Phase::kExternalReconnaissance, {});
    add("T1204", Phase::kInitialCompromise, {"Windows"});
    add("T1203", Phase::kInitialCompromise, {"macOS"});
    add("T1021", Phase::kMoveLaterally, {"Windows"});
    add("T1486", Phase::kExecuteObjective, {"Windows"});
    defence_.mitigations = {{"M1001", "One", "Do one.", {"T1595"}},
                            {"M1002", "Two", "Do two.", {"T1021", "T1486"}},
                            {"M1003", "None", "Do none.", {"T1204"}}};
    defence_.groups = {{"G0001", "First", "", {"T1021", "T1204", "T1486", "T1595"}},
                       {"G0002", "Second", "", {"T1021", "T1203"}},
                       {"G0003", "Third", "", {"T1021", "T1486", "T1595"}}};
    for (auto& advice : defence_.advice) advice = {"act"};
  }

  Story story_with(Phase first, const std::string& first_id) const {
    auto scan =
        test::with_technique(test::make_detection(1, "scan", {test::host("a")}), first_id, first);
    auto move = test::with_technique(test::make_detection(2, "move", {test::host("a")}), "T1021",
                                     Phase::kMoveLaterally);
    auto lock = test::with_technique(test::make_detection(3, "lock", {test::host("a")}), "T1486",
                                     Phase::kExecuteObjective);
    for (auto* detection : {&scan, &move, &lock}) detection->product = "windows";
    Story story = test::make_story({scan, move, lock});
    for (auto& slot : story.chain.phases) {
      if (slot.state == incident::PhaseState::kInferred) slot = {};
    }
    return story;
  }

  attack::AttackCatalog attack_;
  attack::DefenceCatalog defence_;
};

TEST_F(GuidanceTest, NamesPhasesMissingInTheMiddleAndWhatFillsThem) {
  const Story story = story_with(Phase::kExternalReconnaissance, "T1595");
  const StoryView view(story, attack_);
  const std::map<std::string, std::size_t> rules = {{"T1204", 2}, {"T1204.002", 5}, {"T12040", 9}};
  const Guidance guidance = guide(view, {defence_, &rules, {}});
  std::vector<Phase> missing;
  for (const PhaseGap& gap : guidance.gaps) missing.push_back(gap.phase);
  // Phases beside lateral movement are not missing: they come in any order.
  EXPECT_EQ(missing,
            (std::vector<Phase>{Phase::kLaunchAttack, Phase::kInitialCompromise,
                                Phase::kEstablishFoothold, Phase::kEscalatePrivileges,
                                Phase::kInternalReconnaissance, Phase::kMaintainPersistence}));
  ASSERT_EQ(guidance.gaps[1].techniques.size(), 1U) << "macOS is not the chain's platform";
  EXPECT_EQ(guidance.gaps[1].techniques[0].id, "T1204");
  EXPECT_EQ(guidance.gaps[1].techniques[0].rules, std::optional<std::size_t>(7));
  EXPECT_EQ(gap_technique_text(view, guidance.gaps[1].techniques[0]),
            "T1204 name of T1204 (known of 1 group; 7 rules look for it)");
}

TEST_F(GuidanceTest, RanksWhatCountersMost) {
  const Story story = story_with(Phase::kExternalReconnaissance, "T1595");
  const Guidance guidance = guide(StoryView(story, attack_), {defence_, nullptr, {}});
  ASSERT_EQ(guidance.counter_measures.size(), 2U);
  EXPECT_EQ(guidance.counter_measures[0].mitigation->id, "M1002");
  EXPECT_EQ(guidance.counter_measures[0].techniques, (std::vector<std::string>{"T1021", "T1486"}));
}

TEST_F(GuidanceTest, ShowsTheOverlapWithGroupsAndTheCaveat) {
  const Story story = story_with(Phase::kExternalReconnaissance, "T1595");
  const StoryView view(story, attack_);
  const Guidance guidance = guide(view, {defence_, nullptr, {}});
  ASSERT_EQ(guidance.groups.size(), 2U) << "two techniques in common say nothing";
  EXPECT_EQ(guidance.groups[0].exact, 3U);
  EXPECT_EQ(overlap_text(guidance, guidance.groups[0]), "3 of 3 techniques; known for 4 in all");
  EXPECT_NE(guidance_json(view, guidance).find("false flags"), std::string::npos);
  EXPECT_NE(guidance_html(view, guidance).find("false flags"), std::string::npos);
  EXPECT_NE(guidance_markdown(view, guidance).find("false flags"), std::string::npos);
}

TEST_F(GuidanceTest, TheLatestPhaseSpeaksFirst) {
  const Story story = story_with(Phase::kExternalReconnaissance, "T1595");
  const Guidance guidance = guide(StoryView(story, attack_), {defence_, nullptr, {}});
  ASSERT_GE(guidance.phases.size(), 3U);
  EXPECT_EQ(guidance.phases[0], Phase::kExecuteObjective);
  EXPECT_EQ(guidance.phases[2], Phase::kExternalReconnaissance);
}

}  // namespace
}  // namespace catena::report
