// SPDX-License-Identifier: Apache-2.0
#include "storage/journal/journal.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "storage/journal/journal_reader.h"
#include "storage/journal/segment.h"
#include "tests/support/simulated_file_system.h"

namespace catena::storage {
namespace {

using pipeline::Answer;
using pipeline::Outcome;
using pipeline::Record;
using tests::SimulatedFileSystem;

constexpr const char* kFolder = "j";

// A journal on a simulated file system, and what its offers were answered.
class JournalTest : public testing::Test {
 protected:
  void open(JournalOptions options = {}) {
    options.folder = kFolder;
    auto opened = Journal::open(options, files_, [this] { return clock_; });
    ASSERT_TRUE(opened.ok()) << opened.status().to_string();
    journal_ = *std::move(opened);
  }
  void offer(const std::string& text, const std::string& listener = "tcp") {
    const std::vector<Record> records = {{text, std::nullopt, false}};
    journal_->offer({listener, "peer", records},
                    [this](const Answer& answer) { answers_.push_back(answer.outcome); });
  }
  // One offer, one group.
  Outcome keep(const std::string& text) {
    offer(text);
    journal_->commit_group();
    return answers_.back();
  }
  std::string read_all() {
    JournalReader reader(*journal_);
    JournalBlock block;
    std::string out;
    while (true) {
      const auto found = reader.next(block);
      EXPECT_TRUE(found.ok()) << found.status().to_string();
      if (!found.ok() || !*found) break;
      out += std::to_string(block.header().first_record) + ":";
      for (const BlockRecord& record : block.records()) {
        out += std::string(block.bytes().substr(record.begin, record.end - record.begin)) + " ";
      }
    }
    missing_ = reader.missing_records();
    return out;
  }

  SimulatedFileSystem files_{1};
  Timestamp clock_ = kNanosPerSecond;
  std::unique_ptr<Journal> journal_;
  std::vector<Outcome> answers_;
  std::uint64_t missing_ = 0;
};

TEST_F(JournalTest, AnswersOnlyWhatIsSynced) {
  open();
  offer("a");
  offer("b");
  EXPECT_TRUE(answers_.empty());
  EXPECT_EQ(read_all(), "");
  const std::uint64_t syncs = files_.syncs();
  EXPECT_TRUE(journal_->commit_group());
  EXPECT_EQ(answers_, (std::vector<Outcome>{Outcome::kDurable, Outcome::kDurable}));
  EXPECT_EQ(files_.syncs(), syncs + 3);  // the new segment, its name, the group
  EXPECT_EQ(read_all(), "1:a b ");
  EXPECT_FALSE(journal_->commit_group());
}

TEST_F(JournalTest, KeepsListenersApartAndTheOrderOfEach) {
  open();
  offer("a1", "a");
  offer("b1", "b");
  offer("a2", "a");
  journal_->commit_group();
  EXPECT_EQ(read_all(), "1:a1 a2 3:b1 ");
}

TEST_F(JournalTest, GoesOnAfterReopening) {
  open();
  keep("a");
  keep("b");
  journal_.reset();
  open();
  EXPECT_EQ(journal_->next_record(), 3U);
  keep("c");
  EXPECT_EQ(read_all(), "1:a 2:b 3:c ");
  EXPECT_EQ(missing_, 0U);
}

TEST_F(JournalTest, ANewJournalBesideAnOlderStoreGivesNoNumberTwice) {
  JournalOptions options;
  options.least_next_record = 500;
  open(options);
  keep("a");
  EXPECT_EQ(read_all(), "500:a ");
  EXPECT_EQ(missing_, 0U);
  JournalReader reader(*journal_);
  reader.expect_from(490);  // evaluated up to there, and ten are gone
  JournalBlock block;
  ASSERT_TRUE(*reader.next(block));
  EXPECT_EQ(reader.missing_records(), 10U);
}

TEST_F(JournalTest, OneProcessAtATime) {
  open();
  JournalOptions options;
  options.folder = kFolder;
  EXPECT_FALSE(Journal::open(options, files_, [] { return 1; }).ok());
}

TEST_F(JournalTest, WhatIsAcknowledgedSurvivesAPowerCut) {
  for (int round = 0; round < 200; ++round) {
    open();
    const std::string name = "r" + std::to_string(round);
    keep(name + "-kept");
    offer(name + "-lost");  // never committed
    journal_.reset();
    files_.power_cut();
  }
  open();
  const std::string all = read_all();
  for (int round = 0; round < 200; ++round) {
    const std::string name = "r" + std::to_string(round);
    EXPECT_NE(all.find(name + "-kept "), std::string::npos) << round;
    EXPECT_EQ(all.find(name + "-lost"), std::string::npos) << round;
  }
  EXPECT_EQ(missing_, 0U);
}

TEST_F(JournalTest, AFailedSyncIsNotAcknowledgedAndItsFileNotWrittenAgain) {
  open();
  keep("a");
  files_.fail_at(2, SimulatedFileSystem::Fault::kInputOutput);  // bytes, sync
  EXPECT_EQ(keep("doubtful"), Outcome::kFailed);
  EXPECT_FALSE(journal_->figures().failure.empty());
  offer("too soon");
  EXPECT_EQ(answers_.back(), Outcome::kOverloaded);
  EXPECT_TRUE(journal_->overloaded());
  EXPECT_FALSE(journal_->commit_group());  // begins the next segment
  EXPECT_FALSE(journal_->overloaded());
  EXPECT_EQ(keep("b"), Outcome::kDurable);
  EXPECT_EQ(read_all(), "1:a 2:b ");
  EXPECT_EQ(journal_->figures().segments, 2U);
  // Nor after a restart, though the doubtful block is whole on the disk.
  journal_.reset();
  open();
  EXPECT_EQ(journal_->next_record(), 3U);
  EXPECT_EQ(read_all(), "1:a 2:b ");
  EXPECT_EQ(missing_, 0U);
}

// SQLite's way: an error at the n-th operation, for every n there is.
TEST_F(JournalTest, AnErrorAtAnyOperationLosesNothingAcknowledged) {
  for (const auto fault :
       {SimulatedFileSystem::Fault::kInputOutput, SimulatedFileSystem::Fault::kFull}) {
    for (std::uint64_t n = 1; n <= 40; ++n) {
      SimulatedFileSystem files(n);
      JournalOptions options;
      options.folder = kFolder;
      options.segment_bytes = 256;  // several segments
      options.keep_bytes = 0;
      std::string kept;
      std::string order;
      files.fail_at(n, fault, n % 3);
      auto journal = Journal::open(options, files, [] { return 1; });
      for (int i = 0; journal.ok() && i < 12; ++i) {
        const std::string text = "record-" + std::to_string(i);
        const std::vector<Record> records = {{text, std::nullopt, false}};
        bool durable = false;
        (*journal)->offer({"tcp", "", records}, [&](const Answer& answer) {
          durable = answer.outcome == Outcome::kDurable;
        });
        (*journal)->commit_group();
        if (durable) kept += text + " ";
      }
      if (journal.ok()) journal->reset();
      files.power_cut();
      auto again = Journal::open(options, files, [] { return 1; });
      ASSERT_TRUE(again.ok()) << again.status().to_string();
      JournalReader reader(**again);
      JournalBlock block;
      while (true) {
        const auto found = reader.next(block);
        ASSERT_TRUE(found.ok()) << n;
        if (!*found) break;
        const std::string text(block.bytes().substr(0, block.bytes().size() - 1));
        // What was not acknowledged may be there, once, and in its place.
        if (kept.find(text + " ") != std::string::npos) order += text + " ";
      }
      EXPECT_EQ(order, kept) << "operation " << n;
    }
  }
}

TEST_F(JournalTest, ADamagedBlockCostsItself) {
  open();
  keep("first");
  keep("second");
  keep("third");
  journal_.reset();
  const std::string path = std::string(kFolder) + "/" + segment_name(1);
  const std::size_t block = (files_.size_of(path) - kSegmentHeaderBytes) / 3;
  ASSERT_TRUE(files_.flip(path, kSegmentHeaderBytes + block + block / 2 + 20));
  open();
  EXPECT_EQ(read_all(), "1:first 3:third ");
  EXPECT_EQ(missing_, 1U);
  EXPECT_GT(journal_->figures().damaged_bytes, 0U);
}

TEST_F(JournalTest, ADamagedHeaderCostsItsSegment) {
  JournalOptions options;
  options.segment_bytes = 1;  // a segment a group
  open(options);
  keep("first");
  keep("second");
  keep("third");
  journal_.reset();
  ASSERT_TRUE(files_.flip(std::string(kFolder) + "/" + segment_name(2), 3));
  open(options);
  EXPECT_EQ(read_all(), "1:first 3:third ");
  EXPECT_EQ(journal_->figures().damaged_segments, 1U);
  EXPECT_EQ(keep("fourth"), Outcome::kDurable);
}

TEST_F(JournalTest, ForgetsWholeSegmentsAndKeepsWhatWasAsked) {
  JournalOptions options;
  options.segment_bytes = 1;
  options.keep_bytes = 0;
  open(options);
  for (const char* text : {"a", "b", "c", "d"}) keep(text);
  journal_->forget(3);  // a and b are evaluated
  EXPECT_EQ(read_all(), "3:c 4:d ");
  journal_->forget(100);
  EXPECT_EQ(read_all(), "4:d ");  // the one being written stays
  journal_.reset();
  options.keep_bytes = 1'000'000;
  open(options);
  keep("e");
  journal_->forget(100);
  EXPECT_EQ(read_all(), "4:d 5:e ");
}

TEST_F(JournalTest, IsBoundedOnDiskAndInMemory) {
  JournalOptions options;
  options.segment_bytes = 1;
  options.keep_bytes = 0;
  options.max_bytes = 1'900;
  options.max_waiting_bytes = 1'000;
  open(options);
  offer(std::string(600, 'a'));
  offer(std::string(600, 'b'));  // would wait in memory
  EXPECT_EQ(answers_, (std::vector<Outcome>{Outcome::kOverloaded}));
  journal_->commit_group();
  keep(std::string(600, 'c'));
  EXPECT_EQ(keep(std::string(600, 'd')), Outcome::kOverloaded);  // the disk's share is used up
  journal_->forget(2);
  EXPECT_EQ(keep(std::string(600, 'e')), Outcome::kDurable);
}

TEST_F(JournalTest, RefusesWhatCanNeverBeKept) {
  open();
  offer("x", "no/path");
  offer("x", "");
  offer(std::string(pipeline::kMaxOfferedRecordBytes + 1, 'x'));
  EXPECT_EQ(answers_, (std::vector<Outcome>(3, Outcome::kRefused)));
  const std::vector<Record> many(pipeline::kMaxOfferRecords + 1, Record{"x", std::nullopt, false});
  journal_->offer({"tcp", "", many}, [&](const Answer& a) { answers_.push_back(a.outcome); });
  EXPECT_EQ(answers_.back(), Outcome::kRefused);
  journal_->offer({"tcp", "", {}}, [&](const Answer& a) { answers_.push_back(a.outcome); });
  EXPECT_EQ(answers_.back(), Outcome::kDurable);
}

TEST_F(JournalTest, AnswersWhatWasOfferedBeforeItStops) {
  open();
  offer("a");
  journal_->stop();
  offer("b");
  EXPECT_EQ(answers_, (std::vector<Outcome>{Outcome::kStopping}));
  journal_->commit_group();
  EXPECT_EQ(answers_.back(), Outcome::kDurable);
  EXPECT_EQ(read_all(), "1:a ");
}

TEST_F(JournalTest, FiguresAddUp) {
  JournalOptions options;
  options.max_waiting_bytes = 100;
  open(options);
  keep("a");
  offer("b", "no/path");
  offer(std::string(200, 'c'));
  files_.fail_at(1, SimulatedFileSystem::Fault::kInputOutput);
  keep("d");
  journal_->commit_group();
  offer("waits");
  const JournalFigures figures = journal_->figures();
  EXPECT_EQ(figures.offered_records, 5U);
  EXPECT_EQ(figures.durable_records + figures.refused_records + figures.overloaded_records +
                figures.failed_records + figures.waiting_records,
            figures.offered_records);
}

TEST_F(JournalTest, ManyThreadsOfferWhileOneWritesAndOneReads) {
  JournalOptions options;
  options.segment_bytes = 4'096;
  options.keep_bytes = 0;
  open(options);
  constexpr int kThreads = 4;
  constexpr int kOffers = 300;
  std::atomic<int> durable{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kOffers; ++i) {
        const std::string text = std::to_string(t) + "-" + std::to_string(i);
        const std::vector<Record> records = {{text, std::nullopt, false}};
        journal_->offer({"l" + std::to_string(t), "", records}, [&](const Answer& answer) {
          durable += answer.outcome == Outcome::kDurable ? 1 : 0;
        });
      }
    });
  }
  std::thread writer([&] {
    while (durable.load() < kThreads * kOffers) {
      if (journal_->wait_for_offers(std::chrono::milliseconds(5))) journal_->commit_group();
    }
  });
  std::vector<int> next(kThreads, 0);
  JournalReader reader(*journal_);
  JournalBlock block;
  int seen = 0;
  while (seen < kThreads * kOffers) {
    const auto found = reader.next(block);
    ASSERT_TRUE(found.ok()) << found.status().to_string();
    if (!*found) {
      journal_->wait_beyond(reader.next_record() == 0 ? 0 : reader.next_record() - 1,
                            std::chrono::milliseconds(5));
      continue;
    }
    for (const BlockRecord& record : block.records()) {
      const std::string text(block.bytes().substr(record.begin, record.end - record.begin));
      const int thread = text[0] - '0';
      EXPECT_EQ(text, std::to_string(thread) + "-" +
                          std::to_string(next[static_cast<std::size_t>(thread)]++));
      ++seen;
    }
    journal_->forget(reader.next_record());
  }
  for (std::thread& thread : threads) thread.join();
  writer.join();
  EXPECT_EQ(reader.missing_records(), 0U);
}

}  // namespace
}  // namespace catena::storage
