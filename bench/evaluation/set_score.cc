// SPDX-License-Identifier: Apache-2.0
#include "bench/evaluation/set_score.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "engine/incident/chain_builder.h"
#include "engine/incident/chain_member.h"

namespace catena::evaluation {
namespace {

using incident::Chain;
using incident::Detection;
using incident::Severity;
using Names = std::set<std::string, std::less<>>;

std::string parent_of(const std::string& technique) {
  return technique.substr(0, technique.find('.'));
}

Names techniques_of(const std::vector<Detection>& detections, bool by_parent) {
  Names names;
  for (const Detection& detection : detections) {
    for (const std::string& id : detection.techniques) {
      names.insert(by_parent ? parent_of(id) : id);
    }
  }
  return names;
}

std::uint64_t common(const Names& a, const Names& b) {
  return static_cast<std::uint64_t>(
      std::count_if(a.begin(), a.end(), [&](const std::string& name) { return b.contains(name); }));
}

LabelCounts count_labels(const RecordedSet& set, const JoinedSet& joined, bool by_parent) {
  Names labelled;
  for (const std::string& id : set.label.techniques) {
    labelled.insert(by_parent ? parent_of(id) : id);
  }
  LabelCounts counts;
  counts.labelled = labelled.size();
  Names seen;
  for (std::size_t i = 0; i < joined.members.size(); ++i) {
    Names here = techniques_of(joined.members[i], by_parent);
    if (i == 0) counts.in_first = common(labelled, here);
    if (i < 2) counts.in_first_two = std::max(counts.in_first_two, common(labelled, here));
    seen.merge(here);
  }
  counts.detected = common(labelled, seen);
  return counts;
}

// The event time at which the chain, as far as it was known then, became an incident. Severity
// rises with steps but for rare turns of a phase, so the border is found by halving.
Timestamp incident_time(const Chain& chain, const std::vector<Detection>& detections) {
  std::vector<incident::ChainMember> members;
  for (std::size_t i = 0; i < detections.size(); ++i) {
    members.push_back({&detections[i], chain.steps[i].join, chain.steps[i].background});
  }
  std::size_t low = 1;
  std::size_t high = members.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const std::vector<incident::ChainMember> first(
        members.begin(), members.begin() + static_cast<std::ptrdiff_t>(middle));
    const bool reached = incident::assemble_chain(chain.id, first).severity >= Severity::kHigh;
    (reached ? high : low) = reached ? middle : middle + 1;
  }
  return detections[low - 1].time;
}

void count_incidents(const RecordedSet& set, const JoinedSet& joined, SetScore& score) {
  for (std::size_t i = 0; i < joined.chains.size(); ++i) {
    const Chain& chain = joined.chains[i];
    if (chain.severity < Severity::kHigh) continue;
    ++score.high_chains;
    score.high_chain_steps += chain.steps.size();
    const Timestamp time = incident_time(chain, joined.members[i]);
    const double seconds =
        static_cast<double>(time - set.first_event) / static_cast<double>(kNanosPerSecond);
    if (score.seconds_to_incident < 0 || seconds < score.seconds_to_incident) {
      score.seconds_to_incident = std::max(seconds, 0.0);
    }
  }
}

void count_detections(const JoinedSet& joined, SetScore& score) {
  std::set<std::tuple<std::string, std::string, Timestamp>> folded;
  std::set<std::string> hosts;
  for (const auto& members : joined.members) {
    score.detections += members.size();
    for (const Detection& detection : members) {
      const std::string* named = incident::host_of(detection);
      const std::string host = named == nullptr ? "" : *named;
      folded.emplace(detection.rule_id, host, detection.time / kNanosPerHour);
      if (detection.level >= plan::Level::kLow && !host.empty()) hosts.insert(host);
      score.has_high_detection = score.has_high_detection || detection.level >= plan::Level::kHigh;
    }
  }
  score.folded_detections = folded.size();
  score.hosts = hosts.size();
}

}  // namespace

SetScore score_set(const RecordedSet& set, const JoinedSet& joined) {
  SetScore score;
  score.name = set.name;
  score.techniques = set.label.techniques;
  score.events = set.events;
  score.chains = joined.chains.size();
  score.exact = count_labels(set, joined, false);
  score.parent = count_labels(set, joined, true);
  const auto& tactics = set.label.tactics;
  score.lateral = std::find(tactics.begin(), tactics.end(), "TA0008") != tactics.end();
  count_detections(joined, score);
  count_incidents(set, joined, score);
  if (joined.chains.empty()) return score;
  const Chain& top = joined.chains.front();
  score.top_chain_hosts = top.hosts.size();
  score.top_chain_steps = top.steps.size();
  score.top_chain_score = top.score;
  score.top_chain_phases = static_cast<std::uint64_t>(
      std::count_if(top.phases.begin(), top.phases.end(), [](const incident::PhaseSlot& slot) {
        return slot.state == incident::PhaseState::kObserved;
      }));
  return score;
}

}  // namespace catena::evaluation
