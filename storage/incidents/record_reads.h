// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "storage/incidents/record_codec.h"
#include "storage/incidents/store_keys.h"
#include "storage/kv/kv.h"

// Reads of whole things from one snapshot of the store. nullopt when there is no such thing;
// kCorrupt, naming the key, when what is there does not fit together. Thread safety: as KvSnapshot.
namespace catena::storage {

[[nodiscard]] Result<std::optional<incident::Detection>> read_detection(const KvSnapshot& snapshot,
                                                                        const Id128& id);
// With its steps.
[[nodiscard]] Result<std::optional<incident::Chain>> read_chain(const KvSnapshot& snapshot,
                                                                const Id128& id);
[[nodiscard]] Result<std::optional<ChainRecord>> read_chain_record(const KvSnapshot& snapshot,
                                                                   const Id128& id);
// Keys and values of a chain's steps, in key order.
using StoredSteps = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] Result<StoredSteps> read_steps(const KvSnapshot& snapshot, const Id128& chain);
[[nodiscard]] Result<StepKey> step_of_key(std::string_view key);
[[nodiscard]] Result<std::optional<Id128>> read_chain_of(const KvSnapshot& snapshot,
                                                         const Id128& detection);
// The chain that holds a detection, or the first step of a chain that a merge ended.
[[nodiscard]] Result<std::optional<Id128>> read_holder(const KvSnapshot& snapshot, const Id128& id);
// The second ids of all keys of `family` that start with `first`.
[[nodiscard]] Result<std::vector<Id128>> read_pairs(const KvSnapshot& snapshot, Family family,
                                                    const Id128& first);

}  // namespace catena::storage
