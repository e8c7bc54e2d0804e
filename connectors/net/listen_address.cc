// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <charconv>
#include <cstring>

namespace catena::net {

namespace {

bool parse_port(std::string_view text, std::uint16_t& port) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool is_numeric_host(const std::string& host) noexcept {
  in6_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
  ListenAddress address;
  const std::size_t colon = text.rfind(':');
  const std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
  std::string_view host = colon == std::string_view::npos ? "" : text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!host.empty()) address.host = std::string(host);
  const bool is_v6 = address.host.find(':') != std::string::npos;
  if (!parse_port(port, address.port) || is_v6 != bracketed || !is_numeric_host(address.host)) {
    return invalid_input("'" + std::string(text) +
                         "' is no address to listen on; write 127.0.0.1:514 or [::1]:514");
  }
  return address;
}

std::string to_string(const ListenAddress& address) {
  const bool is_v6 = address.host.find(':') != std::string::npos;
  return (is_v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

bool is_loopback(const ListenAddress& address) noexcept {
  in_addr v4{};
  if (inet_pton(AF_INET, address.host.c_str(), &v4) == 1) {
    return (ntohl(v4.s_addr) >> 24) == 127;
  }
  in6_addr v6{};
  if (inet_pton(AF_INET6, address.host.c_str(), &v6) != 1) return false;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return v6.s6_addr[12] == 127;
  return IN6_IS_ADDR_LOOPBACK(&v6);
}

Status check_exposure(std::string_view listener, const ListenAddress& address, bool has_tls,
                      bool accept_plaintext) {
  if (has_tls || accept_plaintext || is_loopback(address)) return ok_status();
  return invalid_input("listener " + std::string(listener) + ": " + to_string(address) +
                       " is reachable from other machines without TLS; give it a certificate, "
                       "bind 127.0.0.1, or set accept_plaintext: true");
}

}  // namespace catena::net
