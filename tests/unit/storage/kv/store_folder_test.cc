// SPDX-License-Identifier: Apache-2.0
#include "storage/kv/store_folder.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace catena::storage {
namespace {

namespace fs = std::filesystem;

const FolderKind kKind{"things", 3};

class StoreFolder : public testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return scratch_.inside("store"); }
  void write_marker(const std::string& text) {
    fs::create_directories(path());
    std::ofstream(path() + "/" + std::string(kMarkerName)) << text;
  }
  tests::ScratchFolder scratch_;
};

TEST_F(StoreFolder, TellsMissingEmptyAndOurs) {
  EXPECT_EQ(*inspect_folder(path(), kKind), FolderState::kMissing);
  fs::create_directory(path());
  EXPECT_EQ(*inspect_folder(path(), kKind), FolderState::kEmpty);
  std::ofstream(path() + "/CATENA-STORE.new") << "cat";  // a marker that was not finished
  EXPECT_EQ(*inspect_folder(path(), kKind), FolderState::kEmpty);
  ASSERT_TRUE(make_folder(path(), kKind, FolderState::kEmpty).ok());
  EXPECT_EQ(*inspect_folder(path(), kKind), FolderState::kOurs);
  EXPECT_FALSE(fs::exists(path() + "/CATENA-STORE.new"));
}

TEST_F(StoreFolder, MarkerIsOneReadableLine) {
  ASSERT_TRUE(make_folder(path(), kKind, FolderState::kMissing).ok());
  std::ifstream in(path() + "/" + std::string(kMarkerName));
  std::string text;
  std::getline(in, text, '\0');
  EXPECT_EQ(text, "catena things 3\n");
}

TEST_F(StoreFolder, RefusesBadMarkers) {
  for (const std::string text : {"", "catena", "catena other 3\n", "something else"}) {
    write_marker(text);
    EXPECT_EQ(inspect_folder(path(), kKind).status().code(), StatusCode::kInvalidInput) << text;
  }
  for (const std::string text : {"catena things \n", "catena things x\n", "catena things 3",
                                 "catena things 99999999999999\n"}) {
    write_marker(text);
    EXPECT_EQ(inspect_folder(path(), kKind).status().code(), StatusCode::kCorrupt) << text;
  }
  write_marker("catena things 2\n");
  EXPECT_EQ(inspect_folder(path(), kKind).status().code(), StatusCode::kVersion);
}

TEST_F(StoreFolder, OnlyOneOfTwoMakersWins) {
  ASSERT_TRUE(make_folder(path(), kKind, FolderState::kMissing).ok());
  const Status second = make_folder(path(), kKind, FolderState::kEmpty);
  EXPECT_EQ(second.code(), StatusCode::kIo);
  EXPECT_EQ(*inspect_folder(path(), kKind), FolderState::kOurs);  // the first one's work is left
}

TEST_F(StoreFolder, UnmakeLeavesThingsAsTheyWere) {
  ASSERT_TRUE(make_folder(path(), kKind, FolderState::kMissing).ok());
  unmake_folder(path(), FolderState::kOurs);
  EXPECT_TRUE(fs::exists(path()));
  unmake_folder(path(), FolderState::kEmpty);
  EXPECT_TRUE(fs::is_empty(path()));
  unmake_folder(path(), FolderState::kMissing);
  EXPECT_FALSE(fs::exists(path()));
}

}  // namespace
}  // namespace catena::storage
