// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/findings.h"

#include <limits>

#include <gtest/gtest.h>

namespace catena::evtx {
namespace {

TEST(Findings, NamesEveryFinding) {
  for (std::size_t i = 0; i < kFindingCount; ++i) {
    EXPECT_NE(finding_name(static_cast<Finding>(i)), "unknown");
  }
  EXPECT_EQ(finding_name(static_cast<Finding>(kFindingCount)), "unknown");
}

TEST(Findings, CountsAndKeepsTheFirstPlace) {
  Findings a;
  a.add(Finding::kRemains, 2, 100, 3);
  a.add(Finding::kRemains, 1, 500, 0);
  Findings b;
  b.add(Finding::kRemains, 1, 900);
  b.add(Finding::kRemains, 1, 700, 4);
  for (const bool swapped : {false, true}) {
    Findings sum;
    sum.add_all(swapped ? b : a);
    sum.add_all(swapped ? a : b);
    EXPECT_EQ(sum[Finding::kRemains].count, 8U);
    EXPECT_EQ(sum[Finding::kRemains].source, 1U);
    EXPECT_EQ(sum[Finding::kRemains].offset, 700U);
  }
}

TEST(Findings, DoesNotWrapAround) {
  Findings findings;
  findings.add(Finding::kMissingRecords, 0, 0, std::numeric_limits<std::uint64_t>::max() - 1);
  findings.add(Finding::kMissingRecords, 0, 0, 5);
  EXPECT_EQ(findings[Finding::kMissingRecords].count, std::numeric_limits<std::uint64_t>::max());
}

// The oldest chunk of a full log is written over first, so numbers need not rise with the offset.
TEST(Findings, MissingRecordsBetweenChunks) {
  Findings findings;
  findings.add_chunk(1, 10, 41, 50);
  findings.add_chunk(0, 10, 21, 30);
  findings.add_chunk(0, 10, 1, 10);
  findings.add_chunk(0, 0, 1, 0);
  findings.add_chunk(0, 10, 11, 18);
  findings.add_chunk(0, 3, 12, 14);
  findings.finish();
  EXPECT_EQ(findings[Finding::kMissingRecords].count, 2U);
  EXPECT_EQ(findings.chunks(), 6U);
  EXPECT_EQ(findings.records(), 43U);
}

TEST(Findings, ComparesTheChunksOfAFileWithItsHeader) {
  Findings findings;
  findings.add_file(0, 2);
  findings.add_file(1, 1);
  findings.add_file(2, 0);
  findings.add_chunk(0, 1, 1, 1);
  findings.add_chunk(0, 1, 2, 2);
  findings.add_chunk(1, 1, 1, 1);
  findings.add_chunk(1, 1, 2, 2);
  findings.finish();
  EXPECT_EQ(findings[Finding::kChunkCount].count, 1U);
  EXPECT_EQ(findings[Finding::kChunkCount].source, 1U);
}

}  // namespace
}  // namespace catena::evtx
