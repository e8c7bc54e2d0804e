// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/epoch_check.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/incident_samples.h"

namespace catena::pipeline {
namespace {

TEST(EpochCheck, AcceptsAnEpochAsTheContractAsks) {
  const auto one = tests::sample_detection(1);
  EXPECT_TRUE(check_epoch({}).ok());
  EXPECT_TRUE(
      check_epoch({{one}, {tests::sample_chain("a", {one})}, {hash128("b")}, {}, 1, 0}).ok());
}

TEST(EpochCheck, RefusesTheSameStepTwiceInOneChain) {
  const auto one = tests::sample_detection(1);
  const Status status = check_epoch({{one}, {tests::sample_chain("a", {one, one})}, {}, {}, 1, 0});
  EXPECT_EQ(status.code(), StatusCode::kInvalidInput);
  EXPECT_NE(status.message().find("not in order"), std::string::npos);
}

TEST(EpochCheck, EnforcesItsLimits) {
  Epoch epoch;
  epoch.positions.push_back({std::string(kMaxSourceBytes, 'x'), 0, 0, 0});
  EXPECT_TRUE(check_epoch(epoch).ok());
  epoch.positions[0].source.push_back('x');
  EXPECT_EQ(check_epoch(epoch).code(), StatusCode::kLimit);
  Epoch long_chain;
  long_chain.chains.resize(1);
  long_chain.chains[0].steps.resize(kMaxChainSteps + 1);
  EXPECT_EQ(check_epoch(long_chain).code(), StatusCode::kLimit);
}

}  // namespace
}  // namespace catena::pipeline
