// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/hub.h"

#include <algorithm>
#include <array>

#include "engine/base/ip_network.h"
#include "engine/base/text_fold.h"

namespace catena::incident {
namespace {

constexpr std::array<std::string_view, 24> kRootImages = {
    // Windows
    "system", "smss.exe", "csrss.exe", "wininit.exe", "winlogon.exe", "services.exe", "lsass.exe",
    "svchost.exe", "explorer.exe", "userinit.exe", "wmiprvse.exe", "wsmprovhost.exe", "dllhost.exe",
    "taskhostw.exe", "lsaiso.exe",
    // Unix
    "init", "systemd", "sshd", "cron", "crond", "containerd-shim", "containerd-shim-runc-v2",
    "kubelet", "launchd"};

constexpr std::array<std::string_view, 19> kHubUsers = {"system",
                                                        "local service",
                                                        "network service",
                                                        "anonymous logon",
                                                        "window manager",
                                                        "font driver host",
                                                        "localsystem",
                                                        "local system",
                                                        "iusr",
                                                        "root",
                                                        "nobody",
                                                        "-",
                                                        "",
                                                        "s-1-5-18",
                                                        "s-1-5-19",
                                                        "s-1-5-20",
                                                        "s-1-0-0",
                                                        "s-1-5-7",
                                                        "n/a"};

constexpr std::array<std::string_view, 6> kHubLogons = {"0x3e7", "0x3e4", "0x3e5", "0x0", "0", "-"};

// Not a peer: loopback, unspecified, link-local, multicast, broadcast, and the platform address of
// a public cloud that every virtual machine talks to.
constexpr std::array<std::string_view, 9> kHubNetworks = {
    "127.0.0.0/8",      "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32",
    "168.63.129.16/32", "::1/128",   "fe80::/10",      "ff00::/8"};

template <std::size_t N>
bool listed(const std::array<std::string_view, N>& list, std::string_view value) noexcept {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool is_hub_ip(std::string_view value) noexcept {
  const auto address = parse_ip_address(value);
  if (!address || *address == IpAddress{}) return true;
  return std::any_of(kHubNetworks.begin(), kHubNetworks.end(), [&](std::string_view text) {
    const auto network = parse_ip_network(text);
    return network && contains(*network, *address);
  });
}

bool is_hub_user(std::string_view value) noexcept {
  return listed(kHubUsers, value) || value.ends_with('$') || value.starts_with("dwm-") ||
         value.starts_with("umfd-");
}

bool value_is_guid(std::string_view value) noexcept { return value.starts_with("guid:"); }

// Sysmon's logon GUIDs end with the logon id, least significant byte first: those of the system and
// service accounts (0x3e7, 0x3e4, 0x3e5) and of nobody.
constexpr std::array<std::string_view, 4> kHubLogonGuidEnds = {
    "-e703-000000000000", "-e403-000000000000", "-e503-000000000000", "-0000-000000000000"};

bool is_hub_logon_guid(std::string_view value) noexcept {
  return std::any_of(kHubLogonGuidEnds.begin(), kHubLogonGuidEnds.end(),
                     [&](std::string_view end) { return value.ends_with(end); });
}

}  // namespace

bool is_static_hub(const Entity& entity) noexcept {
  switch (entity.type) {
    case EntityType::kUser:
      return is_hub_user(entity.value);
    case EntityType::kIp:
      return is_hub_ip(entity.value);
    case EntityType::kLogon: {
      if (value_is_guid(entity.value)) return is_hub_logon_guid(entity.value);
      const std::size_t bar = entity.value.find('|');
      return bar != std::string::npos &&
             listed(kHubLogons, std::string_view(entity.value).substr(bar + 1));
    }
    default:
      return entity.value.empty();
  }
}

bool is_root_image(std::string_view image) noexcept {
  const std::size_t separator = image.find_last_of("\\/");
  if (separator != std::string_view::npos) image.remove_prefix(separator + 1);
  return listed(kRootImages, folded(image));
}

}  // namespace catena::incident
