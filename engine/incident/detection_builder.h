// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/attack/attack_catalog.h"
#include "engine/event/event.h"
#include "engine/incident/detection.h"
#include "engine/incident/entity_extractor.h"
#include "engine/plan/rule_set.h"

// DetectionBuilder makes a Detection of an event and the rule that matched it: copies what the
// analyst needs out of the batch, resolves the rule's tags, extracts the entities.
// Thread safety: const methods may run concurrently. Cost: allocates; runs once per detection.
namespace catena::incident {

class DetectionBuilder {
 public:
  // All must outlive the builder.
  struct Sources {
    const plan::RuleSet& rules;
    const FieldCatalog& fields;
    const LogSourceCatalog& log_sources;
    const EntityExtractor& entities;
    const std::vector<std::string>& source_names;  // by EventOrigin::source
  };

  DetectionBuilder(const Sources& sources, const attack::AttackCatalog& attack);

  // `event` is plain (make_plain() in engine/event/event.h).
  [[nodiscard]] Detection build(const Event& event, plan::RuleIndex rule) const;

  // The meaning of a rule's tags, resolved once at construction.
  [[nodiscard]] const attack::RuleTags& tags(plan::RuleIndex rule) const { return tags_[rule]; }

 private:
  [[nodiscard]] std::vector<Field> telling_fields(const Event& event, plan::RuleIndex rule) const;

  Sources sources_;
  std::vector<FieldId> log_source_fields_;  // which say what kind of event it is, not what happened
  std::vector<FieldId> context_fields_;     // what happened, most telling first
  std::vector<attack::RuleTags> tags_;
};

}  // namespace catena::incident
