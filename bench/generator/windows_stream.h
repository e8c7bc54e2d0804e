// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/generator/random.h"
#include "bench/generator/windows_host.h"
#include "bench/generator/windows_programs.h"
#include "bench/generator/windows_record.h"

// WindowsStream makes the events of a few dozen Windows computers: Sysmon 1, 3, 7, 10, 11, 12, 13,
// 22, Security 4624, 4625, 4688, 4703, 5156, PowerShell 4103 and 4104, in the proportions of a
// recorded office network (the bulk is process access, registry and library loads).
// Thread safety: none. Cost: a few microseconds an event.
namespace catena::generator {

class WindowsStream {
 public:
  static constexpr std::uint32_t kHosts = 40;

  WindowsStream(Random& random, std::size_t wanted_bytes);

  // An event of everyday life; `process_start` asks for a process creation.
  void add_everyday(Timestamp time, bool process_start, std::string& out);
  // An event that a starter rule finds; `process_start` as above.
  void add_attack(Timestamp time, bool process_start, std::string& out);

 private:
  // An event's moment and computer.
  struct Place {
    Timestamp time;
    WindowsHost& host;
    WindowsShape shape;
  };
  struct Access {
    const Process& source;
    std::string_view granted;
  };
  struct Logon {
    bool succeeded;
    std::string_view type;
    std::string address;
  };
  struct Connection {
    const Process& process;
    std::string address;
    std::string_view port;
  };

  [[nodiscard]] Place random_place(Timestamp time);
  [[nodiscard]] std::string fill(const Place& place, std::string_view text);
  [[nodiscard]] std::string hashes(std::string_view image);
  [[nodiscard]] WindowsRecord sysmon(const Place& place, std::uint32_t event_id,
                                     std::string_view headline);
  void write(const Place& place, const WindowsRecord& record, std::string& out);
  void add_process_values(WindowsRecord& record, const Place& place, const Process& process);

  void process_start(const Place& place, const ProgramStart& start, std::string& out);
  void sysmon_start(const Place& place, const ProgramStart& start, const Process& parent,
                    const Process& process, std::string& out);
  void security_start(const Place& place, const Process& parent, const Process& process,
                      std::string& out);
  void connection(const Place& place, const Connection& to, std::string& out);
  void library_load(const Place& place, std::string& out);
  void process_access(const Place& place, const Access& access, std::string& out);
  void file_created(const Place& place, std::string_view path, std::string& out);
  void registry_key(const Place& place, std::string& out);
  void registry_value(const Place& place, std::string_view key, std::string_view details,
                      std::string& out);
  void dns_query(const Place& place, std::string_view name, std::string& out);
  void logon(const Place& place, const Logon& logon, std::string& out);
  void right_adjusted(const Place& place, std::string& out);
  void connection_permitted(const Place& place, std::string& out);
  void script_block(const Place& place, std::string_view script, std::string& out);
  void script_command(const Place& place, std::string& out);
  void everyday_other(const Place& place, std::string& out);
  void attack_other(const Place& place, std::string& out);
  void everyday_value(const Place& place, std::string& out);

  Random& random_;
  std::size_t wanted_bytes_;
  std::vector<WindowsHost> hosts_;
};

}  // namespace catena::generator
