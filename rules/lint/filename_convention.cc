// SPDX-License-Identifier: Apache-2.0
#include "rules/lint/filename_convention.h"

#include <algorithm>
#include <array>

namespace catena::lint {
namespace {

constexpr std::size_t kMinNameBytes = 10;  // without ".yml"
constexpr std::size_t kMaxNameBytes = 90;

struct Start {
  std::string_view name;
  std::string_view prefix;
  bool has_system = false;  // win_, lnx_ or macos_ follows
};

// By product, for clouds and appliances.
constexpr auto kProducts = std::to_array<Start>({
    {"aws", "aws_"},
    {"azure", "azure_"},
    {"gcp", "gcp_"},
    {"m365", "microsoft365_"},
    {"okta", "okta_"},
    {"onelogin", "onelogin_"},
    {"modsecurity", "modsec_"},
});

constexpr auto kCategories = std::to_array<Start>({
    {"create_remote_thread", "create_remote_thread_", true},
    {"create_stream_hash", "create_stream_hash_"},
    {"dns_query", "dns_query_", true},
    {"driver_load", "driver_load_", true},
    {"file_access", "file_access_", true},
    {"file_change", "file_change_", true},
    {"file_delete", "file_delete_", true},
    {"file_event", "file_event_", true},
    {"file_rename", "file_rename_", true},
    {"image_load", "image_load_"},
    {"network_connection", "net_connection_", true},
    {"pipe_created", "pipe_created_"},
    {"ps_classic_start", "posh_pc_"},
    {"ps_module", "posh_pm_"},
    {"ps_script", "posh_ps_"},
    {"process_access", "proc_access_", true},
    {"process_creation", "proc_creation_", true},
    {"registry_event", "registry_event_"},
    {"registry_add", "registry_add_"},
    {"registry_delete", "registry_delete_"},
    {"registry_set", "registry_set_"},
    {"registry_rename", "registry_rename_"},
    {"dns", "net_dns_"},
    {"firewall", "net_firewall_"},
    {"webserver", "web_"},
});

// Services of Windows whose start is not win_ and the service's own name.
constexpr auto kWindowsServices = std::to_array<Start>({
    {"applocker", "win_applocker_"},
    {"bits-client", "win_bits_client_"},
    {"codeintegrity-operational", "win_codeintegrity_"},
    {"diagnosis-scripted", "win_diagnosis_scripted_"},
    {"dns-server", "win_dns_server_"},
    {"dns-server-analytic", "win_dns_analytic_"},
    {"firewall-as", "win_firewall_as_"},
    {"msexchange-management", "win_exchange_"},
    {"openssh", "win_sshd_openssh_"},
    {"security", "win_security_"},
    {"security-mitigations", "win_security_mitigations_"},
    {"shell-core", "win_shell_core_"},
    {"system", "win_system_"},
    {"taskscheduler", "win_taskscheduler_"},
    {"terminalservices-localsessionmanager", "win_terminalservices_"},
    {"windefend", "win_defender_"},
    {"wmi", "win_wmi_"},
});

constexpr auto kLinuxServices = std::to_array<std::string_view>(
    {"auditd", "auth", "clamav", "cron", "guacamole", "sshd", "sudo", "syslog"});

std::string_view system_of(std::string_view product) {
  if (product == "windows") return "win_";
  if (product == "linux") return "lnx_";
  return product == "macos" ? "macos_" : "";
}

template <std::size_t N>
const Start* find(const std::array<Start, N>& starts, std::string_view name) {
  const auto found = std::find_if(starts.begin(), starts.end(),
                                  [name](const Start& start) { return start.name == name; });
  return found == starts.end() ? nullptr : &*found;
}

}  // namespace

std::string filename_prefix(const LogSourceSelector& source) {
  if (const Start* start = find(kProducts, source.product)) return std::string(start->prefix);
  if (const Start* start = find(kCategories, source.category)) {
    std::string prefix(start->prefix);
    if (start->has_system) prefix += system_of(source.product);
    return prefix;
  }
  if (source.product == "windows") {
    const Start* start = find(kWindowsServices, source.service);
    return start != nullptr ? std::string(start->prefix) : "";
  }
  const bool is_listed = std::find(kLinuxServices.begin(), kLinuxServices.end(), source.service) !=
                         kLinuxServices.end();
  return source.product == "linux" && is_listed ? "lnx_" + source.service + "_" : "";
}

std::string filename_problem(std::string_view path, const LogSourceSelector& source) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  if (!name.ends_with(".yml")) return "the file's name does not end with .yml";
  name.remove_suffix(4);
  const bool is_plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!is_plain) return "the file's name has other characters than a-z, 0-9 and '_'";
  if (name.size() < kMinNameBytes || name.size() > kMaxNameBytes) {
    return "the file's name has " + std::to_string(name.size()) + " characters, not " +
           std::to_string(kMinNameBytes) + " to " + std::to_string(kMaxNameBytes);
  }
  const std::string prefix = filename_prefix(source);
  if (name.starts_with(prefix)) return "";
  return "the file's name does not start with '" + prefix + "', as rules of this log source do";
}

}  // namespace catena::lint
