// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "bench/generator/cloud_stream.h"
#include "bench/generator/linux_stream.h"
#include "bench/generator/random.h"
#include "bench/generator/windows_stream.h"
#include "engine/event/timestamp.h"

// EventStream makes a stream of log records of any length from a seed: the same options give the
// same bytes on every machine. It knows nothing of rules; its attacks are written so that the
// starter rules find them (tests/command_line checks it).
// Call protocol: next() until it says false. Thread safety: none.
// Memory: a few hundred kilobytes, whatever the length.
namespace catena::generator {

enum class Mix : std::uint8_t {
  kWindows,  // as recorded in an office network; process creation is rare there
  kProcess,  // process creation alone
  kLinux,    // audit records and syslog lines
  kCloud,    // CloudTrail
  kAll,      // windows 80 %, linux 12 %, cloud 8 %
};
// The names on the command line.
[[nodiscard]] const std::map<std::string, Mix>& mix_names();

// Longest record that can be asked for.
inline constexpr std::size_t kMaxEventBytes = 64 * 1024;

struct StreamOptions {
  std::uint64_t events = 100'000;  // records (lines)
  std::uint64_t seed = 1;
  Mix mix = Mix::kWindows;
  double attack_share = 0.01;  // 0 … 1
  // About the size of a Windows record; 0: as real ones are (1 to 6 KB). At most kMaxEventBytes.
  std::size_t event_bytes = 0;
  // Share of process creation among windows or linux records, 0 … 1; none: as the mix says.
  std::optional<double> process_share;
  std::uint64_t events_per_second = 2'000;  // how fast event time goes
};

class EventStream {
 public:
  explicit EventStream(const StreamOptions& options);

  // Appends the next record with its line end (a Linux program start is four records). False, and
  // nothing appended, when all have been made.
  bool next(std::string& out);

  // Of what the last next() appended: how many lines, and whether it was an attack.
  [[nodiscard]] std::uint32_t lines() const noexcept { return lines_; }
  [[nodiscard]] bool is_attack() const noexcept { return is_attack_; }

 private:
  [[nodiscard]] Mix kind_of_next();
  [[nodiscard]] bool is_process_start(Mix kind);

  StreamOptions options_;
  Random random_;
  WindowsStream windows_;
  LinuxStream linux_;
  CloudStream cloud_;
  Timestamp time_;
  std::uint64_t made_ = 0;
  std::uint32_t lines_ = 0;
  bool is_attack_ = false;
};

}  // namespace catena::generator
