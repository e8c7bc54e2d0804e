// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/attack/attack_catalog.h"
#include "engine/event/field_catalog.h"
#include "engine/incident/entity_extractor.h"
#include "engine/lineage/observer.h"
#include "engine/normalise/normalisation_table.h"
#include "engine/plan/rule_set.h"

// Subject is what a measurement runs: the loaded content, seen through references. Everything must
// outlive it. Thread safety: const.
namespace catena::harness {

struct Subject {
  const plan::RuleSet& rules;
  const FieldCatalog& fields;
  const normalise::NormalisationTable& mapping;
  const incident::EntityExtractor& entities;
  const lineage::Observer& lineage;
  const attack::AttackCatalog& attack;
};

}  // namespace catena::harness
