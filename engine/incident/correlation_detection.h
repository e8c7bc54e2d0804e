// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/attack/attack_catalog.h"
#include "engine/correlate/correlator.h"
#include "engine/event/log_source.h"
#include "engine/incident/detection.h"
#include "engine/plan/rule_set.h"

// CorrelationDetections makes a Detection of a correlation's result: the rule's words, the event at
// which it was due, the entities of all events that count. Its id is a hash of the correlation's
// id, the group, the first and the last event, so the same finding is the same detection wherever
// and whenever it is found. Thread safety: const methods may run concurrently. Cost: allocates;
// runs once per result.
namespace catena::incident {

class CorrelationDetections {
 public:
  // All must outlive the object.
  struct Sources {
    const plan::RuleSet& rules;
    const LogSourceCatalog& log_sources;
    std::span<const std::string> source_names;  // by correlate::Place::source
  };

  CorrelationDetections(const Sources& sources, const attack::AttackCatalog& attack);

  [[nodiscard]] Detection build(const correlate::Result& result) const;

 private:
  [[nodiscard]] CorrelationEvidence evidence_of(const correlate::Result& result) const;
  [[nodiscard]] const std::string& input_id(const plan::Correlation& correlation,
                                            std::uint32_t input) const;
  [[nodiscard]] DetectionOrigin origin_of(const correlate::EventReference& event) const;

  Sources sources_;
  std::vector<attack::RuleTags> tags_;  // by correlation
};

}  // namespace catena::incident
