// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// Lineage remembers which process started which, over all events and not only detections, so that a
// detection knows its ancestors. The walk ends below root processes (services.exe, systemd):
// through them everything would be related. Memory: at most kMaxProcesses entries of roughly 200
// bytes; the oldest seen go first, counted. Thread safety: none; owned by the chain stage.
namespace catena::incident {

// One process start, as entity values of type kProcess.
struct ProcessStart {
  std::string process;
  std::string parent;    // empty when unknown or a root process
  bool is_root = false;  // the process itself is one that ends the walk
};

class Lineage {
 public:
  static constexpr std::size_t kMaxProcesses = 1'000'000;
  static constexpr std::size_t kMaxAncestors = 4;

  // A process that is started again (pid reuse) replaces the earlier one.
  void observe(ProcessStart start);

  // Ancestors of `process`, nearest first, at most kMaxAncestors, without root processes.
  [[nodiscard]] std::vector<std::string> ancestors(std::string_view process) const;

  [[nodiscard]] std::uint64_t evicted() const noexcept { return evicted_; }

 private:
  struct Entry {
    std::string parent;
    bool is_root = false;
  };

  std::unordered_map<std::string, Entry> processes_;
  std::deque<std::string> arrival_;
  std::uint64_t evicted_ = 0;
};

}  // namespace catena::incident
