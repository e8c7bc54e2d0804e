// SPDX-License-Identifier: Apache-2.0
#include "engine/lineage/process_history.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace catena::lineage {
namespace {

constexpr Timestamp kSecond = kNanosPerSecond;

ProcessGuid guid(unsigned number) { return {1, number}; }

ProcessStart start(Timestamp seconds, std::uint32_t pid, std::uint32_t parent, unsigned own = 0,
                   unsigned of_parent = 0) {
  ProcessStart fact;
  fact.time = seconds * kSecond;
  fact.host = "ws";
  fact.pid = pid;
  fact.parent_pid = parent;
  if (own != 0) fact.guid = guid(own);
  if (of_parent != 0) fact.parent_guid = guid(of_parent);
  return fact;
}

TEST(ProcessHistory, WalksUpAndStopsBelowARoot) {
  ProcessHistory history;
  ProcessStart services = start(1, 100, 0, 1);
  services.is_root = true;
  history.observe(services);
  history.observe(start(2, 101, 100, 2, 1));
  history.observe(start(3, 102, 101, 3, 2));
  const auto ancestry = history.ancestry(guid(3));
  EXPECT_EQ(ancestry.ancestors, std::vector<std::string>{guid(2).entity_value()});
  EXPECT_TRUE(ancestry.below_root);
  EXPECT_TRUE(history.ancestry(guid(2)).ancestors.empty());
  EXPECT_TRUE(history.ancestry(guid(9)).ancestors.empty());
}

TEST(ProcessHistory, AnIdIsUsedAgain) {
  ProcessHistory history;
  history.observe(start(10, 42, 0, 1));
  history.observe(start(100, 42, 0, 2));
  EXPECT_FALSE(history.name("ws", 42, 5 * kSecond).has_value());
  EXPECT_EQ(history.name("ws", 42, 50 * kSecond), guid(1).entity_value());
  EXPECT_EQ(history.name("ws", 42, 150 * kSecond), guid(2).entity_value());
  EXPECT_FALSE(history.name("other", 42, 150 * kSecond).has_value());
}

TEST(ProcessHistory, AnIdIsNobodysAfterTheEnd) {
  ProcessHistory history;
  history.observe(start(10, 42, 0, 1));
  history.observe(ProcessEnd{20 * kSecond, "ws", 42});
  EXPECT_TRUE(history.name("ws", 42, 20 * kSecond).has_value());
  EXPECT_FALSE(history.name("ws", 42, 30 * kSecond).has_value());
}

TEST(ProcessHistory, TwoReportsOfOneStartAreOneProcess) {
  ProcessHistory history;
  history.observe(start(10, 42, 7));        // Security
  history.observe(start(11, 42, 7, 1, 2));  // Sysmon, a second later
  EXPECT_EQ(history.name("ws", 42, 10 * kSecond), guid(1).entity_value());
  EXPECT_EQ(history.ancestry("ws", 42, 60 * kSecond).ancestors,
            std::vector<std::string>{guid(2).entity_value()});
}

TEST(ProcessHistory, AChildTellsTheGuidOfItsParentsId) {
  ProcessHistory history;
  history.observe(start(10, 42, 7));         // Security: no GUID
  history.observe(start(20, 43, 42, 3, 2));  // Sysmon: its parent is 42 and GUID 2
  EXPECT_EQ(history.name("ws", 42, 12 * kSecond), guid(2).entity_value());
  EXPECT_EQ(history.name("ws", 42, 90 * kSecond), guid(2).entity_value());
  history.observe(start(60, 42, 7));
  EXPECT_EQ(history.name("ws", 42, 12 * kSecond), guid(2).entity_value());
  EXPECT_EQ(history.name("ws", 42, 90 * kSecond), "ws|pid:42@60");
  // A process whose start nobody saw.
  history.observe(start(30, 51, 50, 5, 4));
  EXPECT_EQ(history.name("ws", 50, 25 * kSecond), guid(4).entity_value());
}

TEST(ProcessHistory, WithoutAGuidTheStartTellsProcessesApart) {
  ProcessHistory history;
  history.observe(start(10, 42, 7));
  history.observe(start(5, 7, 1));
  EXPECT_EQ(history.name("ws", 42, 60 * kSecond), "ws|pid:42@10");
  EXPECT_EQ(history.ancestry("ws", 42, 60 * kSecond).ancestors,
            std::vector<std::string>{"ws|pid:7@5"});
}

TEST(ProcessHistory, GoesNoFurtherThanItsLimitAndSurvivesACircle) {
  ProcessHistory history;
  for (unsigned i = 2; i < 20; ++i) history.observe(start(i, 100 + i, 99 + i, i, i - 1));
  EXPECT_EQ(history.ancestry(guid(19)).ancestors.size(), ProcessHistory::kMaxAncestors);
  history.observe(start(50, 301, 302, 31, 32));
  history.observe(start(51, 302, 301, 32, 31));
  EXPECT_EQ(history.ancestry(guid(31)).ancestors,
            std::vector<std::string>{guid(32).entity_value()});
}

TEST(ProcessHistory, ForgetsByEventTime) {
  ProcessHistory history;
  history.observe(start(10, 42, 0, 1));
  history.observe(start(100, 43, 0, 2));
  history.forget_before(50 * kSecond);
  EXPECT_FALSE(history.name("ws", 42, 60 * kSecond).has_value());
  EXPECT_TRUE(history.name("ws", 43, 160 * kSecond).has_value());
  EXPECT_EQ(history.forgotten(), 1U);
}

TEST(ProcessHistoryProperty, TheOrderOfFactsDoesNotMatter) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    std::vector<ProcessStart> facts;
    for (unsigned i = 1; i < 60; ++i) {
      // Ids are reused; some starts have no GUID; some are reported twice.
      const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
      facts.push_back(
          start(below(300), below(12) + 5, below(12) + 5, below(3) == 0 ? 0 : i, below(60)));
      if (random() % 4 == 0) facts.push_back(facts.back());
    }
    const auto answers = [&] {
      ProcessHistory history;
      for (const ProcessStart& fact : facts) history.observe(fact);
      std::string all;
      for (std::uint32_t pid = 5; pid < 17; ++pid) {
        for (Timestamp t = 0; t < 300; t += 7) {
          all += history.name("ws", pid, t * kSecond).value_or("-") + " ";
          for (const auto& value : history.ancestry("ws", pid, t * kSecond).ancestors) all += value;
        }
      }
      return all;
    };
    const std::string before = answers();
    std::shuffle(facts.begin(), facts.end(), random);
    EXPECT_EQ(answers(), before) << "SEED=" << seed;
  }
}

}  // namespace
}  // namespace catena::lineage
