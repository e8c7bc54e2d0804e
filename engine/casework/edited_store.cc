// SPDX-License-Identifier: Apache-2.0
#include "engine/casework/edited_store.h"

#include <algorithm>
#include <tuple>

#include "engine/incident/chain_builder.h"

namespace catena::casework {
namespace {

using incident::Chain;
using incident::Detection;
using incident::Step;

// What was cut out has no id of the engine's; its first step gives it one.
Id128 cut_id(const Id128& first) {
  const auto bytes = first.bytes();
  return hash128_parts({"cut", std::string_view(bytes.data(), bytes.size())});
}

bool newer(const Chain& a, const Chain& b) {
  return std::tuple(b.last, a.id) < std::tuple(a.last, b.id);
}

}  // namespace

Result<std::unique_ptr<EditedStore>> EditedStore::open(
    std::unique_ptr<pipeline::IncidentStore> base, std::vector<Decision> decisions) {
  auto store = std::unique_ptr<EditedStore>(new EditedStore(std::move(base)));
  store->decisions_ = std::move(decisions);
  RETURN_IF_ERROR(store->apply());
  RETURN_IF_ERROR(store->assemble());
  return store;
}

Status EditedStore::commit(const pipeline::Epoch&) {
  return unsupported("a store as people corrected it is for reading");
}

Result<std::size_t> EditedStore::group_of(const Id128& detection) {
  if (const auto known = group_of_.find(detection); known != group_of_.end()) return known->second;
  ASSIGN_OR_RETURN(const auto id, base_->chain_of(detection));
  if (!id) return std::size_t{0};
  ASSIGN_OR_RETURN(const auto chain, base_->chain(*id));
  if (!chain) return corrupt("store: chain " + id->hex() + " is missing");
  const std::size_t number = next_group_++;
  Group& group = groups_[number];
  group.id = *id;
  for (const Step& step : chain->steps) {
    group.steps.emplace(step.detection, step);
    group_of_[step.detection] = number;
  }
  first_of_[*id] = chain->steps.front().detection;
  replaced_.insert(*id);
  return number;
}

void EditedStore::cut(std::size_t number, const std::vector<Id128>& leaving) {
  Group& group = groups_[number];
  Group parted;
  for (const Id128& id : leaving) {
    const auto step = group.steps.find(id);
    if (step != group.steps.end()) parted.steps.insert(group.steps.extract(step));
  }
  if (group.steps.empty() || parted.steps.empty()) {
    group.steps.merge(parted.steps);
    return;
  }
  const std::size_t other = next_group_++;
  for (const auto& [id, step] : parted.steps) group_of_[id] = other;
  groups_.emplace(other, std::move(parted));
}

void EditedStore::merge(std::size_t number, std::size_t other, const Id128& subject) {
  Group& group = groups_[number];
  Group joined = std::move(groups_[other]);
  groups_.erase(other);
  for (auto& [id, step] : joined.steps) {
    group_of_[id] = number;
    // What opened the other chain now hangs on the one it was merged with, by hand: no entity.
    if (step.join.parent.is_zero()) step.join = {subject, {}, 0};
  }
  group.steps.merge(joined.steps);
}

Status EditedStore::apply() {
  for (const Decision& decision : decisions_) {
    if (decision.kind != DecisionKind::kCut && decision.kind != DecisionKind::kMerge) continue;
    ASSIGN_OR_RETURN(const std::size_t group, group_of(decision.subject));
    if (group == 0 || decision.detections.empty()) continue;
    if (decision.kind == DecisionKind::kCut) {
      cut(group, decision.detections);
      continue;
    }
    ASSIGN_OR_RETURN(const std::size_t other, group_of(decision.detections.front()));
    if (other != 0 && other != group) merge(group, other, decision.subject);
  }
  return ok_status();
}

Result<Chain> EditedStore::assemble_group(const Group& group) const {
  std::vector<Step> steps;
  for (const auto& [id, step] : group.steps) steps.push_back(step);
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return std::tuple(a.time, a.detection) < std::tuple(b.time, b.detection);
  });
  std::vector<Detection> detections;
  for (const Step& step : steps) {
    ASSIGN_OR_RETURN(auto detection, base_->detection(step.detection));
    if (!detection) return corrupt("store: detection " + step.detection.hex() + " is missing");
    detections.push_back(incident::without_evidence(*detection));
  }
  std::vector<incident::ChainMember> members;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    incident::JoinEdge join = steps[i].join;
    // Its reason went elsewhere.
    if (!group.steps.contains(join.parent)) join = {};
    members.push_back({&detections[i], join, steps[i].background});
  }
  const Id128 id = group.id.is_zero() ? cut_id(steps.front().detection) : group.id;
  return incident::assemble_chain(id, members);
}

Status EditedStore::assemble() {
  for (const auto& [number, group] : groups_) {
    ASSIGN_OR_RETURN(Chain chain, assemble_group(group));
    for (const Step& step : chain.steps) edited_of_[step.detection] = chain.id;
    edited_.emplace(chain.id, std::move(chain));
  }
  return ok_status();
}

std::map<Id128, Id128> EditedStore::forwards() const {
  std::map<Id128, Id128> found;
  for (const auto& [id, first] : first_of_) {
    if (edited_.contains(id)) continue;
    if (const auto holder = edited_of_.find(first); holder != edited_of_.end()) {
      found.emplace(id, holder->second);
    }
  }
  return found;
}

Result<std::optional<Chain>> EditedStore::chain(const Id128& id) const {
  if (const auto found = edited_.find(id); found != edited_.end()) {
    return std::optional<Chain>(found->second);
  }
  if (replaced_.contains(id)) return std::optional<Chain>();
  return base_->chain(id);
}

Result<std::optional<Id128>> EditedStore::chain_of(const Id128& detection) const {
  if (const auto found = edited_of_.find(detection); found != edited_of_.end()) {
    return std::optional<Id128>(found->second);
  }
  return base_->chain_of(detection);
}

Status EditedStore::for_each_chain(const std::function<bool(const Chain&)>& visit) const {
  std::vector<const Chain*> ours;
  for (const auto& [id, chain] : edited_) ours.push_back(&chain);
  std::sort(ours.begin(), ours.end(), [](const Chain* a, const Chain* b) { return newer(*a, *b); });
  auto next = ours.begin();
  bool going = true;
  const auto visit_until = [&](const Chain* border) {
    while (going && next != ours.end() && (border == nullptr || newer(**next, *border))) {
      going = visit(**next++);
    }
  };
  RETURN_IF_ERROR(base_->for_each_chain([&](const Chain& chain) {
    visit_until(&chain);
    if (going && !replaced_.contains(chain.id)) going = visit(chain);
    return going;
  }));
  visit_until(nullptr);
  return ok_status();
}

Result<std::vector<Id128>> EditedStore::chains_of_entity(const incident::Entity& entity) const {
  ASSIGN_OR_RETURN(const auto found, base_->chains_of_entity(entity));
  std::vector<Id128> ids;
  for (const Id128& id : found) {
    if (!replaced_.contains(id)) ids.push_back(id);
  }
  for (const auto& [id, chain] : edited_) {
    for (const Step& step : chain.steps) {
      ASSIGN_OR_RETURN(const auto detection, base_->detection(step.detection));
      const bool has =
          detection && std::find(detection->entities.begin(), detection->entities.end(), entity) !=
                           detection->entities.end();
      if (!has) continue;
      ids.push_back(id);
      break;
    }
  }
  return ids;
}

Result<std::vector<Decision>> EditedStore::decisions_of(const Chain& chain) const {
  std::set<Id128> members;
  for (const Step& step : chain.steps) members.insert(step.detection);
  std::vector<Decision> found;
  for (const Decision& decision : decisions_) {
    const bool about = members.contains(decision.subject) ||
                       std::any_of(decision.detections.begin(), decision.detections.end(),
                                   [&](const Id128& id) { return members.contains(id); });
    if (about) found.push_back(decision);
  }
  return found;
}

Result<CaseState> EditedStore::state_of(const Chain& chain) const {
  CaseState state = CaseState::kOpen;
  ASSIGN_OR_RETURN(const auto decisions, decisions_of(chain));
  for (const Decision& decision : decisions) {
    if (decision.kind == DecisionKind::kState) state = decision.state;
  }
  return state;
}

}  // namespace catena::casework
