// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/message_entities.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/base/ip_network.h"
#include "engine/base/text_fold.h"

namespace catena::incident {
namespace {

bool is_token_end(char c) noexcept {
  return c == ' ' || c == ',' || c == ';' || c == '"' || c == '\'' || c == '=' || c == '<' ||
         c == '>' || c == '(' || c == ')' || c == '[' || c == ']' || c == '\t' || c == '\n';
}

bool has_digit_or_colon(std::string_view token) noexcept {
  return std::any_of(token.begin(), token.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == ':'; });
}

// "192.0.2.7:443" and "192.0.2.7." name the address 192.0.2.7.
std::string_view strip_port(std::string_view token) noexcept {
  while (!token.empty() && (token.back() == '.' || token.back() == ':')) token.remove_suffix(1);
  const std::size_t colon = token.find(':');
  const bool one_colon =
      colon != std::string_view::npos && token.find(':', colon + 1) == std::string_view::npos;
  return one_colon ? token.substr(0, colon) : token;
}

void add(std::vector<Entity>& out, EntityType type, std::string_view value) {
  out.push_back({type, folded(value)});
}

// The account after words that programs put before one.
constexpr std::array<std::string_view, 6> kAccountMarkers = {
    "for invalid user ", "Invalid user ", "password for ", "publickey for ", "user=", "acct="};

void append_account(std::string_view message, std::vector<Entity>& out) {
  for (const std::string_view marker : kAccountMarkers) {
    const std::size_t at = message.find(marker);
    if (at == std::string_view::npos) continue;
    std::string_view rest = message.substr(at + marker.size());
    if (rest.starts_with("invalid user ")) continue;
    if (!rest.empty() && rest.front() == '"') rest.remove_prefix(1);
    std::size_t end = 0;
    while (end < rest.size() && !is_token_end(rest[end])) ++end;
    if (end > 0) add(out, EntityType::kUser, rest.substr(0, end));
    return;
  }
}

void append_mail_address(std::string_view key, std::string_view address, std::vector<Entity>& out) {
  const std::size_t at = address.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 >= address.size()) return;
  add(out, EntityType::kMail, address);
  // A recipient is usually also an account of the same name.
  if (key == "to") add(out, EntityType::kUser, address.substr(0, at));
}

}  // namespace

void append_message_entities(std::string_view message, std::vector<Entity>& out) {
  message = message.substr(0, kMaxMessageBytes);
  const std::size_t limit = out.size() + kMaxPerMessage;
  append_account(message, out);
  std::string_view key;
  std::size_t i = 0;
  while (i < message.size() && out.size() < limit) {
    if (is_token_end(message[i])) {
      // A key reaches its value across "=<", "=[" and "=\""; any other break forgets it.
      if (message[i] == ' ' || message[i] == ',' || message[i] == ';') key = {};
      ++i;
      continue;
    }
    const std::size_t start = i;
    while (i < message.size() && !is_token_end(message[i])) ++i;
    const std::string_view token = message.substr(start, i - start);
    if (i < message.size() && message[i] == '=') {
      key = token;
      continue;
    }
    if ((key == "to" || key == "from") && token.find('@') != std::string_view::npos) {
      append_mail_address(key, token, out);
    } else if (has_digit_or_colon(token)) {
      const std::string_view host = strip_port(token);
      if (host.find_first_of(".:") != std::string_view::npos && parse_ip_address(host)) {
        add(out, EntityType::kIp, host);
      }
    }
  }
}

}  // namespace catena::incident
