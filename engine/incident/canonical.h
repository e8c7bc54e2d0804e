// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The one form in which a host, an account, an address, a process or a logon session is written,
// however a log spells it: what makes two records meet. Thread safety: pure functions.
namespace catena::incident {

// Lower-case name up to the first dot; an address whole.
[[nodiscard]] std::string canonical_host(std::string_view text);
// Lower case, without "DOMAIN\" and "@domain".
[[nodiscard]] std::string canonical_user(std::string_view text);
// nullopt when the text is no address.
[[nodiscard]] std::optional<std::string> canonical_ip(std::string_view text);
// Lower case without braces; nullopt when the text is no GUID or an all-zero one.
[[nodiscard]] std::optional<std::string> canonical_guid(std::string_view text);
// "0x1a2b" and "6699" are the same process or logon id.
[[nodiscard]] std::optional<std::uint64_t> parse_number_id(std::string_view text) noexcept;

// Process ids up to this one are the kernel's own.
inline constexpr std::uint64_t kLastKernelProcess = 4;

// Values of entities: "host|pid:6699", "host|0x1a2b".
[[nodiscard]] std::string pid_value(std::string_view host, std::uint64_t pid);
[[nodiscard]] std::string logon_value(std::string_view host, std::uint64_t logon);
// "host|account": an account acting from a host.
[[nodiscard]] std::string account_value(std::string_view host, std::string_view user);

// A PowerShell host, that is one process running PowerShell, has a GUID of its own, which its
// records name in their text ("HostId=…", "Host ID = …") where they name no process. "" when the
// text has none in its first kMaxHostIdSearch bytes.
inline constexpr std::size_t kMaxHostIdSearch = 8192;
[[nodiscard]] std::string_view powershell_host_id(std::string_view text) noexcept;

// Address ranges that a network gives its own machines (RFC 1918, RFC 4193, RFC 6598).
[[nodiscard]] bool is_private_ip(std::string_view canonical) noexcept;

}  // namespace catena::incident
