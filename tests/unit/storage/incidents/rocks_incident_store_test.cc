// SPDX-License-Identifier: Apache-2.0
#include "storage/incidents/rocks_incident_store.h"

#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "storage/incidents/store_keys.h"
#include "tests/support/incident_store_contract.h"
#include "tests/support/scratch_folder.h"

namespace catena::tests {
namespace {

using storage::RocksIncidentStore;

class RocksWorld {
 public:
  RocksWorld() { reopen(); }
  pipeline::IncidentStore& store() { return *store_; }
  void reopen() {
    store_.reset();
    auto opened = RocksIncidentStore::open({folder_.inside("store"), true, false});
    if (!opened.ok()) throw std::runtime_error(opened.status().message());
    store_ = *std::move(opened);
  }

 private:
  ScratchFolder folder_;
  std::unique_ptr<RocksIncidentStore> store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Rocks, IncidentStoreContract, RocksWorld);

}  // namespace
}  // namespace catena::tests

namespace catena::storage {
namespace {

class RocksStore : public testing::Test {
 protected:
  std::unique_ptr<RocksIncidentStore> open(bool read_only = false) {
    auto opened = RocksIncidentStore::open({path(), true, read_only});
    EXPECT_TRUE(opened.ok()) << opened.status().message();
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  // Opens what is below the store, to damage it.
  std::unique_ptr<Kv> open_raw() {
    auto opened = Kv::open({path(), false, false, "incidents", kIncidentFormat, family_names()});
    EXPECT_TRUE(opened.ok()) << opened.status().message();
    return *std::move(opened);
  }
  void overwrite(Family family, const std::string& key, const std::string& value) {
    KvBatch batch;
    batch.put(family, key, value);
    ASSERT_TRUE(open_raw()->write(batch).ok());
  }
  void fill() {
    ASSERT_TRUE(open()->commit({{one_}, {chain_}, {}, {{"/log", 9, 1, 1}}, 1, 0}).ok());
  }
  [[nodiscard]] std::string path() const { return folder_.inside("store"); }

  tests::ScratchFolder folder_;
  const incident::Detection one_ = tests::sample_detection(1);
  const incident::Chain chain_ = tests::sample_chain("a", {one_});
};

TEST_F(RocksStore, CountsWhatEpochsSawButNotTheSameEpochTwice) {
  const auto store = open();
  const pipeline::Epoch first{{one_}, {chain_}, {}, {{"/log", 9, 1, 1}}, 100, 3};
  ASSERT_TRUE(store->commit(first).ok());
  ASSERT_TRUE(store->commit(first).ok());
  EXPECT_EQ(store->counters()->events, 100U);
  EXPECT_EQ(store->counters()->dead_letters, 3U);
  EXPECT_EQ(store->counters()->epochs, 1U);
  ASSERT_TRUE(store->commit({{}, {}, {}, {{"/log", 20, 5, 1}}, 50, 0}).ok());
  ASSERT_TRUE(store->commit({{}, {}, {}, {}, 7, 0}).ok());  // two equal epochs without a name
  ASSERT_TRUE(store->commit({{}, {}, {}, {}, 7, 0}).ok());
  ASSERT_TRUE(store->commit({}).ok());
  EXPECT_EQ(store->counters()->events, 164U);
  EXPECT_EQ(store->counters()->epochs, 4U);
}

TEST_F(RocksStore, ReadOnlyStoreReadsBesideAWriterAndRefusesCommits) {
  fill();
  const auto writer = open();
  const auto reader = open(true);
  EXPECT_TRUE(*reader->has_detection(one_.id));
  EXPECT_EQ(reader->commit({{tests::sample_detection(2)}, {}, {}, {}, 1, 0}).code(),
            StatusCode::kUnsupported);
}

TEST_F(RocksStore, StoreOfAnotherVersionIsRefused) {
  {
    const auto newer = Kv::open({path(), true, false, "incidents", kIncidentFormat + 1, {"meta"}});
    ASSERT_TRUE(newer.ok());
  }
  const auto opened = RocksIncidentStore::open({path(), true, false});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.status().code(), StatusCode::kVersion);
  EXPECT_EQ(opened.status().message(), path() + ": store format 2, this program reads format 1");
}

TEST_F(RocksStore, DamagedRecordsAreNamedAndNeverCrash) {
  fill();
  overwrite(kDetectionFamily, id_key(one_.id), "\x01nonsense");
  const auto detection = open()->detection(one_.id);
  EXPECT_EQ(detection.status().code(), StatusCode::kCorrupt);
  EXPECT_NE(detection.status().message().find(one_.id.hex()), std::string::npos);

  overwrite(kStepFamily, step_key(chain_.id, chain_.steps[0]), "");
  EXPECT_EQ(open()->chain(chain_.id).status().code(), StatusCode::kCorrupt);
  overwrite(kChainOfFamily, id_key(one_.id), "short");
  EXPECT_EQ(open()->chain_of(one_.id).status().code(), StatusCode::kCorrupt);
  overwrite(kPositionFamily, "/log", "\x01");
  EXPECT_EQ(open()->position("/log").status().code(), StatusCode::kCorrupt);
  overwrite(kMetaFamily, std::string(kCountersKey), "\x02");
  EXPECT_EQ(open()->counters().status().code(), StatusCode::kVersion);
}

TEST_F(RocksStore, IndexEntriesThatLeadNowhereAreReported) {
  fill();
  overwrite(kByTimeFamily, time_key(1, hash128("ghost")), "");
  const auto visit = [](const incident::Chain&) { return true; };
  EXPECT_EQ(open()->for_each_chain(visit).code(), StatusCode::kCorrupt);
  overwrite(kByEntityFamily, pair_key(entity_hash(one_.entities[0]), hash128("ghost")), "");
  EXPECT_EQ(open()->chains_of_entity(one_.entities[0]).status().code(), StatusCode::kCorrupt);
  overwrite(kByTimeFamily, "odd", "");
  EXPECT_EQ(open()->for_each_chain(visit).code(), StatusCode::kCorrupt);
  overwrite(kStepFamily, id_key(chain_.id) + "odd", "");
  EXPECT_EQ(open()->chain(chain_.id).status().code(), StatusCode::kCorrupt);
}

TEST_F(RocksStore, MissingStepIsReported) {
  fill();
  KvBatch batch;
  batch.remove(kStepFamily, step_key(chain_.id, chain_.steps[0]));
  ASSERT_TRUE(open_raw()->write(batch).ok());
  const auto found = open()->chain(chain_.id);
  EXPECT_EQ(found.status().code(), StatusCode::kCorrupt);
  EXPECT_EQ(found.status().message(), "chain " + chain_.id.hex() + ": has 0 steps, not 1");
}

TEST_F(RocksStore, RefusesARecordBeyondItsLimit) {
  incident::Detection huge = tests::sample_detection(2);
  huge.evidence.assign(std::size_t{65} * 1024 * 1024, 'x');
  EXPECT_EQ(open()->commit({{huge}, {}, {}, {}, 1, 0}).code(), StatusCode::kLimit);
}

// Every key that a history of merges, splits and growth leaves is one that its outcome needs.
// But one: a chain that a merge ended leads on.
TEST_F(RocksStore, HistoryLeavesNoStaleKeys) {
  std::vector<incident::Detection> detections;
  for (unsigned i = 0; i < 8; ++i) detections.push_back(tests::sample_detection(i));
  const auto outcome = tests::sample_chain("z", detections);
  const auto keys = [](Kv& kv) {
    std::set<std::string> all;
    for (FamilyIndex family = kDetectionFamily; family <= kEntitiesFamily; ++family) {
      EXPECT_TRUE(
          kv.for_each_prefix(family, "",
                             [&](std::string_view key, std::string_view value) -> Result<bool> {
                               all.insert(std::to_string(family) + printable_key(key) + "=" +
                                          printable_key(value));
                               return true;
                             })
              .ok());
    }
    return all;
  };
  std::vector<Id128> merged;
  {
    const auto store = open();
    for (const incident::Detection& d : detections) {
      const auto single = tests::sample_chain(d.rule_id, {d});
      ASSERT_TRUE(store->commit({{d}, {single}, {}, {}, 1, 0}).ok());
      merged.push_back(single.id);
    }
    ASSERT_TRUE(store->commit({{}, {outcome}, merged, {}, 0, 0}).ok());
    auto half = outcome;
    half.steps.resize(4);
    half.last = half.steps.back().time;
    ASSERT_TRUE(store->commit({{}, {half}, {}, {}, 0, 0}).ok());
    ASSERT_TRUE(store->commit({{}, {outcome}, {}, {}, 0, 0}).ok());
  }
  std::set<std::string> after_history = keys(*open_raw());
  for (std::size_t i = 0; i < merged.size(); ++i) {
    EXPECT_EQ(after_history.erase(std::to_string(kChainOfFamily) + merged[i].hex() + "=" +
                                  detections[i].id.hex()),
              1U);
  }
  std::filesystem::remove_all(path());
  ASSERT_TRUE(open()->commit({detections, {outcome}, {}, {}, 8, 0}).ok());
  EXPECT_EQ(keys(*open_raw()), after_history);
}

}  // namespace
}  // namespace catena::storage
