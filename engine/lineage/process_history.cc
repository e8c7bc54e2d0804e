// SPDX-License-Identifier: Apache-2.0
#include "engine/lineage/process_history.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "engine/incident/canonical.h"

namespace catena::lineage {
namespace {

// The part of the starts that goes when the table is full: forgetting one by one would sort the
// whole table each time.
constexpr std::size_t kForgottenAtOnce = 4;

}  // namespace

void ProcessHistory::observe(const ProcessStart& start) {
  Entry entry{start.host,       start.guid, start.parent_guid, start.pid,
              start.parent_pid, start.time, start.is_root,     start.parent_is_root};
  PidKey key = key_of(entry);
  if (entry.pid == 0) std::get<0>(key) = entry.guid.high ^ entry.guid.low;
  const auto [known, is_new] = by_pid_.try_emplace(key, entry);
  if (!is_new) {
    // Two reports of one start at the very same moment: together they know more.
    Entry& old = known->second;
    old.guid = std::max(old.guid, entry.guid);
    old.parent_guid = std::max(old.parent_guid, entry.parent_guid);
    old.parent_pid = std::max(old.parent_pid, entry.parent_pid);
    old.is_root = old.is_root || entry.is_root;
    old.parent_is_root = old.parent_is_root || entry.parent_is_root;
  }
  if (!entry.guid.is_zero()) {
    const auto [alias, fresh] = by_guid_.try_emplace(entry.guid, key);
    // A GUID that starts twice is damage; the earlier start counts, whichever came first.
    if (!fresh) alias->second = std::min(alias->second, key);
  }
  if (!entry.parent_guid.is_zero() && entry.parent_pid != 0) {
    ProcessGuid& alias = aliases_[{host_key(entry.host), entry.parent_pid, entry.start}];
    alias = std::max(alias, entry.parent_guid);
  }
  if (by_pid_.size() > kMaxProcesses || aliases_.size() > kMaxProcesses) make_room();
}

void ProcessHistory::observe(const ProcessEnd& end) {
  if (ends_.size() < kMaxProcesses) ends_.emplace(host_key(end.host), end.pid, end.time);
}

void ProcessHistory::observe(const ProcessAlias& alias) {
  if (known_as_.size() >= kMaxProcesses && !known_as_.contains(alias.guid)) {
    ++forgotten_;
    return;
  }
  const auto [known, is_new] =
      known_as_.try_emplace(alias.guid, Named{alias.host, alias.pid, alias.time});
  // The earliest report, whichever came first.
  const auto content = [](const Named& n) { return std::tie(n.time, n.host, n.pid); };
  const Named now{alias.host, alias.pid, alias.time};
  if (!is_new && content(now) < content(known->second)) known->second = now;
}

std::optional<ProcessHistory::Named> ProcessHistory::known_as(const ProcessGuid& guid) const {
  const auto known = known_as_.find(guid);
  return known == known_as_.end() ? std::nullopt : std::optional<Named>(known->second);
}

// The GUID that a child gave for this id, at `from` or later and as near to `time` as one did; zero
// when the id was somebody else's by then.
ProcessGuid ProcessHistory::alias_of(const std::string& host, std::uint32_t pid, Timestamp from,
                                     Timestamp time) const {
  const std::uint64_t where = host_key(host);
  const auto is_same = [&](const PidKey& key) {
    return std::get<0>(key) == where && std::get<1>(key) == pid;
  };
  // The next start with this id ends what is asked for.
  const auto next = by_pid_.upper_bound({where, pid, std::max(from, time) + kSameStart});
  const bool reused = next != by_pid_.end() && is_same(next->first);
  const auto later = aliases_.lower_bound({where, pid, time});
  if (later != aliases_.end() && is_same(later->first) &&
      !(reused && next->second.start <= std::get<2>(later->first))) {
    return later->second;
  }
  if (later == aliases_.begin()) return {};
  const auto before = std::prev(later);
  return is_same(before->first) && std::get<2>(before->first) >= from ? before->second
                                                                      : ProcessGuid();
}

std::optional<ProcessHistory::Entry> ProcessHistory::find(const std::string& host,
                                                          std::uint32_t pid, Timestamp time) const {
  auto entry = find_start(host, pid, time);
  if (entry && !entry->guid.is_zero()) return entry;
  const ProcessGuid alias =
      alias_of(host, pid, entry ? entry->start : std::numeric_limits<Timestamp>::min(), time);
  if (alias.is_zero()) return entry;
  // What Sysmon saw of it, and else what is known by id.
  if (auto known = find(alias)) return known;
  if (!entry) {
    entry.emplace();
    entry->host = host;
    entry->pid = pid;
  }
  entry->guid = alias;
  return entry;
}

std::optional<ProcessHistory::Entry> ProcessHistory::find_start(const std::string& host,
                                                                std::uint32_t pid,
                                                                Timestamp time) const {
  const std::uint64_t where = host_key(host);
  // An event may carry a slightly earlier time than the start that another source reports.
  auto at = by_pid_.upper_bound({where, pid, time + kSameStart});
  if (at == by_pid_.begin()) return std::nullopt;
  --at;
  const auto is_same = [&](const PidKey& key) {
    return std::get<0>(key) == where && std::get<1>(key) == pid;
  };
  if (!is_same(at->first)) return std::nullopt;
  Entry entry = at->second;
  const auto end = ends_.lower_bound({where, pid, entry.start});
  if (end != ends_.end() && is_same(*end) && std::get<2>(*end) + kSameStart < time) {
    return std::nullopt;
  }
  // The same start as other sources saw it.
  while (at != by_pid_.begin()) {
    --at;
    if (!is_same(at->first) || at->second.start + kSameStart < entry.start) break;
    const Entry& other = at->second;
    entry.start = other.start;
    if (entry.guid.is_zero()) entry.guid = other.guid;
    if (entry.parent_guid.is_zero()) entry.parent_guid = other.parent_guid;
    if (entry.parent_pid == 0) entry.parent_pid = other.parent_pid;
    entry.is_root = entry.is_root || other.is_root;
    entry.parent_is_root = entry.parent_is_root || other.parent_is_root;
  }
  return entry;
}

std::optional<ProcessHistory::Entry> ProcessHistory::find(const ProcessGuid& guid) const {
  const auto alias = by_guid_.find(guid);
  if (alias == by_guid_.end()) return std::nullopt;
  const auto entry = by_pid_.find(alias->second);
  return entry == by_pid_.end() ? std::nullopt : std::optional<Entry>(entry->second);
}

std::string ProcessHistory::value_of(const Entry& entry) {
  if (!entry.guid.is_zero()) return entry.guid.entity_value();
  return incident::pid_value(entry.host, entry.pid) + "@" +
         std::to_string(entry.start / kNanosPerSecond);
}

std::optional<std::string> ProcessHistory::name(const std::string& host, std::uint32_t pid,
                                                Timestamp time) const {
  const auto entry = find(host, pid, time);
  return entry ? std::optional<std::string>(value_of(*entry)) : std::nullopt;
}

std::optional<ProcessHistory::Entry> ProcessHistory::parent_of(const Entry& entry) const {
  if (!entry.parent_guid.is_zero()) {
    if (auto known = find(entry.parent_guid)) return known;
  }
  if (entry.parent_pid != 0) {
    if (auto known = find(entry.host, entry.parent_pid, entry.start)) return known;
  }
  if (entry.parent_guid.is_zero()) return std::nullopt;
  Entry parent;  // known by name only: nobody saw it start
  parent.guid = entry.parent_guid;
  parent.host = entry.host;
  return parent;
}

ProcessHistory::Ancestry ProcessHistory::walk(const std::optional<Entry>& from) const {
  Ancestry found;
  if (!from) return found;
  const std::string own = value_of(*from);
  std::optional<Entry> current = from;
  while (found.ancestors.size() < kMaxAncestors) {
    if (current->is_root || current->parent_is_root) {
      found.below_root = true;
      break;
    }
    current = parent_of(*current);
    if (!current) break;
    if (current->is_root) {
      found.below_root = true;
      break;
    }
    std::string value = value_of(*current);
    auto& known = found.ancestors;
    if (value == own || std::find(known.begin(), known.end(), value) != known.end()) break;
    known.push_back(std::move(value));
  }
  return found;
}

ProcessHistory::Ancestry ProcessHistory::ancestry(const ProcessGuid& guid) const {
  return walk(find(guid));
}

ProcessHistory::Ancestry ProcessHistory::ancestry(const std::string& host, std::uint32_t pid,
                                                  Timestamp time) const {
  return walk(find(host, pid, time));
}

void ProcessHistory::forget_before(Timestamp time) {
  std::erase_if(by_pid_, [&](const auto& item) {
    if (item.second.start >= time) return false;
    by_guid_.erase(item.second.guid);
    ++forgotten_;
    return true;
  });
  std::erase_if(aliases_, [&](const auto& item) { return std::get<2>(item.first) < time; });
  std::erase_if(known_as_, [&](const auto& item) { return item.second.time < time; });
  std::erase_if(ends_, [&](const PidKey& key) { return std::get<2>(key) < time; });
}

void ProcessHistory::make_room() {
  std::vector<Timestamp> times;
  times.reserve(by_pid_.size() + aliases_.size());
  for (const auto& [key, entry] : by_pid_) times.push_back(entry.start);
  for (const auto& [key, guid] : aliases_) times.push_back(std::get<2>(key));
  const auto border = times.begin() + static_cast<std::ptrdiff_t>(times.size() / kForgottenAtOnce);
  std::nth_element(times.begin(), border, times.end());
  const std::size_t before = by_pid_.size() + aliases_.size();
  forget_before(*border);
  // All of one moment: nothing was older.
  if (by_pid_.size() + aliases_.size() == before) {
    forget_before(std::numeric_limits<Timestamp>::max());
  }
}

}  // namespace catena::lineage
