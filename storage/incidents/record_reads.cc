// SPDX-License-Identifier: Apache-2.0
#include "storage/incidents/record_reads.h"

namespace catena::storage {
namespace {

Status bad_key(Family family, std::string_view key) {
  return corrupt(family_names()[family] + " key " + printable_key(key) + ": wrong size");
}

}  // namespace

Result<std::optional<incident::Detection>> read_detection(const KvSnapshot& snapshot,
                                                          const Id128& id) {
  ASSIGN_OR_RETURN(const auto value, snapshot.get(kDetectionFamily, id_key(id)));
  if (!value) return std::optional<incident::Detection>();
  ASSIGN_OR_RETURN(incident::Detection detection, decode_detection(id, *value));
  return std::optional<incident::Detection>(std::move(detection));
}

Result<std::optional<ChainRecord>> read_chain_record(const KvSnapshot& snapshot, const Id128& id) {
  ASSIGN_OR_RETURN(const auto value, snapshot.get(kChainFamily, id_key(id)));
  if (!value) return std::optional<ChainRecord>();
  ASSIGN_OR_RETURN(ChainRecord record, decode_chain(id, *value));
  return std::optional<ChainRecord>(std::move(record));
}

Result<StoredSteps> read_steps(const KvSnapshot& snapshot, const Id128& chain) {
  StoredSteps steps;
  RETURN_IF_ERROR(
      snapshot.for_each_prefix(kStepFamily, id_key(chain),
                               [&](std::string_view key, std::string_view value) -> Result<bool> {
                                 steps.emplace_back(key, value);
                                 return true;
                               }));
  return steps;
}

Result<StepKey> step_of_key(std::string_view key) {
  const auto parsed = parse_step_key(key);
  if (!parsed) return bad_key(kStepFamily, key);
  return *parsed;
}

Result<std::optional<incident::Chain>> read_chain(const KvSnapshot& snapshot, const Id128& id) {
  ASSIGN_OR_RETURN(auto record, read_chain_record(snapshot, id));
  if (!record) return std::optional<incident::Chain>();
  ASSIGN_OR_RETURN(const StoredSteps steps, read_steps(snapshot, id));
  if (steps.size() != record->step_count) {
    return corrupt("chain " + id.hex() + ": has " + std::to_string(steps.size()) + " steps, not " +
                   std::to_string(record->step_count));
  }
  incident::Chain chain = std::move(record->chain);
  chain.steps.reserve(steps.size());
  for (const auto& [key, value] : steps) {
    ASSIGN_OR_RETURN(const StepKey place, step_of_key(key));
    ASSIGN_OR_RETURN(incident::Step step, decode_step(place.detection, place.time, value));
    chain.steps.push_back(std::move(step));
  }
  return std::optional<incident::Chain>(std::move(chain));
}

Result<std::optional<Id128>> read_chain_of(const KvSnapshot& snapshot, const Id128& detection) {
  ASSIGN_OR_RETURN(const auto value, snapshot.get(kChainOfFamily, id_key(detection)));
  if (!value) return std::optional<Id128>();
  const auto chain = parse_id(*value);
  if (!chain) return corrupt("chain_of " + detection.hex() + ": value is not a chain id");
  return chain;
}

Result<std::optional<Id128>> read_holder(const KvSnapshot& snapshot, const Id128& id) {
  ASSIGN_OR_RETURN(const auto first, read_chain_of(snapshot, id));
  if (!first) return first;
  // A chain that is there has no entry, so a second one is that of an ended chain's first step.
  ASSIGN_OR_RETURN(const auto second, read_chain_of(snapshot, *first));
  return second ? second : first;
}

Result<std::vector<Id128>> read_pairs(const KvSnapshot& snapshot, Family family,
                                      const Id128& first) {
  std::vector<Id128> ids;
  RETURN_IF_ERROR(snapshot.for_each_prefix(
      family, id_key(first), [&](std::string_view key, std::string_view) -> Result<bool> {
        const auto second = parse_second_of_pair(key);
        if (!second) return bad_key(family, key);
        ids.push_back(*second);
        return true;
      }));
  return ids;
}

}  // namespace catena::storage
