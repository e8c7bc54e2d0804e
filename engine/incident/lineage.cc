// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/lineage.h"

#include <algorithm>

namespace catena::incident {

void Lineage::observe(ProcessStart start) {
  if (start.process.empty() || start.process == start.parent) return;
  const auto [entry, inserted] = processes_.try_emplace(start.process);
  entry->second = {std::move(start.parent), start.is_root};
  if (!inserted) return;
  arrival_.push_back(std::move(start.process));
  if (arrival_.size() > kMaxProcesses) {
    processes_.erase(arrival_.front());
    arrival_.pop_front();
    ++evicted_;
  }
}

std::vector<std::string> Lineage::ancestors(std::string_view process) const {
  std::vector<std::string> found;
  std::string current(process);
  while (found.size() < kMaxAncestors) {
    const auto entry = processes_.find(current);
    if (entry == processes_.end() || entry->second.is_root || entry->second.parent.empty()) break;
    const std::string& parent = entry->second.parent;
    const auto parent_entry = processes_.find(parent);
    if (parent_entry != processes_.end() && parent_entry->second.is_root) break;
    if (parent == process || std::find(found.begin(), found.end(), parent) != found.end()) break;
    found.push_back(parent);
    current = parent;
  }
  return found;
}

}  // namespace catena::incident
