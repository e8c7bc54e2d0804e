// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

// Where a receiver listens, and whether it may. Numeric addresses only: what a name resolves to can
// change behind the back of the rule below. Thread safety: value type and pure functions.
namespace catena::net {

struct ListenAddress {
  std::string host = "127.0.0.1";  // numeric, IPv6 without brackets
  std::uint16_t port = 0;          // 0: any free one
};

// "127.0.0.1:514", "[::1]:6514", "0.0.0.0:514", ":514" and "514" (loopback).
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text);
[[nodiscard]] std::string to_string(const ListenAddress& address);

// 127.0.0.0/8, ::1, and IPv4 loopback inside IPv6.
[[nodiscard]] bool is_loopback(const ListenAddress& address) noexcept;

// Secure by default: beyond loopback a receiver speaks TLS, or somebody has said in so many words
// that it may not. `listener` is for the message.
[[nodiscard]] Status check_exposure(std::string_view listener, const ListenAddress& address,
                                    bool has_tls, bool accept_plaintext);

}  // namespace catena::net
