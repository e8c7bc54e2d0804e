// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// IP addresses and networks, v4 and v6 in one form: an IPv4 address is its v4-mapped IPv6 address
// (::ffff:a.b.c.d, RFC 4291 §2.5.5.2), so a v4 network also holds mapped addresses, and a wider v6
// network, ::/0 say, holds no v4 address.
// Thread safety: pure values.
namespace catena {

using IpAddress = std::array<std::uint8_t, 16>;  // network byte order

// Dotted quad (exactly four decimal parts) or RFC 4291 text, also in brackets or with a %zone.
// nullopt for anything else, host names included.
[[nodiscard]] std::optional<IpAddress> parse_ip_address(std::string_view text) noexcept;

struct IpNetwork {
  IpAddress address{};             // host bits cleared
  std::uint8_t prefix_length = 0;  // of the 128-bit form: a v4 /8 is 104
  friend bool operator==(const IpNetwork&, const IpNetwork&) = default;
};

// "10.0.0.0/8", "2001:db8::/32", or a bare address (its own network). Host bits may be set.
[[nodiscard]] std::optional<IpNetwork> parse_ip_network(std::string_view text) noexcept;

[[nodiscard]] bool contains(const IpNetwork& network, const IpAddress& address) noexcept;

}  // namespace catena
