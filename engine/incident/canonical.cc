// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/canonical.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/base/ip_network.h"
#include "engine/base/text_fold.h"

namespace catena::incident {

std::string canonical_host(std::string_view text) {
  if (const auto ip = canonical_ip(text)) return *ip;
  return folded(text.substr(0, text.find('.')));
}

std::string canonical_user(std::string_view text) {
  if (const std::size_t slash = text.find('\\'); slash != std::string_view::npos) {
    text.remove_prefix(slash + 1);
  }
  if (const std::size_t at = text.find('@'); at != std::string_view::npos && at > 0) {
    text = text.substr(0, at);
  }
  return folded(text);
}

std::optional<std::string> canonical_ip(std::string_view text) {
  const auto address = parse_ip_address(text);
  if (!address) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const bool v4 = std::all_of(address->begin(), address->begin() + 10,
                              [](std::uint8_t byte) { return byte == 0; }) &&
                  (*address)[10] == 0xff && (*address)[11] == 0xff;
  inet_ntop(v4 ? AF_INET : AF_INET6, address->data() + (v4 ? 12 : 0), buffer.data(),
            static_cast<socklen_t>(buffer.size()));
  return std::string(buffer.data());
}

std::optional<std::string> canonical_guid(std::string_view text) {
  constexpr std::size_t kLeastGuidBytes = 32;
  if (text.size() >= 2 && text.front() == '{' && text.back() == '}') {
    text = text.substr(1, text.size() - 2);
  }
  if (text.size() < kLeastGuidBytes || text.find_first_not_of("0-") == std::string_view::npos) {
    return std::nullopt;
  }
  return folded(text);
}

std::optional<std::uint64_t> parse_number_id(std::string_view text) noexcept {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    base = 16;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string pid_value(std::string_view host, std::uint64_t pid) {
  return std::string(host) + "|pid:" + std::to_string(pid);
}

std::string logon_value(std::string_view host, std::uint64_t logon) {
  std::array<char, 20> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), logon, 16);
  return std::string(host) + "|0x" + std::string(buffer.data(), result.ptr);
}

std::string account_value(std::string_view host, std::string_view user) {
  return std::string(host) + "|" + std::string(user);
}

std::string_view powershell_host_id(std::string_view text) noexcept {
  constexpr std::size_t kGuidBytes = 36;
  text = text.substr(0, kMaxHostIdSearch);
  for (const std::string_view mark : {"HostId=", "Host ID = "}) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) continue;
    const std::string_view id = text.substr(at + mark.size(), kGuidBytes);
    const bool whole = id.size() == kGuidBytes &&
                       id.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos;
    return whole ? id : std::string_view();
  }
  return {};
}

bool is_private_ip(std::string_view canonical) noexcept {
  static const std::array<IpNetwork, 5> kPrivate = [] {
    std::array<IpNetwork, 5> networks;
    constexpr std::array<std::string_view, 5> kTexts = {
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"};
    for (std::size_t i = 0; i < kTexts.size(); ++i) networks[i] = *parse_ip_network(kTexts[i]);
    return networks;
  }();
  const auto address = parse_ip_address(canonical);
  return address && std::any_of(kPrivate.begin(), kPrivate.end(), [&](const IpNetwork& network) {
           return contains(network, *address);
         });
}

}  // namespace catena::incident
