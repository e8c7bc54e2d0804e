// SPDX-License-Identifier: Apache-2.0
#include "engine/casework/edited_store.h"

#include <gtest/gtest.h>

#include "engine/incident/chain_builder.h"
#include "engine/pipeline/memory_incident_store.h"
#include "tests/support/detection_fixture.h"

namespace catena::casework {
namespace {

using incident::Chain;
using incident::Detection;

class EditedStoreTest : public testing::Test {
 protected:
  EditedStoreTest() {
    first_ = {test::make_detection(1, "a", {test::process("h|1"), test::host("h")}),
              test::make_detection(2, "b", {test::process("h|1"), test::host("h")}),
              test::make_detection(3, "c", {test::process("h|1"), test::host("h")})};
    second_ = {test::make_detection(500, "d", {test::ip("203.0.113.9"), test::host("g")})};
    third_ = {test::make_detection(900, "e", {test::ip("203.0.113.7"), test::host("f")})};
  }

  // A fresh base each time, as a scan leaves it.
  std::unique_ptr<EditedStore> open(std::vector<Decision> decisions) {
    auto base = std::make_unique<pipeline::MemoryIncidentStore>();
    pipeline::Epoch epoch;
    for (const auto* detections : {&first_, &second_, &third_}) {
      std::vector<incident::ChainMember> members;
      for (const Detection& detection : *detections) {
        incident::JoinEdge join;
        if (!members.empty()) {
          join = {members.back().detection->id, test::process("h|1"), 65536};
        }
        members.push_back({&detection, join, false});
        epoch.detections.push_back(detection);
      }
      epoch.chains.push_back(
          incident::assemble_chain(hash128(detections->front().rule_id), members));
    }
    EXPECT_TRUE(base->commit(epoch).ok());
    for (std::size_t i = 0; i < decisions.size(); ++i) decisions[i].number = i + 1;
    auto store = EditedStore::open(std::move(base), std::move(decisions));
    EXPECT_TRUE(store.ok());
    return *std::move(store);
  }

  static Decision decision(DecisionKind kind, const Detection& subject,
                           std::vector<Id128> detections = {}) {
    Decision made;
    made.author = "ana";
    made.kind = kind;
    made.subject = subject.id;
    made.detections = std::move(detections);
    return made;
  }

  static std::vector<std::size_t> sizes(const EditedStore& store) {
    std::vector<std::size_t> found;
    EXPECT_TRUE(store
                    .for_each_chain([&](const Chain& chain) {
                      found.push_back(chain.steps.size());
                      return true;
                    })
                    .ok());
    return found;
  }

  std::vector<Detection> first_;
  std::vector<Detection> second_;
  std::vector<Detection> third_;
};

TEST_F(EditedStoreTest, ShowsTheBaseWhereNothingWasDecided) {
  EXPECT_EQ(sizes(*open({})), (std::vector<std::size_t>{1, 1, 3}));
}

TEST_F(EditedStoreTest, WhatIsCutIsAChainOfItsOwn) {
  const auto store = open({decision(DecisionKind::kCut, first_[0], {first_[2].id})});
  EXPECT_EQ(sizes(*store), (std::vector<std::size_t>{1, 1, 1, 2}));
  EXPECT_EQ(**store->chain_of(first_[0].id), hash128("a")) << "what stays keeps its name";
  const auto parted = store->chain(**store->chain_of(first_[2].id));
  ASSERT_TRUE(parted.ok() && *parted);
  EXPECT_TRUE((*parted)->steps[0].join.parent.is_zero());
  EXPECT_NE((*parted)->id, hash128("a"));
}

TEST_F(EditedStoreTest, NothingIsCutToNothing) {
  const std::vector<Id128> all = {first_[0].id, first_[1].id, first_[2].id};
  EXPECT_EQ(sizes(*open({decision(DecisionKind::kCut, first_[0], all)})),
            (std::vector<std::size_t>{1, 1, 3}));
}

TEST_F(EditedStoreTest, MergedChainsKeepTheNameOfTheFirstAndForwardTheOther) {
  const auto store = open({decision(DecisionKind::kMerge, second_[0], {first_[0].id})});
  EXPECT_EQ(sizes(*store), (std::vector<std::size_t>{1, 4}));
  EXPECT_EQ(**store->chain_of(first_[1].id), hash128("d"));
  EXPECT_EQ(store->forwards(), (std::map<Id128, Id128>{{hash128("a"), hash128("d")}}));
  EXPECT_FALSE(*store->chain(hash128("a")));
  const auto whole = store->chain(hash128("d"));
  EXPECT_EQ((*whole)->steps[0].join.parent, second_[0].id);
  EXPECT_EQ((*whole)->steps[0].join.weight, 0U);
}

TEST_F(EditedStoreTest, DecisionsApplyInTheirOrder) {
  // Merged, then one step is cut out of the whole again.
  const auto store = open({decision(DecisionKind::kMerge, first_[0], {second_[0].id}),
                           decision(DecisionKind::kCut, first_[0], {second_[0].id, first_[1].id})});
  EXPECT_EQ(sizes(*store), (std::vector<std::size_t>{1, 2, 2}));
  EXPECT_EQ(**store->chain_of(second_[0].id), **store->chain_of(first_[1].id));
}

TEST_F(EditedStoreTest, WhatIsNotThereIsPassedOver) {
  Decision strange = decision(DecisionKind::kCut, first_[0], {hash128("x")});
  Decision nobody = decision(DecisionKind::kMerge, first_[0], {hash128("x")});
  Decision gone = decision(DecisionKind::kMerge, first_[0], {second_[0].id});
  gone.subject = hash128("x");
  EXPECT_EQ(sizes(*open({strange, nobody, gone})), (std::vector<std::size_t>{1, 1, 3}));
}

TEST_F(EditedStoreTest, TheLatestStateHoldsForWhateverHasTheStep) {
  Decision one = decision(DecisionKind::kState, first_[0]);
  one.state = CaseState::kAcknowledged;
  Decision two = decision(DecisionKind::kState, second_[0]);
  two.state = CaseState::kFalsePositive;
  const auto store = open({one, two, decision(DecisionKind::kMerge, first_[0], {second_[0].id})});
  const auto whole = store->chain(**store->chain_of(first_[0].id));
  EXPECT_EQ(*store->state_of(**whole), CaseState::kFalsePositive);
  EXPECT_EQ(store->decisions_of(**whole)->size(), 3U);
  const auto other = store->chain(**store->chain_of(third_[0].id));
  EXPECT_EQ(*store->state_of(**other), CaseState::kOpen);
}

TEST_F(EditedStoreTest, IsForReading) {
  EXPECT_EQ(open({})->commit({}).code(), StatusCode::kUnsupported);
}

}  // namespace
}  // namespace catena::casework
