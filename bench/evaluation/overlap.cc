// SPDX-License-Identifier: Apache-2.0
#include "bench/evaluation/overlap.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <unordered_map>

namespace catena::evaluation {
namespace {

// The hour that all sets are shifted into; any would do.
constexpr Timestamp kHour = 472'222 * kNanosPerHour;

// What a set is shifted by.
Timestamp offset_of(const RecordedSet& set, OverlapStart start) {
  const Timestamp past_the_hour = set.first_event % kNanosPerHour;
  return kHour - set.first_event + (start == OverlapStart::kOwnMinute ? past_the_hour : 0);
}

// The set of a detection; one that several have belongs to the first.
using Owners = std::unordered_map<Id128, std::size_t>;
using Shares = std::map<std::size_t, std::uint64_t>;  // steps by campaign
// Parallel to the sets: the campaign, which is the number of its first set.
using CampaignNumbers = std::vector<std::size_t>;

CampaignNumbers each_its_own(std::size_t sets) {
  CampaignNumbers numbers(sets);
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  return numbers;
}

CampaignNumbers number_campaigns(const std::vector<OverlapSet>& sets) {
  CampaignNumbers numbers = each_its_own(sets.size());
  std::unordered_map<std::uint64_t, std::size_t> first_with;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    for (const std::uint64_t process : sets[i].processes) {
      const std::size_t other = numbers[first_with.try_emplace(process, i).first->second];
      const std::size_t own = numbers[i];
      if (other == own) continue;
      std::replace(numbers.begin(), numbers.end(), std::max(own, other), std::min(own, other));
    }
  }
  return numbers;
}

std::size_t majority(const Shares& shares) {
  return std::max_element(shares.begin(), shares.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

// Which chain is whose.
class OwnChains {
 public:
  OwnChains(const JoinedSet& joined, const Owners& owners, const CampaignNumbers& campaigns)
      : campaigns_(campaigns) {
    for (std::size_t c = 0; c < joined.chains.size(); ++c) {
      const auto& steps = joined.chains[c].steps;
      sizes_.push_back(steps.size());
      Shares& shares = shares_.emplace_back();
      for (const incident::Step& step : steps) {
        chain_of_.emplace(step.detection, c);
        const auto owner = owners.find(step.detection);
        if (owner != owners.end()) ++shares[campaigns[owner->second]];
      }
    }
  }

  // Adds chains and their mixture to the score.
  void count_chains(OverlapScore& score) const {
    score.chains = shares_.size();
    for (const Shares& shares : shares_) {
      if (shares.empty()) continue;
      for (const auto& [campaign, steps] : shares) score.steps += steps;
      score.pure_steps += shares.at(majority(shares));
      score.mixed_chains += shares.size() > 1 ? 1 : 0;
      score.over_mixed_chains += shares.size() > 2 ? 1 : 0;
      score.most_campaigns = std::max<std::uint64_t>(score.most_campaigns, shares.size());
    }
  }

  // The sets without a chain of their own.
  [[nodiscard]] std::vector<LostSet> lost(const std::vector<OverlapSet>& sets) const {
    std::vector<LostSet> lost;
    for (std::size_t i = 0; i < sets.size(); ++i) {
      LostSet found = best_chain(sets[i], campaigns_[i]);
      const bool kept = 2 * found.kept >= found.core && 2 * found.own > found.chain;
      if (!kept) lost.push_back(std::move(found));
    }
    return lost;
  }

 private:
  // What became of a set: the chain that holds most of its core.
  [[nodiscard]] LostSet best_chain(const OverlapSet& set, std::size_t campaign) const {
    std::map<std::size_t, std::uint64_t> by_chain;
    for (const Id128& step : set.core) {
      const auto chain = chain_of_.find(step);
      if (chain != chain_of_.end()) ++by_chain[chain->second];
    }
    LostSet found;
    found.name = set.set->name;
    found.core = set.core.size();
    for (const auto& [chain, kept] : by_chain) {
      if (kept <= found.kept) continue;
      found.kept = kept;
      found.chain = sizes_[chain];
      const auto own = shares_[chain].find(campaign);
      found.own = own == shares_[chain].end() ? 0 : own->second;
      found.campaigns = shares_[chain].size();
    }
    return found;
  }

  const CampaignNumbers& campaigns_;
  std::unordered_map<Id128, std::size_t> chain_of_;
  std::vector<Shares> shares_;
  std::vector<std::size_t> sizes_;
};

// What joined steps of different campaigns.
std::vector<std::pair<std::string, std::uint64_t>> find_glue(const JoinedSet& joined,
                                                             const Owners& owners,
                                                             const CampaignNumbers& campaigns) {
  std::map<std::string, std::uint64_t> counts;
  for (const incident::Chain& chain : joined.chains) {
    for (const incident::Step& step : chain.steps) {
      const auto own = owners.find(step.detection);
      const auto parent = owners.find(step.join.parent);
      if (own == owners.end() || parent == owners.end()) continue;
      if (campaigns[own->second] == campaigns[parent->second]) continue;
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

std::vector<std::uint64_t> named_processes(const JoinedSet& joined) {
  std::vector<std::uint64_t> processes;
  for (const auto& members : joined.members) {
    for (const incident::Detection& detection : members) {
      for (const incident::Entity& entity : detection.entities) {
        const bool is_process = incident::key_space(entity.type) == incident::EntityType::kProcess;
        if (!is_process || !entity.value.starts_with("guid:")) continue;
        processes.push_back(incident::entity_key(entity));
      }
    }
  }
  std::sort(processes.begin(), processes.end());
  processes.erase(std::unique(processes.begin(), processes.end()), processes.end());
  return processes;
}

Result<OverlapScore> score_overlap(const std::vector<OverlapSet>& sets, OverlapStart start) {
  std::vector<pipeline::BatchOutcome> merged;
  Owners owners;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    RecordedSet set = *sets[i].set;
    set.shift(offset_of(set, start));
    for (const auto& outcome : set.outcomes) {
      for (const auto& detection : outcome.detections) owners.emplace(detection.id, i);
    }
    std::move(set.outcomes.begin(), set.outcomes.end(), std::back_inserter(merged));
  }
  ASSIGN_OR_RETURN(const JoinedSet joined, join_set(std::move(merged)));
  const CampaignNumbers campaigns = number_campaigns(sets);
  const OwnChains own_chains(joined, owners, campaigns);
  OverlapScore score;
  score.sets = sets.size();
  for (std::size_t i = 0; i < sets.size(); ++i) score.campaigns += campaigns[i] == i ? 1 : 0;
  own_chains.count_chains(score);
  score.lost = own_chains.lost(sets);
  score.own_chain = sets.size() - score.lost.size();
  const CampaignNumbers alone = each_its_own(sets.size());
  score.own_chain_by_set = sets.size() - OwnChains(joined, owners, alone).lost(sets).size();
  score.glue = find_glue(joined, owners, campaigns);
  return score;
}

}  // namespace catena::evaluation
