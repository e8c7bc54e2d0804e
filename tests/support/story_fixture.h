// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/incident/chain_builder.h"
#include "engine/report/story.h"
#include "tests/support/detection_fixture.h"

// A finished chain written down in a test: detections in the order of their times, each joined to
// the one before through a host.
namespace catena::test {

inline report::Story make_story(const std::vector<incident::Detection>& detections) {
  report::Story story;
  story.detections = detections;
  std::vector<incident::ChainMember> members;
  for (std::size_t i = 0; i < detections.size(); ++i) {
    incident::JoinEdge edge;
    if (i > 0) edge = {detections[i - 1].id, host("h"), 40'000};
    members.push_back({&story.detections[i], edge, false});
  }
  story.chain = incident::assemble_chain(hash128("chain"), members);
  return story;
}

inline incident::Detection with_technique(incident::Detection detection, const std::string& id,
                                          attack::Phase phase) {
  detection.techniques = {id};
  detection.phases = {phase};
  return detection;
}

}  // namespace catena::test
