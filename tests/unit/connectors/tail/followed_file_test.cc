// SPDX-License-Identifier: Apache-2.0
#include "connectors/tail/followed_file.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace catena::tail {
namespace {

using Texts = std::vector<std::string>;

// A log file, and a reader of it whose batches are durable at once.
struct Followed {
  explicit Followed(std::size_t max_line_bytes = 1024) : limit(max_line_bytes) { restart({}); }
  void restart(Position position) {
    file = std::make_unique<FollowedFile>(path, position, limit, 1);
  }
  void write(const std::string& text, std::ios::openmode mode = std::ios::app) const {
    std::ofstream(path, mode) << text;
  }
  void rotate() const { std::filesystem::rename(path, path + ".1"); }
  // All lines, in as many batches as it takes.
  Texts read() {
    Texts lines;
    for (int i = 0; i < 6; ++i) {
      net::RecordBuffer batch(limit);
      EXPECT_TRUE(file->read(batch).ok());
      for (const pipeline::Record& record : batch.records()) lines.emplace_back(record.bytes);
      if (!batch.empty()) file->settled();
    }
    return lines;
  }

  tests::ScratchFolder folder;
  std::string path = folder.inside("app.log");
  std::size_t limit;
  std::unique_ptr<FollowedFile> file;
};

TEST(FollowedFile, ReadsLinesAsTheyAreComplete) {
  Followed log;
  EXPECT_EQ(log.read(), Texts{});  // not there yet
  log.write("one\r\ntw");
  EXPECT_EQ(log.read(), Texts{"one"});
  log.write("o\n\nthree\n");
  EXPECT_EQ(log.read(), (Texts{"two", "three"}));
}

TEST(FollowedFile, WhatWasNotDurableIsReadAgain) {
  Followed log;
  log.write("one\n");
  for (int i = 0; i < 3; ++i) {
    net::RecordBuffer batch;
    ASSERT_TRUE(log.file->read(batch).ok());
    ASSERT_EQ(batch.count(), 1U);
  }
  log.file->settled();
  EXPECT_EQ(log.read(), Texts{});
}

TEST(FollowedFile, ReadsARenamedFileToItsEnd) {
  Followed log;
  log.write("one\n");
  EXPECT_EQ(log.read(), Texts{"one"});
  log.write("two\n");
  log.rotate();
  log.write("four\n");
  std::ofstream(log.path + ".1", std::ios::app) << "three\n";  // not told yet
  EXPECT_EQ(log.read(), (Texts{"two", "three", "four"}));
  log.write("five\n");
  EXPECT_EQ(log.read(), Texts{"five"});
}

TEST(FollowedFile, ALastLineWithoutEndIsReadWhenItsFileIsDone) {
  Followed log;
  log.write("one\ntwo");
  EXPECT_EQ(log.read(), Texts{"one"});
  log.rotate();
  EXPECT_EQ(log.read(), Texts{});  // no new file: the old one may go on
  log.write("three\n");
  EXPECT_EQ(log.read(), (Texts{"two", "three"}));
}

TEST(FollowedFile, BeginsAnewWhenTheFileWasCutOff) {
  Followed log;
  log.write("one\ntwo\n");
  EXPECT_EQ(log.read().size(), 2U);
  log.write("x\n", std::ios::trunc);
  EXPECT_EQ(log.read(), Texts{"x"});
}

TEST(FollowedFile, GoesOnWhereAnEarlierLifeWas) {
  Followed log;
  log.write("one\n");
  EXPECT_EQ(log.read(), Texts{"one"});
  const Position position = log.file->position();
  log.write("two\n");
  log.restart(position);
  EXPECT_EQ(log.read(), Texts{"two"});
  // And when the file was renamed meanwhile.
  const Position later = log.file->position();
  log.write("three\n");
  log.rotate();
  log.write("four\n");
  log.restart(later);
  EXPECT_EQ(log.read(), (Texts{"three", "four"}));
}

TEST(FollowedFile, CutsLongLines) {
  Followed log(8);
  log.write("12345678\n123456789\n" + std::string(20, 'x'));
  EXPECT_EQ(log.read(), (Texts{"12345678", "12345678", "xxxxxxxx"}));
  log.write("rest of it\nnext\n");
  EXPECT_EQ(log.read(), Texts{"next"});
}

TEST(FollowedFile, RefusesWhatIsNoFile) {
  Followed log;
  FollowedFile folder(log.folder.path().string(), {}, 100);
  net::RecordBuffer batch;
  EXPECT_EQ(folder.read(batch).code(), StatusCode::kIo);
}

}  // namespace
}  // namespace catena::tail
