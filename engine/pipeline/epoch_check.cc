// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/epoch_check.h"

#include <string>
#include <tuple>
#include <unordered_set>

namespace catena::pipeline {
namespace {

Status check_steps(const incident::Chain& chain, std::unordered_set<Id128>& seen) {
  if (chain.steps.size() > kMaxChainSteps) {
    return limit_exceeded("chain " + chain.id.hex() + ": more than " +
                          std::to_string(kMaxChainSteps) + " steps");
  }
  const incident::Step* before = nullptr;
  for (const incident::Step& step : chain.steps) {
    if (before != nullptr &&
        std::tie(before->time, before->detection) >= std::tie(step.time, step.detection)) {
      return invalid_input("chain " + chain.id.hex() + ": steps are not in order");
    }
    if (!seen.insert(step.detection).second) {
      return invalid_input("detection " + step.detection.hex() + " is a step of two chains");
    }
    before = &step;
  }
  return {};
}

}  // namespace

Status check_epoch(const Epoch& epoch) {
  std::unordered_set<Id128> chains(epoch.merged_away.begin(), epoch.merged_away.end());
  std::unordered_set<Id128> steps;
  for (const incident::Chain& chain : epoch.chains) {
    if (!chains.insert(chain.id).second) {
      return invalid_input("chain " + chain.id.hex() + " comes twice or is also merged away");
    }
    RETURN_IF_ERROR(check_steps(chain, steps));
  }
  std::unordered_set<std::string> sources;
  for (const SourcePosition& position : epoch.positions) {
    if (position.source.size() > kMaxSourceBytes) {
      return limit_exceeded("source path is longer than " + std::to_string(kMaxSourceBytes) +
                            " bytes");
    }
    if (!sources.insert(position.source).second) {
      return invalid_input("source '" + position.source + "' has two positions");
    }
  }
  return {};
}

}  // namespace catena::pipeline
