// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/pipeline/incident_store.h"
#include "tests/support/incident_samples.h"

// What every IncidentStore promises, as one suite. A test file gives it a world: a default
// constructible type with `pipeline::IncidentStore& store()` and `void reopen()`, which closes and
// opens the same store where that means something.
namespace catena::tests {

template <typename World>
class IncidentStoreContract : public testing::Test {
 protected:
  pipeline::IncidentStore& store() { return world_.store(); }

  void commit(const pipeline::Epoch& epoch) {
    const Status status = store().commit(epoch);
    ASSERT_TRUE(status.ok()) << status.message();
  }
  // Everything that the store shows, as text: equal texts are equal stores.
  std::string everything() {
    std::string out;
    const Status status = store().for_each_chain([&](const incident::Chain& chain) {
      out += chain.id.hex() + " " + std::to_string(chain.last) + " " + std::to_string(chain.score);
      for (const incident::Step& step : chain.steps) {
        out += "\n  " + step.detection.hex() + " of " + chain_name(step.detection);
      }
      out += "\n";
      return true;
    });
    EXPECT_TRUE(status.ok()) << status.message();
    return out;
  }
  std::string chain_name(const Id128& detection) {
    const auto chain = store().chain_of(detection);
    EXPECT_TRUE(chain.ok());
    return *chain ? (*chain)->hex() : "none";
  }
  std::vector<Id128> chains_of(incident::EntityType type, const std::string& value) {
    const auto chains = store().chains_of_entity({type, value});
    EXPECT_TRUE(chains.ok()) << chains.status().message();
    return chains.ok() ? *chains : std::vector<Id128>();
  }
  std::optional<incident::Chain> chain(const Id128& id) {
    const auto found = store().chain(id);
    EXPECT_TRUE(found.ok()) << found.status().message();
    return found.ok() ? *found : std::nullopt;
  }

  World world_;
};

TYPED_TEST_SUITE_P(IncidentStoreContract);

TYPED_TEST_P(IncidentStoreContract, EmptyStoreHasNothing) {
  EXPECT_FALSE(*this->store().has_detection(hash128("x")));
  EXPECT_FALSE(this->store().detection(hash128("x"))->has_value());
  EXPECT_FALSE(this->store().chain(hash128("x"))->has_value());
  EXPECT_FALSE(this->store().chain_of(hash128("x"))->has_value());
  EXPECT_FALSE(this->store().position("x")->has_value());
  EXPECT_EQ(this->everything(), "");
  this->commit({});
  EXPECT_EQ(this->everything(), "");
}

TYPED_TEST_P(IncidentStoreContract, GivesBackWhatWasCommitted) {
  const std::vector<incident::Detection> detections = {sample_detection(1), sample_detection(2)};
  const incident::Chain chain = sample_chain("a", detections);
  this->commit({detections, {chain}, {}, {{"/log/a", 1234, 56, 0xfedcba9876543210ULL}}, 10, 1});
  this->world_.reopen();
  for (const incident::Detection& detection : detections) {
    EXPECT_TRUE(*this->store().has_detection(detection.id));
    const auto stored = this->store().detection(detection.id);
    ASSERT_TRUE(stored.ok() && stored->has_value());
    EXPECT_TRUE(same(**stored, detection));
    EXPECT_EQ(*this->store().chain_of(detection.id), chain.id);
  }
  ASSERT_TRUE(this->chain(chain.id).has_value());
  EXPECT_TRUE(same(*this->chain(chain.id), chain));
  const auto position = this->store().position("/log/a");
  ASSERT_TRUE(position.ok() && position->has_value());
  EXPECT_EQ((*position)->source, "/log/a");
  EXPECT_EQ((*position)->offset, 1234U);
  EXPECT_EQ((*position)->lines, 56U);
  EXPECT_EQ((*position)->content_hash, 0xfedcba9876543210ULL);
}

TYPED_TEST_P(IncidentStoreContract, AnEndedChainLeadsToWhoHoldsItsFirstStep) {
  const std::vector<incident::Detection> first = {sample_detection(1)};
  const std::vector<incident::Detection> second = {sample_detection(2)};
  const std::vector<incident::Detection> both = {first[0], second[0]};
  const incident::Chain a = sample_chain("a", first);
  const incident::Chain b = sample_chain("b", second);
  this->commit({both, {a, b}, {}, {}, 0, 0});
  EXPECT_FALSE(this->store().chain_of(b.id)->has_value());
  this->commit({{}, {sample_chain("a", both)}, {b.id}, {}, 0, 0});
  EXPECT_EQ(*this->store().chain_of(b.id), a.id);
  this->world_.reopen();
  // Merged once more: no address has to be changed for that.
  const incident::Chain c = sample_chain("c", both);
  this->commit({{}, {c}, {a.id}, {}, 0, 0});
  EXPECT_EQ(*this->store().chain_of(a.id), c.id);
  EXPECT_EQ(*this->store().chain_of(b.id), c.id);
  // A split brings it back.
  this->commit({{}, {sample_chain("c", first), b}, {}, {}, 0, 0});
  EXPECT_FALSE(this->store().chain_of(b.id)->has_value());
  EXPECT_EQ(*this->store().chain_of(a.id), c.id);
  EXPECT_EQ(this->chain_name(second[0].id), b.id.hex());
}

TYPED_TEST_P(IncidentStoreContract, CommittingAnEpochAgainChangesNothing) {
  const std::vector<incident::Detection> detections = {sample_detection(1), sample_detection(2)};
  const pipeline::Epoch epoch{
      detections, {sample_chain("a", detections)}, {}, {{"/log/a", 10, 2, 7}}, 2, 0};
  this->commit(epoch);
  const std::string before = this->everything();
  this->commit(epoch);
  this->world_.reopen();
  this->commit(epoch);
  EXPECT_EQ(this->everything(), before);
}

TYPED_TEST_P(IncidentStoreContract, KnownDetectionStaysAsItIs) {
  incident::Detection detection = sample_detection(1);
  this->commit({{detection}, {sample_chain("a", {detection})}, {}, {}, 1, 0});
  incident::Detection other = detection;
  other.rule_title = "changed";
  other.entities.clear();
  this->commit({{other}, {sample_chain("a", {other})}, {}, {}, 1, 0});
  EXPECT_TRUE(same(**this->store().detection(detection.id), detection));
  EXPECT_EQ(this->chains_of(incident::EntityType::kProcess, "host|p1").size(), 1U);
}

TYPED_TEST_P(IncidentStoreContract, ListsNewestFirstThenById) {
  std::vector<incident::Detection> detections;
  std::vector<incident::Chain> chains;
  for (unsigned i = 0; i < 6; ++i) {
    detections.push_back(sample_detection(i));
    chains.push_back(sample_chain("c" + std::to_string(i), {detections.back()}));
  }
  chains[4].last = chains[5].last;  // a tie
  chains[0].last = -1;              // before 1970
  chains[1].last = kNoTime;
  this->commit({detections, chains, {}, {}, 6, 0});
  std::vector<const incident::Chain*> order;
  for (const incident::Chain& chain : chains) order.push_back(&chain);
  std::sort(order.begin(), order.end(), [](const incident::Chain* a, const incident::Chain* b) {
    return a->last != b->last ? a->last > b->last : a->id < b->id;
  });
  std::vector<Id128> expected;
  for (const incident::Chain* chain : order) expected.push_back(chain->id);
  std::vector<Id128> listed;
  ASSERT_TRUE(this->store()
                  .for_each_chain([&](const incident::Chain& chain) {
                    listed.push_back(chain.id);
                    return true;
                  })
                  .ok());
  EXPECT_EQ(listed, expected);
  EXPECT_EQ(this->chains_of(incident::EntityType::kHost, "host"), expected);
  std::size_t visits = 0;
  ASSERT_TRUE(
      this->store().for_each_chain([&](const incident::Chain&) { return ++visits < 2; }).ok());
  EXPECT_EQ(visits, 2U);
}

TYPED_TEST_P(IncidentStoreContract, GrownChainMovesInEveryIndex) {
  const incident::Detection first = sample_detection(1);
  const incident::Detection other = sample_detection(5);
  const incident::Detection late = sample_detection(9, {{incident::EntityType::kIp, "10.0.0.9"}});
  this->commit(
      {{first, other}, {sample_chain("a", {first}), sample_chain("b", {other})}, {}, {}, 2, 0});
  this->commit({{late}, {sample_chain("a", {first, late})}, {}, {}, 1, 0});
  this->world_.reopen();
  const Id128 a = sample_chain("a", {}).id;
  const Id128 b = sample_chain("b", {}).id;
  EXPECT_EQ(this->chains_of(incident::EntityType::kHost, "host"), (std::vector<Id128>{a, b}));
  EXPECT_EQ(this->chains_of(incident::EntityType::kIp, "10.0.0.9"), std::vector<Id128>{a});
  EXPECT_EQ(this->chain(a)->steps.size(), 2U);
  std::size_t listed = 0;
  ASSERT_TRUE(this->store()
                  .for_each_chain([&](const incident::Chain& chain) {
                    EXPECT_EQ(chain.id, listed == 0 ? a : b);
                    ++listed;
                    return true;
                  })
                  .ok());
  EXPECT_EQ(listed, 2U);
}

TYPED_TEST_P(IncidentStoreContract, MergedChainLeavesNothingBehind) {
  const incident::Detection one = sample_detection(1, {{incident::EntityType::kIp, "10.0.0.1"}});
  const incident::Detection two = sample_detection(2);
  const incident::Chain a = sample_chain("a", {one});
  const incident::Chain b = sample_chain("b", {two});
  this->commit({{one, two}, {a, b}, {}, {}, 2, 0});
  const pipeline::Epoch merge{{}, {sample_chain("b", {one, two})}, {a.id}, {}, 0, 0};
  for (int again = 0; again < 2; ++again) {
    this->commit(merge);
    this->world_.reopen();
    EXPECT_FALSE(this->chain(a.id).has_value());
    EXPECT_EQ(this->chain_name(one.id), b.id.hex());
    EXPECT_EQ(this->chains_of(incident::EntityType::kIp, "10.0.0.1"), std::vector<Id128>{b.id});
    EXPECT_EQ(this->chains_of(incident::EntityType::kHost, "host"), std::vector<Id128>{b.id});
    EXPECT_EQ(this->chain(b.id)->steps.size(), 2U);
  }
}

TYPED_TEST_P(IncidentStoreContract, StepThatLeavesTakesItsEntitiesAlong) {
  const incident::Detection one = sample_detection(1, {{incident::EntityType::kIp, "10.0.0.1"}});
  const incident::Detection two = sample_detection(2);
  this->commit({{one, two}, {sample_chain("a", {one, two})}, {}, {}, 2, 0});
  const Id128 a = sample_chain("a", {}).id;
  const Id128 b = sample_chain("b", {}).id;
  // Split: one goes to a chain of its own. The order of the chains in the epoch does not matter.
  this->commit({{}, {sample_chain("b", {one}), sample_chain("a", {two})}, {}, {}, 0, 0});
  this->world_.reopen();
  EXPECT_EQ(this->chains_of(incident::EntityType::kIp, "10.0.0.1"), std::vector<Id128>{b});
  EXPECT_EQ(this->chains_of(incident::EntityType::kHost, "host"), (std::vector<Id128>{a, b}));
  EXPECT_EQ(this->chain_name(one.id), b.hex());
  EXPECT_EQ(this->chain_name(two.id), a.hex());
  // Gone altogether: no chain has it, the detection itself is kept.
  this->commit({{}, {}, {b}, {}, 0, 0});
  EXPECT_EQ(this->chain_name(one.id), "none");
  EXPECT_TRUE(*this->store().has_detection(one.id));
  EXPECT_TRUE(this->chains_of(incident::EntityType::kIp, "10.0.0.1").empty());
}

TYPED_TEST_P(IncidentStoreContract, StepWhoseTimeChangedIsOneStep) {
  const incident::Detection one = sample_detection(1);
  incident::Chain chain = sample_chain("a", {one});
  this->commit({{one}, {chain}, {}, {}, 1, 0});
  chain.steps[0].time += kNanosPerSecond;
  this->commit({{}, {chain}, {}, {}, 0, 0});
  ASSERT_EQ(this->chain(chain.id)->steps.size(), 1U);
  EXPECT_EQ(this->chain(chain.id)->steps[0].time, chain.steps[0].time);
  EXPECT_EQ(this->chain_name(one.id), chain.id.hex());
  EXPECT_EQ(this->chains_of(incident::EntityType::kHost, "host").size(), 1U);
}

TYPED_TEST_P(IncidentStoreContract, AncestorAndProcessAreOneEntity) {
  const incident::Detection parent = sample_detection(1);
  const incident::Detection child =
      sample_detection(2, {{incident::EntityType::kAncestor, "host|p1"}});
  this->commit(
      {{parent, child}, {sample_chain("a", {parent}), sample_chain("b", {child})}, {}, {}, 2, 0});
  EXPECT_EQ(this->chains_of(incident::EntityType::kProcess, "host|p1").size(), 2U);
  EXPECT_EQ(this->chains_of(incident::EntityType::kAncestor, "host|p1").size(), 2U);
  EXPECT_TRUE(this->chains_of(incident::EntityType::kFile, "host|p1").empty());
}

TYPED_TEST_P(IncidentStoreContract, RefusedEpochLeavesNothing) {
  const incident::Detection one = sample_detection(1);
  const incident::Detection two = sample_detection(2);
  const incident::Chain good = sample_chain("a", {one, two});
  incident::Chain unordered = good;
  std::swap(unordered.steps[0], unordered.steps[1]);
  const std::vector<pipeline::Epoch> bad = {
      {{one}, {good}, {}, {{"/log", 1, 1, 1}}, 1, 0},                // two is not known
      {{one, two}, {unordered}, {}, {}, 1, 0},                       // steps out of order
      {{one, two}, {good, good}, {}, {}, 1, 0},                      // the same chain twice
      {{one, two}, {good}, {good.id}, {}, 1, 0},                     // and gone
      {{one, two}, {good, sample_chain("b", {one})}, {}, {}, 1, 0},  // a step of two chains
      {{one}, {}, {}, {{"/log", 1, 1, 1}, {"/log", 2, 1, 1}}, 1, 0},
  };
  for (const pipeline::Epoch& epoch : bad) {
    const Status status = this->store().commit(epoch);
    EXPECT_EQ(status.code(), StatusCode::kInvalidInput) << status.message();
    EXPECT_FALSE(*this->store().has_detection(one.id));
    EXPECT_FALSE(this->store().position("/log")->has_value());
    EXPECT_EQ(this->everything(), "");
  }
  this->commit({{one, two}, {good}, {}, {}, 1, 0});  // a refusal does not stop the store
}

TYPED_TEST_P(IncidentStoreContract, PositionMovesOnAndIsPerSource) {
  this->commit({{}, {}, {}, {{"a", 1, 1, 9}, {"b", 5, 5, 9}, {"", 3, 3, 3}}, 0, 0});
  this->commit({{}, {}, {}, {{"a", 2, 2, 9}}, 0, 0});
  EXPECT_EQ((*this->store().position("a"))->offset, 2U);
  EXPECT_EQ((*this->store().position("b"))->offset, 5U);
  EXPECT_EQ((*this->store().position(""))->offset, 3U);
}

REGISTER_TYPED_TEST_SUITE_P(IncidentStoreContract, EmptyStoreHasNothing, GivesBackWhatWasCommitted,
                            AnEndedChainLeadsToWhoHoldsItsFirstStep,
                            CommittingAnEpochAgainChangesNothing, KnownDetectionStaysAsItIs,
                            ListsNewestFirstThenById, GrownChainMovesInEveryIndex,
                            MergedChainLeavesNothingBehind, StepThatLeavesTakesItsEntitiesAlong,
                            StepWhoseTimeChangedIsOneStep, AncestorAndProcessAreOneEntity,
                            RefusedEpochLeavesNothing, PositionMovesOnAndIsPerSource);

}  // namespace catena::tests
