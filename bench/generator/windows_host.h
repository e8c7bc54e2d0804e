// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/generator/random.h"

// WindowsHost is one made computer: its name, its user, and the processes that run on it, with
// identifiers that stay the same in every event of a process and its children.
// Thread safety: none. Memory: at most kMaxProcesses processes.
namespace catena::generator {

struct Account {
  std::string name;    // "m.keller"
  std::string domain;  // "NORDWIND"
  std::string sid;
  std::string logon_id;    // "0x3e7"
  std::string logon_guid;  // no braces

  [[nodiscard]] std::string full_name() const { return domain + "\\" + name; }
};

struct Process {
  std::string image;
  std::string command_line;
  std::string guid;  // no braces
  std::uint32_t pid = 0;
  bool is_system = true;  // runs as the system account, otherwise as the user
};

class WindowsHost {
 public:
  static constexpr std::size_t kMaxProcesses = 96;

  WindowsHost(std::uint32_t number, Random& random);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& domain() const noexcept { return user_.domain; }
  [[nodiscard]] const std::string& address() const noexcept { return address_; }
  [[nodiscard]] const Account& user() const noexcept { return user_; }
  [[nodiscard]] const Account& account_of(const Process& process) const noexcept {
    return process.is_system ? system_ : user_;
  }

  // A process that runs; the first ones are the operating system's and never end.
  [[nodiscard]] const Process& any_process(Random& random) const;
  // A running process with that image name ("explorer.exe"), or the shell when none has it.
  [[nodiscard]] const Process& find(std::string_view image_name) const;
  // Adds a process; the oldest that is not the system's goes when there are too many. The reference
  // lives until the next start.
  const Process& start(Process process, Random& random);

  [[nodiscard]] std::string new_process_guid(Random& random) const;

 private:
  std::string name_;
  std::string address_;
  std::string guid_prefix_;  // all process GUIDs of a host begin alike
  Account user_;
  Account system_;
  std::vector<Process> processes_;
  std::size_t permanent_ = 0;
};

}  // namespace catena::generator
