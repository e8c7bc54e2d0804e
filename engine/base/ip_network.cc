// SPDX-License-Identifier: Apache-2.0
#include "engine/base/ip_network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace catena {
namespace {

constexpr std::size_t kV4Offset = 12;
constexpr std::uint8_t kV4PrefixBits = 96;

bool parse_v4(const char* text, IpAddress& out) noexcept {
  out.fill(0);
  out[10] = 0xff;
  out[11] = 0xff;
  return inet_pton(AF_INET, text, out.data() + kV4Offset) == 1;
}

bool is_v4(const IpAddress& address) noexcept {
  return address[10] == 0xff && address[11] == 0xff &&
         std::all_of(address.begin(), address.begin() + 10, [](auto byte) { return byte == 0; });
}

void clear_host_bits(IpNetwork& network) noexcept {
  for (std::size_t i = 0; i < network.address.size(); ++i) {
    const std::size_t first_bit = i * 8;
    if (first_bit >= network.prefix_length) {
      network.address[i] = 0;
    } else if (network.prefix_length - first_bit < 8) {
      const auto keep = static_cast<unsigned>(network.prefix_length - first_bit);
      network.address[i] = static_cast<std::uint8_t>(network.address[i] & (0xff00U >> keep));
    }
  }
}

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) noexcept {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  const bool v6 = text.find(':') != std::string_view::npos;
  if (v6) {
    text = text.substr(0, text.find('%'));
  }
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (text.empty() || text.size() >= buffer.size()) return std::nullopt;
  std::memcpy(buffer.data(), text.data(), text.size());
  IpAddress address{};
  const bool ok = v6 ? inet_pton(AF_INET6, buffer.data(), address.data()) == 1
                     : parse_v4(buffer.data(), address);
  return ok ? std::optional<IpAddress>(address) : std::nullopt;
}

std::optional<IpNetwork> parse_ip_network(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  const std::string_view address_text = text.substr(0, slash);
  const auto address = parse_ip_address(address_text);
  if (!address) return std::nullopt;
  IpNetwork network{*address, 128};
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    const bool v6 = address_text.find(':') != std::string_view::npos;
    if (error != std::errc() || end != digits.data() + digits.size() || bits > (v6 ? 128U : 32U)) {
      return std::nullopt;
    }
    network.prefix_length = static_cast<std::uint8_t>(v6 ? bits : bits + kV4PrefixBits);
  }
  clear_host_bits(network);
  return network;
}

bool contains(const IpNetwork& network, const IpAddress& address) noexcept {
  if (network.prefix_length < kV4PrefixBits && is_v4(address)) return false;
  IpNetwork masked{address, network.prefix_length};
  clear_host_bits(masked);
  return masked.address == network.address;
}

}  // namespace catena
