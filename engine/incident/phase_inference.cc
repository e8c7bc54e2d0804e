// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/phase_inference.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "engine/incident/canonical.h"
#include "engine/incident/hub.h"

namespace catena::incident {
namespace {

using attack::Phase;

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// How far into an attack a phase is; phases that accompany all others have no rank.
int stage_rank(Phase phase) noexcept {
  switch (phase) {
    case Phase::kExternalReconnaissance:
      return 1;
    case Phase::kLaunchAttack:
      return 2;
    case Phase::kInitialCompromise:
      return 3;
    case Phase::kEstablishFoothold:
      return 4;
    case Phase::kEscalatePrivileges:
    case Phase::kMoveLaterally:
    case Phase::kInternalReconnaissance:
    case Phase::kMaintainPersistence:
      return 5;
    case Phase::kExecuteObjective:
      return 6;
    default:
      return 0;
  }
}

std::set<std::string> foreign_addresses(const Detection& detection) {
  std::set<std::string> found;
  for (const Entity& entity : detection.entities) {
    const bool foreign =
        entity.type == EntityType::kIp && !is_private_ip(entity.value) && !is_static_hub(entity);
    if (foreign) found.insert(entity.value);
  }
  return found;
}

class Inference {
 public:
  Inference(const std::vector<ChainMember>& members, Chain& chain)
      : members_(members), chain_(chain) {}

  void run() {
    objective();
    tailored_launch();
    rotated_sources();
    changed_launch();
    compromise();
    foothold();
    feedback();
    launch_outcome();
    imminent_objective();
    std::sort(chain_.inferences.begin(), chain_.inferences.end(),
              [](const PhaseInference& a, const PhaseInference& b) {
                return std::pair(a.phase, a.rule) < std::pair(b.phase, b.rule);
              });
  }

 private:
  [[nodiscard]] const Detection& detection(std::size_t step) const {
    return *members_[step].detection;
  }
  [[nodiscard]] const PhaseSlot& slot(Phase phase) const {
    return chain_.phases[static_cast<std::size_t>(phase)];
  }
  [[nodiscard]] bool is(std::size_t step, Phase phase) const {
    return chain_.steps[step].has_phase && chain_.steps[step].phase == phase;
  }
  [[nodiscard]] bool observed(Phase phase) const {
    return slot(phase).state == PhaseState::kObserved;
  }
  // First step of the phase at or after `from`.
  [[nodiscard]] std::size_t find(Phase phase, std::size_t from = 0) const {
    for (std::size_t i = from; i < chain_.steps.size(); ++i) {
      if (is(i, phase)) return i;
    }
    return kNone;
  }

  void infer(Phase phase, InferenceRule rule, std::size_t witness, std::size_t second = kNone) {
    if (observed(phase)) return;
    for (const PhaseInference& known : chain_.inferences) {
      if (known.phase == phase && known.rule == rule) return;
    }
    chain_.inferences.push_back({phase, rule, chain_.steps[witness].detection,
                                 second == kNone ? Id128() : chain_.steps[second].detection});
    PhaseSlot& own = chain_.phases[static_cast<std::size_t>(phase)];
    if (own.state != PhaseState::kAbsent) return;
    own.state = PhaseState::kInferred;
    own.first = own.last = chain_.steps[witness].time;
  }

  // P1. Who ends with destruction or theft wanted it from the beginning.
  void objective() {
    if (const std::size_t step = find(Phase::kExecuteObjective); step != kNone) {
      infer(Phase::kDetermineObjective, InferenceRule::kObjectiveFromEffect, step);
    }
  }

  [[nodiscard]] bool shares_target(std::size_t a, std::size_t b) const {
    const auto is_target = [](const Entity& entity) {
      return (entity.type == EntityType::kHost || entity.type == EntityType::kUser ||
              entity.type == EntityType::kMail) &&
             !is_static_hub(entity);
    };
    const auto& others = detection(b).entities;
    return std::any_of(detection(a).entities.begin(), detection(a).entities.end(),
                       [&](const Entity& entity) {
                         return is_target(entity) &&
                                std::find(others.begin(), others.end(), entity) != others.end();
                       });
  }

  // P3. The launch goes to a host, an account or a mailbox that was scouted before.
  void tailored_launch() {
    const std::size_t scouting = find(Phase::kExternalReconnaissance);
    if (scouting == kNone) return;
    for (std::size_t launch = find(Phase::kLaunchAttack, scouting + 1); launch != kNone;
         launch = find(Phase::kLaunchAttack, launch + 1)) {
      for (std::size_t before = launch; before-- > scouting;) {
        if (!is(before, Phase::kExternalReconnaissance)) continue;
        if (chain_.steps[launch].time - chain_.steps[before].time > kScoutingTime) break;
        if (!shares_target(before, launch)) continue;
        infer(Phase::kAlignTtps, InferenceRule::kTailoredLaunch, launch, before);
        return;
      }
    }
  }

  // P6. One rule before the compromise, and several addresses: the attacker hides where he is.
  void rotated_sources() {
    std::map<std::string, std::pair<std::size_t, std::set<std::string>>> sources;  // by rule
    for (std::size_t i = 0; i < chain_.steps.size(); ++i) {
      if (!is(i, Phase::kExternalReconnaissance) && !is(i, Phase::kLaunchAttack)) continue;
      auto& [first, addresses] =
          sources.try_emplace(detection(i).rule_id, i, std::set<std::string>()).first->second;
      if (addresses.size() < kRotatedSources) addresses.merge(foreign_addresses(detection(i)));
      if (addresses.size() < kRotatedSources) continue;
      infer(Phase::kOperationalSecurity, InferenceRule::kRotatedSources, i, first);
      return;
    }
  }

  // P7. A launch, and later another one by another technique.
  void changed_launch() {
    const std::size_t first = find(Phase::kLaunchAttack);
    if (first == kNone) return;
    for (std::size_t next = find(Phase::kLaunchAttack, first + 1); next != kNone;
         next = find(Phase::kLaunchAttack, next + 1)) {
      if (detection(next).techniques == detection(first).techniques) continue;
      infer(Phase::kPreparationFeedback, InferenceRule::kChangedLaunch, next, first);
      return;
    }
  }

  // E1. After a launch somebody acts on a host: the launch reached what it was for.
  void compromise() {
    const std::size_t launch = find(Phase::kLaunchAttack);
    if (launch == kNone) return;
    for (std::size_t i = launch + 1; i < chain_.steps.size(); ++i) {
      if (chain_.steps[i].time - chain_.steps[launch].time > kEffectTime) return;
      if (!chain_.steps[i].has_phase || stage_rank(chain_.steps[i].phase) < 4) continue;
      infer(Phase::kInitialCompromise, InferenceRule::kEffectOfLaunch, i, launch);
      return;
    }
  }

  // E2. Two steps of one process tree some minutes apart, or staying as the first thing done.
  void foothold() {
    const std::size_t access = find(Phase::kInitialCompromise);
    if (access == kNone) return;
    std::size_t begun = kNone;
    for (std::size_t i = access; i < chain_.steps.size(); ++i) {
      const Timestamp since = chain_.steps[i].time - chain_.steps[access].time;
      if (is(i, Phase::kMaintainPersistence) && since <= kFootholdTime) {
        infer(Phase::kEstablishFoothold, InferenceRule::kPersistenceAsFoothold, i, access);
      }
      if (!share_process(detection(i), detection(access))) continue;
      if (begun == kNone) {
        begun = i;
      } else if (chain_.steps[i].time - chain_.steps[begun].time >= kSustainedTime) {
        infer(Phase::kEstablishFoothold, InferenceRule::kSustainedControl, i, begun);
        return;
      }
    }
  }

  // E8. An earlier stage again after a quiet time; or, after the compromise, evasion that turns on
  // the defenders followed by another technique for what was done before.
  void feedback() {
    int highest = 0;
    std::size_t highest_step = kNone;
    for (std::size_t i = 0; i < chain_.steps.size(); ++i) {
      if (!chain_.steps[i].has_phase) continue;
      const int rank = stage_rank(chain_.steps[i].phase);
      if (rank == 0) continue;
      const bool quiet = i > 0 && chain_.steps[i].time - chain_.steps[i - 1].time >= kQuietTime;
      if (quiet && rank < highest && highest >= stage_rank(Phase::kInitialCompromise)) {
        infer(Phase::kExecutionFeedback, InferenceRule::kReturn, i, highest_step);
      }
      if (rank > highest) {
        highest = rank;
        highest_step = i;
      }
    }
    changed_technique();
  }

  void changed_technique() {
    std::map<Phase, std::size_t> last;  // step by phase
    for (std::size_t i = 0; i < chain_.steps.size(); ++i) {
      if (!chain_.steps[i].has_phase || stage_rank(chain_.steps[i].phase) < 4) continue;
      const auto [known, is_new] = last.try_emplace(chain_.steps[i].phase, i);
      const Detection& before = detection(known->second);
      if (!is_new && chain_.steps[i].time - before.time >= kQuietTime &&
          detection(i).techniques != before.techniques && same_host(i, known->second)) {
        infer(Phase::kExecutionFeedback, InferenceRule::kChangedTechnique, i, known->second);
        return;
      }
      known->second = i;
    }
  }

  [[nodiscard]] bool same_host(std::size_t a, std::size_t b) const {
    const std::string* x = host_of(detection(a));
    const std::string* y = host_of(detection(b));
    return x != nullptr && y != nullptr && *x == *y;
  }

  void launch_outcome() {
    if (find(Phase::kLaunchAttack) == kNone) return;
    chain_.launch = LaunchOutcome::kUnknown;
    const PhaseSlot& compromise = slot(Phase::kInitialCompromise);
    if (compromise.state == PhaseState::kAbsent) return;
    const bool held = slot(Phase::kEstablishFoothold).state != PhaseState::kAbsent;
    const bool waited = chain_.last - compromise.first >= kPartialTime;
    chain_.launch = held     ? LaunchOutcome::kSuccess
                    : waited ? LaunchOutcome::kPartial
                             : LaunchOutcome::kUnknown;
  }

  // Who makes recovery impossible is about to do what has to be recovered from.
  void imminent_objective() {
    std::size_t prepared = kNone;
    for (std::size_t i = 0; i < chain_.steps.size(); ++i) {
      const Detection& own = detection(i);
      const bool prepares = has_technique(own, "T1490") || has_technique(own, "T1489");
      if (prepares) prepared = i;
      if (prepared != kNone && !prepares && is(i, Phase::kExecuteObjective)) return;
    }
    chain_.objective_imminent = prepared != kNone;
  }

  const std::vector<ChainMember>& members_;
  Chain& chain_;
};

}  // namespace

void infer_phases(const std::vector<ChainMember>& members, Chain& chain) {
  chain.inferences.clear();
  chain.launch = LaunchOutcome::kNone;
  chain.objective_imminent = false;
  Inference(members, chain).run();
}

}  // namespace catena::incident
