// SPDX-License-Identifier: Apache-2.0
#include "bench/generator/windows_host.h"

#include <array>

namespace catena::generator {
namespace {

constexpr std::array<std::string_view, 16> kUserNames = {
    "m.keller", "a.silva",  "j.tanaka", "s.novak",  "l.brandt", "d.costa",
    "h.larsen", "e.moreau", "p.rossi",  "k.wójcik", "n.haddad", "b.lindqvist",
    "c.okafor", "r.mehta",  "t.jansen", "o.petrov"};

struct SystemProcess {
  std::string_view image;
  std::string_view command_line;
  bool is_system;
};

// What runs on an idle Windows computer, in the order of starting.
constexpr std::array<SystemProcess, 19> kSystemProcesses = {{
    {"C:\\Windows\\explorer.exe", "C:\\Windows\\Explorer.EXE", false},
    {"C:\\Windows\\System32\\smss.exe", "\\SystemRoot\\System32\\smss.exe", true},
    {"C:\\Windows\\System32\\csrss.exe",
     "%SystemRoot%\\system32\\csrss.exe ObjectDirectory=\\Windows", true},
    {"C:\\Windows\\System32\\wininit.exe", "wininit.exe", true},
    {"C:\\Windows\\System32\\winlogon.exe", "winlogon.exe", true},
    {"C:\\Windows\\System32\\services.exe", "C:\\Windows\\system32\\services.exe", true},
    {"C:\\Windows\\System32\\lsass.exe", "C:\\Windows\\system32\\lsass.exe", true},
    {"C:\\Windows\\System32\\svchost.exe", "C:\\Windows\\system32\\svchost.exe -k DcomLaunch -p",
     true},
    {"C:\\Windows\\System32\\svchost.exe", "C:\\Windows\\system32\\svchost.exe -k RPCSS -p", true},
    {"C:\\Windows\\System32\\svchost.exe",
     "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule", true},
    {"C:\\Windows\\System32\\svchost.exe",
     "C:\\Windows\\System32\\svchost.exe -k LocalServiceNetworkRestricted -p", true},
    {"C:\\Windows\\System32\\svchost.exe",
     "C:\\Windows\\system32\\svchost.exe -k NetworkService -p -s Dnscache", true},
    {"C:\\Windows\\System32\\spoolsv.exe", "C:\\Windows\\System32\\spoolsv.exe", true},
    {"C:\\Windows\\System32\\SearchIndexer.exe",
     "C:\\Windows\\system32\\SearchIndexer.exe /Embedding", true},
    {"C:\\Windows\\System32\\sihost.exe", "sihost.exe", false},
    {"C:\\Windows\\System32\\taskhostw.exe", "taskhostw.exe", false},
    {"C:\\Windows\\System32\\RuntimeBroker.exe",
     "C:\\Windows\\System32\\RuntimeBroker.exe -Embedding", false},
    {"C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.24090.11-0\\MsMpEng.exe",
     "\"C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.24090.11-0\\MsMpEng.exe\"",
     true},
    {"C:\\Windows\\System32\\wbem\\WmiPrvSE.exe",
     "C:\\Windows\\system32\\wbem\\wmiprvse.exe -Embedding", true},
}};

}  // namespace

WindowsHost::WindowsHost(std::uint32_t number, Random& random) {
  const bool is_server = number % 5 == 4;
  const std::string digits = std::to_string(1000 + number).substr(1);
  name_ = (is_server ? "SRV-" : "WS-") + digits + ".nordwind.example";
  address_ = "10.20." + std::to_string(number / 200) + "." + std::to_string(10 + number % 200);
  guid_prefix_ = random.hex(8);
  const std::string domain_sid = "S-1-5-21-1844237615-2139871995-1606980848";
  user_ = {std::string(kUserNames[number % kUserNames.size()]), "NORDWIND",
           domain_sid + "-" + std::to_string(1100 + number), "0x" + random.hex(6), random.guid()};
  system_ = {"SYSTEM", "NT AUTHORITY", "S-1-5-18", "0x3e7", random.guid()};
  for (const SystemProcess& process : kSystemProcesses) {
    start({std::string(process.image), std::string(process.command_line), "", 0, process.is_system},
          random);
  }
  permanent_ = processes_.size();
}

const Process& WindowsHost::any_process(Random& random) const { return random.pick(processes_); }

const Process& WindowsHost::find(std::string_view image_name) const {
  for (const Process& process : processes_) {
    const std::string_view image = process.image;
    if (image.ends_with(image_name) && image.size() > image_name.size() &&
        image[image.size() - image_name.size() - 1] == '\\') {
      return process;
    }
  }
  return processes_.front();
}

const Process& WindowsHost::start(Process process, Random& random) {
  process.guid = new_process_guid(random);
  process.pid = static_cast<std::uint32_t>(random.between(100, 4000)) * 4;
  if (processes_.size() >= kMaxProcesses) {
    processes_.erase(processes_.begin() + static_cast<std::ptrdiff_t>(permanent_));
  }
  processes_.push_back(std::move(process));
  return processes_.back();
}

std::string WindowsHost::new_process_guid(Random& random) const {
  return joined(
      {guid_prefix_, "-", random.hex(4), "-", random.hex(4), "-", random.hex(4), "-000000001000"});
}

}  // namespace catena::generator
