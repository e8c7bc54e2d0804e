// SPDX-License-Identifier: Apache-2.0
#include "engine/report/guidance.h"

#include <algorithm>
#include <array>
#include <bit>
#include <set>
#include <tuple>

#include "engine/base/json_writer.h"
#include "engine/incident/json_lines.h"

namespace catena::report {
namespace {

using attack::Phase;
using incident::PhaseState;

std::string family_of(const std::string& id) { return id.substr(0, id.find('.')); }

bool has(const std::vector<std::string>& sorted, const std::string& id) {
  return std::binary_search(sorted.begin(), sorted.end(), id);
}

bool has_family(const std::vector<std::string>& ids, const std::string& family) {
  return std::any_of(ids.begin(), ids.end(),
                     [&](const std::string& id) { return family_of(id) == family; });
}

// Where a phase stands between the first look and the objective. Phases of one rank come in any
// order; those without a rank accompany all others or leave no trace in logs.
std::optional<int> rank_of(Phase phase) {
  switch (phase) {
    case Phase::kExternalReconnaissance:
      return 0;
    case Phase::kLaunchAttack:
      return 1;
    case Phase::kInitialCompromise:
      return 2;
    case Phase::kEstablishFoothold:
      return 3;
    case Phase::kEscalatePrivileges:
    case Phase::kMoveLaterally:
    case Phase::kInternalReconnaissance:
    case Phase::kMaintainPersistence:
      return 4;
    case Phase::kExecuteObjective:
      return 5;
    default:
      return std::nullopt;
  }
}

class Guide {
 public:
  Guide(const StoryView& view, GuidanceInputs inputs)
      : view_(view), chain_(view.chain()), inputs_(std::move(inputs)) {}

  Guidance write() {
    out_.defence = &inputs_.defence;
    out_.techniques = chain_.techniques.size();
    out_.quiet = std::move(inputs_.quiet);
    order_phases();
    find_gaps();
    rank_mitigations();
    rank_groups();
    return std::move(out_);
  }

 private:
  [[nodiscard]] const incident::PhaseSlot& slot(Phase phase) const {
    return chain_.phases[static_cast<std::size_t>(phase)];
  }

  void order_phases() {
    for (const attack::PhaseInfo& info : attack::all_phases()) {
      const bool imminent = chain_.objective_imminent && info.phase == Phase::kExecuteObjective;
      if (slot(info.phase).state == PhaseState::kAbsent && !imminent) continue;
      if (inputs_.defence.advice[static_cast<std::size_t>(info.phase)].empty()) continue;
      out_.phases.push_back(info.phase);
    }
    // What was seen before what is inferred, then the latest; an objective that is near comes
    // first.
    const auto key = [this](Phase phase) {
      const bool imminent = chain_.objective_imminent && phase == Phase::kExecuteObjective;
      return std::tuple(imminent, slot(phase).state == PhaseState::kObserved, slot(phase).last,
                        static_cast<int>(phase));
    };
    std::stable_sort(out_.phases.begin(), out_.phases.end(),
                     [&](Phase a, Phase b) { return key(a) > key(b); });
  }

  void find_gaps() {
    int least = 5;
    int greatest = 0;
    for (const attack::PhaseInfo& info : attack::all_phases()) {
      const auto rank = rank_of(info.phase);
      if (!rank || slot(info.phase).state == PhaseState::kAbsent) continue;
      least = std::min(least, *rank);
      greatest = std::max(greatest, *rank);
    }
    for (const attack::PhaseInfo& info : attack::all_phases()) {
      const auto rank = rank_of(info.phase);
      if (!rank || slot(info.phase).state != PhaseState::kAbsent) continue;
      if (*rank <= least || *rank >= greatest) continue;
      out_.gaps.push_back({info.phase, techniques_for(info.phase)});
    }
  }

  // The platforms of the chain's log sources, in ATT&CK's words; empty when none is known.
  [[nodiscard]] std::set<std::string> platforms() const {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kPlatforms = {
        {{"windows", "Windows"},
         {"linux", "Linux"},
         {"macos", "macOS"},
         {"aws", "IaaS"},
         {"azure", "IaaS"},
         {"gcp", "IaaS"},
         {"m365", "Office Suite"},
         {"okta", "Identity Provider"}}};
    std::set<std::string> found;
    for (const incident::Detection& detection : view_.detections()) {
      for (const auto& [product, platform] : kPlatforms) {
        if (detection.product == product) found.emplace(platform);
      }
    }
    return found;
  }

  [[nodiscard]] std::vector<GapTechnique> techniques_for(Phase phase) const {
    const std::set<std::string> wanted = platforms();
    std::vector<GapTechnique> found;
    for (const auto& [key, technique] : view_.attack().techniques()) {
      const std::string& id = key;  // a lambda below takes it
      const auto phases = view_.attack().technique_phases(id);
      if (technique.deprecated || phases.phases.empty() || phases.phases.front() != phase) continue;
      const bool fits =
          wanted.empty() || technique.platforms.empty() ||
          std::any_of(technique.platforms.begin(), technique.platforms.end(),
                      [&](const std::string& platform) { return wanted.contains(platform); });
      if (!fits || has(chain_.techniques, id)) continue;
      const auto groups = static_cast<std::size_t>(
          std::count_if(inputs_.defence.groups.begin(), inputs_.defence.groups.end(),
                        [&](const attack::Group& group) { return has(group.techniques, id); }));
      if (groups > 0) found.push_back({id, groups, rules_for(id)});
    }
    std::stable_sort(found.begin(), found.end(), [](const GapTechnique& a, const GapTechnique& b) {
      return a.groups > b.groups;
    });
    if (found.size() > kMaxGapTechniques) found.resize(kMaxGapTechniques);
    return found;
  }

  // Of the technique and its sub-techniques.
  [[nodiscard]] std::optional<std::size_t> rules_for(const std::string& id) const {
    if (inputs_.rules == nullptr) return std::nullopt;
    std::size_t rules = 0;
    for (auto at = inputs_.rules->lower_bound(id); at != inputs_.rules->end(); ++at) {
      if (at->first != id && !at->first.starts_with(id + ".")) break;
      rules += at->second;
    }
    return rules;
  }

  // Points of the most severe step with a technique.
  [[nodiscard]] std::size_t severity_of(const std::string& technique) const {
    constexpr std::array<std::size_t, 5> kPoints = {1, 2, 6, 8, 10};
    std::size_t most = 0;
    for (const incident::Detection& detection : view_.detections()) {
      if (!has(detection.techniques, technique)) continue;
      most = std::max(most, kPoints[static_cast<std::size_t>(detection.level)]);
    }
    return most;
  }

  // By what it would have stopped: the severity of the techniques that it counters.
  void rank_mitigations() {
    std::map<std::string, std::size_t> severity;
    for (const std::string& id : chain_.techniques) severity[id] = severity_of(id);
    std::vector<std::pair<std::size_t, CounterMeasure>> ranked;
    for (const attack::Mitigation& mitigation : inputs_.defence.mitigations) {
      CounterMeasure measure{&mitigation, {}};
      std::size_t points = 0;
      for (const std::string& id : chain_.techniques) {
        if (!has(mitigation.techniques, id) && !has(mitigation.techniques, family_of(id))) continue;
        measure.techniques.push_back(id);
        points += severity[id];
      }
      if (points > 0) ranked.emplace_back(points, std::move(measure));
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    for (auto& [points, measure] : ranked) {
      if (out_.counter_measures.size() == kMaxCounterMeasures) break;
      out_.counter_measures.push_back(std::move(measure));
    }
  }

  // A technique that few groups use says more than one that all use: bits of its rarity.
  [[nodiscard]] std::size_t rarity(const std::string& id) const {
    const auto users = static_cast<std::size_t>(
        std::count_if(inputs_.defence.groups.begin(), inputs_.defence.groups.end(),
                      [&](const attack::Group& group) { return has(group.techniques, id); }));
    return std::bit_width(inputs_.defence.groups.size() / std::max<std::size_t>(users, 1));
  }

  void rank_groups() {
    std::map<std::string, std::size_t> weight;
    for (const std::string& id : chain_.techniques) weight[id] = rarity(id);
    std::vector<std::pair<std::size_t, KnownGroup>> ranked;
    for (const attack::Group& group : inputs_.defence.groups) {
      KnownGroup known{&group, 0, 0};
      std::size_t points = 0;
      for (const std::string& id : chain_.techniques) {
        if (has(group.techniques, id)) {
          ++known.exact;
          points += 2 * weight[id];
        } else if (has_family(group.techniques, family_of(id))) {
          ++known.family;
          points += 1;
        }
      }
      if (known.exact >= kLeastOverlap) ranked.emplace_back(points, known);
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [points, known] : ranked) {
      if (out_.groups.size() == kMaxKnownGroups) break;
      out_.groups.push_back(known);
    }
  }

  const StoryView& view_;
  const incident::Chain& chain_;
  GuidanceInputs inputs_;
  Guidance out_;
};

void write_gaps(JsonWriter& json, const Guidance& guidance) {
  json.key("gaps").begin_array();
  for (const PhaseGap& gap : guidance.gaps) {
    json.begin_object().member("phase", attack::phase_info(gap.phase).slug);
    json.key("techniques").begin_array();
    for (const GapTechnique& technique : gap.techniques) {
      json.begin_object().member("id", technique.id);
      json.key("groups").unsigned_integer(technique.groups);
      if (technique.rules) json.key("rules").unsigned_integer(*technique.rules);
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().key("quiet_log_sources").begin_array();
  for (const QuietSource& quiet : guidance.quiet) {
    json.begin_object().member("host", quiet.host).member("log_source", quiet.log_source);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

Guidance guide(const StoryView& view, GuidanceInputs inputs) {
  return Guide(view, std::move(inputs)).write();
}

std::string_view false_flag_caveat() noexcept {
  return "Techniques in common do not name an attacker: many groups share them, this list knows "
         "only "
         "what was published, and attackers copy others' ways on purpose (false flags).";
}

std::string guidance_json(const StoryView& view, const Guidance& guidance) {
  JsonWriter json;
  json.begin_object()
      .member("kind", "guidance")
      .key("schema")
      .integer(incident::kJsonSchemaVersion);
  json.member("chain", view.chain().id.hex());
  write_gaps(json, guidance);
  json.key("advice").begin_array();
  for (const Phase phase : guidance.phases) {
    json.begin_object().member("phase", attack::phase_info(phase).slug).key("do").begin_array();
    for (const std::string& text : guidance.defence->advice[static_cast<std::size_t>(phase)]) {
      json.string(text);
    }
    json.end_array().end_object();
  }
  json.end_array().key("mitigations").begin_array();
  for (const CounterMeasure& measure : guidance.counter_measures) {
    json.begin_object().member("id", measure.mitigation->id);
    json.member("name", measure.mitigation->name).member("meaning", measure.mitigation->meaning);
    json.key("counters").begin_array();
    for (const std::string& id : measure.techniques) json.string(id);
    json.end_array().end_object();
  }
  json.end_array().key("groups").begin_array();
  for (const KnownGroup& known : guidance.groups) {
    json.begin_object().member("id", known.group->id).member("name", known.group->name);
    json.key("exact").unsigned_integer(known.exact);
    json.key("family").unsigned_integer(known.family);
    json.key("known_for").unsigned_integer(known.group->techniques.size()).end_object();
  }
  json.end_array().key("chain_techniques").unsigned_integer(guidance.techniques);
  json.member("caveat", false_flag_caveat()).end_object();
  return json.take();
}

}  // namespace catena::report
