// SPDX-License-Identifier: Apache-2.0
#include "bench/generator/windows_stream.h"

#include "bench/generator/template_text.h"

namespace catena::generator {
namespace {

constexpr std::string_view kSecurityProvider = "Microsoft-Windows-Security-Auditing";
constexpr std::string_view kSecurityGuid = "{54849625-5478-4994-a5ba-3e3b0328c30d}";
// Of process starts, how many are recorded as Security 4688 rather than Sysmon 1, per million.
constexpr std::uint32_t kSecurityStarts = 350'000;

std::string braced(std::string_view guid) { return "{" + std::string(guid) + "}"; }

std::string hex_pid(std::uint32_t pid) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  for (std::uint32_t rest = pid; rest > 0; rest /= 16) digits.insert(0, 1, kDigits[rest % 16]);
  return "0x" + digits;
}

// The last part of a Windows path.
std::string_view file_name(std::string_view path) { return path.substr(path.rfind('\\') + 1); }

}  // namespace

WindowsStream::WindowsStream(Random& random, std::size_t wanted_bytes)
    : random_(random), wanted_bytes_(wanted_bytes) {
  hosts_.reserve(kHosts);
  for (std::uint32_t i = 0; i < kHosts; ++i) hosts_.emplace_back(i, random_);
}

void WindowsStream::add_everyday(Timestamp time, bool process_start, std::string& out) {
  const Place place = random_place(time);
  if (process_start) {
    this->process_start(place, random_.pick_weighted(everyday_starts()), out);
  } else {
    everyday_other(place, out);
  }
}

void WindowsStream::add_attack(Timestamp time, bool process_start, std::string& out) {
  const Place place = random_place(time);
  if (process_start) {
    this->process_start(place, random_.pick_weighted(attack_starts()), out);
  } else {
    attack_other(place, out);
  }
}

WindowsStream::Place WindowsStream::random_place(Timestamp time) {
  const auto number = static_cast<std::size_t>(random_.below(hosts_.size()));
  // Every fourth computer sends through another collector.
  return {time, hosts_[number], number % 4 == 3 ? WindowsShape::kWinlogbeat : WindowsShape::kFlat};
}

std::string WindowsStream::fill(const Place& place, std::string_view text) {
  return fill_template(text, {place.host.user().name, place.host.name()}, random_);
}

// The hashes of a file depend on its name: the same file has the same hashes everywhere.
std::string WindowsStream::hashes(std::string_view image) {
  std::uint64_t seed = 14695981039346656037ULL;
  for (const char c : file_name(image)) {
    seed = (seed ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  Random of_file(seed);
  constexpr bool kUpperCase = true;
  return joined({"SHA1=", of_file.hex(40, kUpperCase), ",MD5=", of_file.hex(32, kUpperCase),
                 ",SHA256=", of_file.hex(64, kUpperCase),
                 ",IMPHASH=", of_file.hex(32, kUpperCase)});
}

WindowsRecord WindowsStream::sysmon(const Place& place, std::uint32_t event_id,
                                    std::string_view headline) {
  WindowsRecord record(
      {"Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon",
       "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}", event_id, headline, "0x8000000000000000"},
      place.host.name(), place.time);
  record.add("RuleName", "-").add("UtcTime", utc_time(place.time));
  return record;
}

void WindowsStream::write(const Place& place, const WindowsRecord& record, std::string& out) {
  record.write(place.shape, wanted_bytes_, out);
}

void WindowsStream::add_process_values(WindowsRecord& record, const Place& place,
                                       const Process& process) {
  record.add("ProcessGuid", braced(process.guid))
      .add("ProcessId", std::to_string(process.pid))
      .add("Image", process.image, Need::kEssential)
      .add("User", place.host.account_of(process).full_name());
}

void WindowsStream::process_start(const Place& place, const ProgramStart& start, std::string& out) {
  Process parent = place.host.find(start.parent);
  if (!parent.image.ends_with(start.parent)) {
    // Not running here yet: it has been started before the stream began.
    const std::string folder = start.parent.ends_with("E.EXE") || start.parent.ends_with("L.EXE") ||
                                       start.parent.ends_with("D.EXE")
                                   ? "C:\\Program Files\\Microsoft Office\\root\\Office16\\"
                                   : "C:\\Windows\\System32\\";
    const std::string image = folder + std::string(start.parent);
    parent = place.host.start({image, "\"" + image + "\"", "", 0, false}, random_);
  }
  std::string command_line = fill(place, start.command_line);
  // Long records have long command lines too, not only long messages.
  constexpr std::size_t kOrdinaryBytes = 2500;
  if (wanted_bytes_ > kOrdinaryBytes) {
    const std::size_t wanted = command_line.size() + (wanted_bytes_ - kOrdinaryBytes) / 8;
    while (command_line.size() < wanted) command_line += fill(place, " --set-{word}={n}");
  }
  const bool is_system = place.host.account_of(parent).name == "SYSTEM" &&
                         start.description != "Runtime Broker" &&
                         start.description != "Background Task Host";
  const Process process = place.host.start(
      {fill(place, start.image), std::move(command_line), "", 0, is_system}, random_);
  if (random_.chance(kSecurityStarts)) {
    security_start(place, parent, process, out);
  } else {
    sysmon_start(place, start, parent, process, out);
  }
}

void WindowsStream::sysmon_start(const Place& place, const ProgramStart& start,
                                 const Process& parent, const Process& process, std::string& out) {
  const Account& account = place.host.account_of(process);
  WindowsRecord record = sysmon(place, 1, "Process Create:");
  record.add("ProcessGuid", braced(process.guid))
      .add("ProcessId", std::to_string(process.pid))
      .add("Image", process.image, Need::kEssential)
      .add("FileVersion", "10.0.19041.4355 (WinBuild.160101.0800)")
      .add("Description", start.description)
      .add("Product", start.company == "Microsoft Corporation"
                          ? "Microsoft® Windows® Operating System"
                          : start.description)
      .add("Company", start.company)
      .add("OriginalFileName", file_name(process.image))
      .add("CommandLine", process.command_line, Need::kEssential)
      .add("CurrentDirectory",
           process.is_system ? "C:\\Windows\\system32\\" : "C:\\Users\\" + account.name + "\\")
      .add("User", account.full_name())
      .add("LogonGuid", braced(account.logon_guid))
      .add("LogonId", account.logon_id)
      .add("TerminalSessionId", process.is_system ? "0" : "1")
      .add("IntegrityLevel", process.is_system ? "System" : "Medium")
      .add("Hashes", hashes(process.image))
      .add("ParentProcessGuid", braced(parent.guid))
      .add("ParentProcessId", std::to_string(parent.pid))
      .add("ParentImage", parent.image, Need::kEssential)
      .add("ParentCommandLine", parent.command_line)
      .add("ParentUser", place.host.account_of(parent).full_name());
  write(place, record, out);
}

void WindowsStream::security_start(const Place& place, const Process& parent,
                                   const Process& process, std::string& out) {
  const Account& account = place.host.account_of(process);
  WindowsRecord record({"Security", kSecurityProvider, kSecurityGuid, 4688,
                        "A new process has been created.", "0x8020000000000000", true},
                       place.host.name(), place.time);
  record.add("SubjectUserSid", account.sid)
      .add("SubjectUserName", account.name)
      .add("SubjectDomainName", account.domain)
      .add("SubjectLogonId", account.logon_id)
      .add("NewProcessId", hex_pid(process.pid))
      .add("NewProcessName", process.image, Need::kEssential)
      .add("TokenElevationType", "%%1936")
      .add("ProcessId", hex_pid(parent.pid))
      .add("CommandLine", process.command_line, Need::kEssential)
      .add("TargetUserSid", "S-1-0-0")
      .add("TargetUserName", "-")
      .add("TargetDomainName", "-")
      .add("TargetLogonId", "0x0")
      .add("ParentProcessName", parent.image, Need::kEssential)
      .add("MandatoryLabel", process.is_system ? "S-1-16-16384" : "S-1-16-8192");
  write(place, record, out);
}

void WindowsStream::logon(const Place& place, const Logon& logon, std::string& out) {
  const Account& account = place.host.user();
  WindowsRecord record(
      {"Security", kSecurityProvider, kSecurityGuid, logon.succeeded ? 4624U : 4625U,
       logon.succeeded ? "An account was successfully logged on." : "An account failed to log on.",
       logon.succeeded ? "0x8020000000000000" : "0x8010000000000000", true},
      place.host.name(), place.time);
  record.add("SubjectUserSid", "S-1-0-0")
      .add("SubjectUserName", "-")
      .add("SubjectDomainName", "-")
      .add("SubjectLogonId", "0x0")
      .add("TargetUserSid", logon.succeeded ? account.sid : "S-1-0-0")
      .add("TargetUserName", account.name, Need::kEssential)
      .add("TargetDomainName", account.domain);
  if (logon.succeeded) {
    record.add("TargetLogonId", account.logon_id).add("LogonGuid", braced(account.logon_guid));
  } else {
    record.add("Status", "0xc000006d")
        .add("SubStatus", "0xc000006a")
        .add("FailureReason", "%%2313");
  }
  record.add("LogonType", logon.type, Need::kEssential)
      .add("LogonProcessName", logon.type == "3" ? "NtLmSsp " : "User32 ")
      .add("AuthenticationPackageName", logon.type == "3" ? "NTLM" : "Negotiate")
      .add("WorkstationName", "-")
      .add("TransmittedServices", "-")
      .add("LmPackageName", logon.type == "3" ? "NTLM V2" : "-")
      .add("KeyLength", logon.type == "3" ? "128" : "0")
      .add("ProcessId", "0x0")
      .add("ProcessName", "-")
      .add("IpAddress", logon.address, Need::kEssential)
      .add("IpPort", std::to_string(random_.between(49'152, 65'535)))
      .add("ImpersonationLevel", "%%1833")
      .add("ElevatedToken", "%%1843");
  write(place, record, out);
}

void WindowsStream::right_adjusted(const Place& place, std::string& out) {
  const Process& process = place.host.any_process(random_);
  const Account& account = place.host.account_of(process);
  WindowsRecord record({"Security", kSecurityProvider, kSecurityGuid, 4703,
                        "A token right was adjusted.", "0x8020000000000000", true},
                       place.host.name(), place.time);
  record.add("SubjectUserSid", account.sid)
      .add("SubjectUserName", account.name)
      .add("SubjectDomainName", account.domain)
      .add("SubjectLogonId", account.logon_id)
      .add("TargetUserSid", "S-1-0-0")
      .add("TargetUserName", account.name)
      .add("TargetDomainName", account.domain)
      .add("TargetLogonId", account.logon_id)
      .add("ProcessName", process.image, Need::kEssential)
      .add("ProcessId", hex_pid(process.pid))
      .add(
          "EnabledPrivilegeList",
          "SeAssignPrimaryTokenPrivilege\n\t\t\tSeIncreaseQuotaPrivilege\n\t\t\t"
          "SeSecurityPrivilege\n\t\t\tSeTakeOwnershipPrivilege\n\t\t\tSeLoadDriverPrivilege\n\t\t\t"
          "SeSystemtimePrivilege\n\t\t\tSeBackupPrivilege\n\t\t\tSeRestorePrivilege\n\t\t\t"
          "SeShutdownPrivilege\n\t\t\tSeSystemEnvironmentPrivilege\n\t\t\tSeUndockPrivilege",
          Need::kEssential)
      .add("DisabledPrivilegeList", "-");
  write(place, record, out);
}

void WindowsStream::connection_permitted(const Place& place, std::string& out) {
  const Process& process = place.host.any_process(random_);
  WindowsRecord record(
      {"Security", kSecurityProvider, kSecurityGuid, 5156,
       "The Windows Filtering Platform has permitted a connection.", "0x8020000000000000", true},
      place.host.name(), place.time);
  std::string device = "\\device\\harddiskvolume3" + process.image.substr(2);
  record.add("ProcessID", std::to_string(process.pid))
      .add("Application", device, Need::kEssential)
      .add("Direction", "%%14593")
      .add("SourceAddress", place.host.address(), Need::kEssential)
      .add("SourcePort", std::to_string(random_.between(49'152, 65'535)))
      .add("DestAddress", fill(place, "{ip}"), Need::kEssential)
      .add("DestPort", random_.chance(600'000) ? "443" : "53", Need::kEssential)
      .add("Protocol", "6")
      .add("FilterRTID", std::to_string(random_.between(60'000, 90'000)))
      .add("LayerName", "%%14611")
      .add("LayerRTID", "48")
      .add("RemoteUserID", "S-1-0-0")
      .add("RemoteMachineID", "S-1-0-0");
  write(place, record, out);
}

}  // namespace catena::generator
