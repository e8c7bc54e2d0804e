// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/layout.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/evtx_samples.h"

namespace catena::evtx {
namespace {

// The files of the repository that the writer made, by their path in it.
std::vector<tests::EvtxSample> written_files() {
  std::vector<tests::EvtxSample> files = tests::evtx_samples();
  for (auto& [name, bytes] : files) name.insert(0, "tests/fuzz/corpus/evtx_chunk/");
  files.emplace_back("tests/behaviour/shapes-windows-evtx/events/security.evtx",
                     tests::behaviour_log());
  return files;
}

std::filesystem::path in_source(const std::string& name) {
  return std::filesystem::path(CATENA_SOURCE_DIR) / name;
}

TEST(EvtxLayout, NumbersAreLittleEndian) {
  const std::string bytes = "x\x01\x02\x03\x04\x05\x06\x07\x88";
  EXPECT_EQ(load8(bytes, 1), 0x01);
  EXPECT_EQ(load16(bytes, 1), 0x0201);
  EXPECT_EQ(load32(bytes, 1), 0x04030201U);
  EXPECT_EQ(load64(bytes, 1), 0x8807060504030201ULL);
  EXPECT_EQ(load<std::int64_t>(bytes, 1), static_cast<std::int64_t>(0x8807060504030201ULL));
}

// Inputs that fuzzing found stand beside the seeds and are not the writer's.
TEST(EvtxLayout, BinaryFilesAreWhatTheWriterMakes) {
  for (const auto& [name, bytes] : written_files()) {
    std::ifstream file(in_source(name), std::ios::binary);
    EXPECT_TRUE(std::string(std::istreambuf_iterator<char>(file), {}) == bytes)
        << name << ": write it with --gtest_also_run_disabled_tests "
        << "--gtest_filter=EvtxLayout.DISABLED_WriteBinaryFiles";
  }
}

TEST(EvtxLayout, DISABLED_WriteBinaryFiles) {
  for (const auto& [name, bytes] : written_files()) {
    std::filesystem::create_directories(in_source(name).parent_path());
    std::ofstream(in_source(name), std::ios::binary) << bytes;
  }
}

}  // namespace
}  // namespace catena::evtx
