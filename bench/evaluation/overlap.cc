// SPDX-License-Identifier: Apache-2.0
#include "bench/evaluation/overlap.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <unordered_map>

namespace catena::evaluation {
namespace {

// Where all campaigns begin: any moment would do, as long as it is the same.
constexpr Timestamp kStart = 1'700'000'000 * kNanosPerSecond;

// The campaign of a detection; one that several have belongs to the first.
using Owners = std::unordered_map<Id128, std::size_t>;
using Shares = std::map<std::size_t, std::uint64_t>;  // steps by campaign

Shares shares_of(const std::vector<incident::Step>& steps, const Owners& owners) {
  Shares shares;
  for (const incident::Step& step : steps) {
    const auto owner = owners.find(step.detection);
    if (owner != owners.end()) ++shares[owner->second];
  }
  return shares;
}

std::size_t majority(const Shares& shares) {
  return std::max_element(shares.begin(), shares.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

// What joined steps of different campaigns.
std::vector<std::pair<std::string, std::uint64_t>> find_glue(const JoinedSet& joined,
                                                             const Owners& owners) {
  std::map<std::string, std::uint64_t> counts;
  for (const incident::Chain& chain : joined.chains) {
    for (const incident::Step& step : chain.steps) {
      const auto own = owners.find(step.detection);
      const auto parent = owners.find(step.join.parent);
      if (own == owners.end() || parent == owners.end() || own->second == parent->second) continue;
      ++counts[std::string(incident::entity_type_name(step.join.entity.type)) + " " +
               step.join.entity.value];
    }
  }
  std::vector<std::pair<std::string, std::uint64_t>> glue(counts.begin(), counts.end());
  std::stable_sort(glue.begin(), glue.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return glue;
}

}  // namespace

Result<OverlapScore> score_overlap(const std::vector<Campaign>& campaigns) {
  OverlapScore score;
  score.campaigns = campaigns.size();
  std::vector<pipeline::BatchOutcome> merged;
  Owners owners;
  for (std::size_t i = 0; i < campaigns.size(); ++i) {
    RecordedSet set = *campaigns[i].set;
    set.shift(kStart - set.first_event);
    for (const auto& outcome : set.outcomes) {
      for (const auto& detection : outcome.detections) owners.emplace(detection.id, i);
    }
    std::move(set.outcomes.begin(), set.outcomes.end(), std::back_inserter(merged));
  }
  ASSIGN_OR_RETURN(const JoinedSet joined, join_set(std::move(merged)));
  score.chains = joined.chains.size();
  score.glue = find_glue(joined, owners);
  std::unordered_map<Id128, std::size_t> chain_of;
  std::vector<std::size_t> owner_of_chain(joined.chains.size(), campaigns.size());
  for (std::size_t c = 0; c < joined.chains.size(); ++c) {
    const Shares shares = shares_of(joined.chains[c].steps, owners);
    for (const incident::Step& step : joined.chains[c].steps) chain_of.emplace(step.detection, c);
    if (shares.empty()) continue;
    const std::size_t owner = majority(shares);
    const std::uint64_t own = shares.at(owner);
    for (const auto& [campaign, steps] : shares) score.steps += steps;
    score.pure_steps += own;
    score.mixed_chains += shares.size() > 1 ? 1 : 0;
    score.over_mixed_chains += shares.size() > 2 ? 1 : 0;
    score.most_campaigns = std::max<std::uint64_t>(score.most_campaigns, shares.size());
    if (2 * own > joined.chains[c].steps.size()) owner_of_chain[c] = owner;
  }
  for (std::size_t i = 0; i < campaigns.size(); ++i) {
    Shares by_chain;
    for (const Id128& step : campaigns[i].core) {
      const auto chain = chain_of.find(step);
      if (chain != chain_of.end()) ++by_chain[chain->second];
    }
    const bool kept = std::any_of(by_chain.begin(), by_chain.end(), [&](const auto& entry) {
      return 2 * entry.second >= campaigns[i].core.size() && owner_of_chain[entry.first] == i;
    });
    score.own_chain += kept ? 1 : 0;
    if (!kept) score.lost.push_back(campaigns[i].set->name);
  }
  return score;
}

}  // namespace catena::evaluation
