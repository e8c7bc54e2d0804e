// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/squid_line.h"

#include <algorithm>
#include <array>

namespace catena::codec {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::string_view unless_dash(std::string_view word) noexcept {
  return word == "-" ? std::string_view() : word;
}

// "http://user@host:port/path" or, for CONNECT, "host:port".
std::string_view host_of(std::string_view url) noexcept {
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
    url.remove_prefix(scheme + 3);
  }
  url = url.substr(0, url.find('/'));
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos)
    url.remove_prefix(at + 1);
  const std::size_t colon = url.rfind(':');
  if (colon != std::string_view::npos && all_digits(url.substr(colon + 1))) {
    url = url.substr(0, colon);
  }
  return url;
}

// "1286536308.779"
std::optional<Timestamp> time_of(std::string_view word) noexcept {
  const std::size_t dot = word.find('.');
  if (dot == std::string_view::npos || dot < 9 || !all_digits(word.substr(0, dot)) ||
      !all_digits(word.substr(dot + 1))) {
    return std::nullopt;
  }
  return parse_epoch(word);
}

}  // namespace

std::optional<SquidLine> parse_squid_line(std::string_view line) {
  std::array<std::string_view, 10> words;
  std::size_t count = 0;
  for (std::size_t at = 0; at < line.size() && count < words.size();) {
    while (at < line.size() && line[at] == ' ') ++at;
    const std::size_t end = std::min(line.find(' ', at), line.size());
    if (end > at) words[count++] = line.substr(at, end - at);
    at = end;
  }
  if (count < words.size()) return std::nullopt;
  const auto time = time_of(words[0]);
  const std::size_t slash = words[3].find('/');
  if (!time || !all_digits(words[1]) || slash == std::string_view::npos ||
      !all_digits(words[3].substr(slash + 1)) || !all_digits(words[4])) {
    return std::nullopt;
  }
  SquidLine squid;
  squid.time = *time;
  squid.client = unless_dash(words[2]);
  squid.result = words[3].substr(0, slash);
  squid.status = words[3].substr(slash + 1);
  squid.bytes = words[4];
  squid.method = unless_dash(words[5]);
  squid.url = unless_dash(words[6]);
  squid.host = host_of(squid.url);
  squid.user = unless_dash(words[7]);
  const std::size_t peer = words[8].find('/');
  if (peer != std::string_view::npos) squid.peer = unless_dash(words[8].substr(peer + 1));
  squid.content_type = unless_dash(words[9]);
  return squid;
}

}  // namespace catena::codec
