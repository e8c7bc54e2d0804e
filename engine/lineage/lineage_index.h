// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/incident/detection.h"
#include "engine/lineage/facts.h"
#include "engine/lineage/process_history.h"
#include "engine/lineage/session_history.h"

// LineageIndex completes the entities of a detection with what other events told: the true name of
// its processes, their ancestors, the remote session it happened in and the process on the other
// machine that opened that session. It remembers facts over all events, not only detections.
// Protocol: observe() the facts, then complete() the detections that lie behind them in time.
// The result depends on the facts observed and not on their order. Cost of complete(): about ten
// look-ups in ordered tables. Thread safety: none; owned by the chain stage.
namespace catena::lineage {

class LineageIndex {
 public:
  // Facts older than this, measured from the newest one, are forgotten at expire().
  static constexpr Timestamp kLifetime = 7 * 24 * kNanosPerHour;

  void observe(const Facts& facts);

  // Adds entities; they are sorted and unique afterwards, and at most kMaxEntities.
  static constexpr std::size_t kMaxEntities = 64;
  void complete(incident::Detection& detection) const;

  // Forgets what is past its lifetime. Call when no earlier detection is waiting.
  void expire();

  [[nodiscard]] std::uint64_t forgotten() const noexcept {
    return processes_.forgotten() + sessions_.forgotten();
  }

 private:
  [[nodiscard]] bool name_processes(incident::Detection& detection, const std::string& host) const;
  void add_remote_origin(incident::Detection& detection, const std::string& host,
                         bool below_root) const;
  [[nodiscard]] SessionHistory::OnlyLogon remote_logon_of(const incident::Detection& detection,
                                                          const std::string& host,
                                                          bool below_root) const;
  [[nodiscard]] std::string process_of(const RemoteLogon& logon) const;
  [[nodiscard]] std::string account_of(const RemoteLogon& logon) const;

  ProcessHistory processes_;
  SessionHistory sessions_;
  Timestamp newest_ = kNoTime;
};

}  // namespace catena::lineage
