// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "engine/lineage/facts.h"

// ProcessHistory knows which process was behind a process id at a time, and who its ancestors were.
// Ids are used again: a process has its id from its start until its end or the next start with the
// same id. Two sources that report one start (Sysmon 1 and Security 4688) are taken for one when
// they are at most kSameStart apart. A start that names its parent by id and by GUID tells which
// GUID was behind that id, whether or not the parent's own start was seen. The walk up ends below
// root processes: through them everything would be related. The answers depend on the facts
// observed and not on their order. Memory: at most kMaxProcesses starts of about 250 bytes; the
// oldest by event time are forgotten first, counted. Thread safety: none; owned by the chain stage.
namespace catena::lineage {

class ProcessHistory {
 public:
  static constexpr std::size_t kMaxProcesses = 1'000'000;
  static constexpr std::size_t kMaxAncestors = 4;
  static constexpr Timestamp kSameStart = 2 * kNanosPerSecond;

  void observe(const ProcessStart& start);
  void observe(const ProcessEnd& end);
  void observe(const ProcessAlias& alias);

  // The entity value of the process that had this id on this host at this time: its GUID where one
  // is known, else the id with its start. nullopt when no start of it is known.
  [[nodiscard]] std::optional<std::string> name(const std::string& host, std::uint32_t pid,
                                                Timestamp time) const;

  // The process that calls itself by this GUID too; nullopt when none is known to.
  struct Named {
    std::string host;
    std::uint32_t pid = 0;
    Timestamp time = kNoTime;
  };
  [[nodiscard]] std::optional<Named> known_as(const ProcessGuid& guid) const;

  struct Ancestry {
    std::vector<std::string> ancestors;  // entity values, nearest first, without root processes
    bool below_root = false;             // the walk ended below a root process
  };
  [[nodiscard]] Ancestry ancestry(const ProcessGuid& guid) const;
  [[nodiscard]] Ancestry ancestry(const std::string& host, std::uint32_t pid, Timestamp time) const;

  // Forgets starts before `time`.
  void forget_before(Timestamp time);

  [[nodiscard]] std::size_t size() const noexcept { return by_pid_.size(); }
  [[nodiscard]] std::uint64_t forgotten() const noexcept { return forgotten_; }

 private:
  struct Entry {
    std::string host;
    ProcessGuid guid;
    ProcessGuid parent_guid;
    std::uint32_t pid = 0;
    std::uint32_t parent_pid = 0;
    Timestamp start = kNoTime;
    bool is_root = false;
    bool parent_is_root = false;
  };
  using PidKey = std::tuple<std::uint64_t, std::uint32_t, Timestamp>;  // host, id, start

  static std::uint64_t host_key(const std::string& host) { return hash64(host); }
  static PidKey key_of(const Entry& entry) {
    return {host_key(entry.host), entry.pid, entry.start};
  }
  [[nodiscard]] std::optional<Entry> find(const std::string& host, std::uint32_t pid,
                                          Timestamp time) const;
  [[nodiscard]] std::optional<Entry> find(const ProcessGuid& guid) const;
  [[nodiscard]] std::optional<Entry> find_start(const std::string& host, std::uint32_t pid,
                                                Timestamp time) const;
  [[nodiscard]] ProcessGuid alias_of(const std::string& host, std::uint32_t pid, Timestamp from,
                                     Timestamp time) const;
  [[nodiscard]] std::optional<Entry> parent_of(const Entry& entry) const;
  [[nodiscard]] Ancestry walk(const std::optional<Entry>& from) const;
  static std::string value_of(const Entry& entry);
  void make_room();

  std::map<PidKey, Entry> by_pid_;  // guid-only starts have the id 0 and their GUID's hash as host
  std::unordered_map<ProcessGuid, PidKey> by_guid_;
  std::map<PidKey, ProcessGuid> aliases_;  // when a child named its parent both ways
  std::unordered_map<ProcessGuid, Named> known_as_;
  std::set<PidKey> ends_;
  std::uint64_t forgotten_ = 0;
};

}  // namespace catena::lineage
