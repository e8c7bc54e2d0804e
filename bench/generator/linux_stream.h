// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "bench/generator/random.h"
#include "engine/event/timestamp.h"

// LinuxStream makes the lines of a few Linux servers: audit records (a program start is a group of
// four lines with one number), sshd, sudo, cron and systemd by syslog.
// Thread safety: none.
namespace catena::generator {

class LinuxStream {
 public:
  static constexpr std::uint32_t kHosts = 12;
  // Lines of one audit group, the most that one call adds.
  static constexpr std::uint32_t kLinesPerStart = 4;

  explicit LinuxStream(Random& random) : random_(random) {}

  // Each appends one line, or the four of a program start, and returns how many.
  std::uint32_t add_everyday(Timestamp time, bool program_start, std::string& out);
  std::uint32_t add_attack(Timestamp time, bool program_start, std::string& out);

 private:
  std::uint32_t program_start(Timestamp time, std::string_view image, std::string_view arguments,
                              std::string& out);
  void syslog(Timestamp time, std::string_view program, std::string_view message, std::string& out);
  [[nodiscard]] std::string host();

  Random& random_;
  std::uint64_t audit_serial_ = 40'000;
};

}  // namespace catena::generator
