// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/access_tokens.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "connectors/net/tls.h"

namespace catena::net {

namespace {

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool starts_with_word(std::string_view text, std::string_view word) noexcept {
  return text.size() > word.size() && text[word.size()] == ' ' &&
         std::equal(word.begin(), word.end(), text.begin(),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
}

}  // namespace

Status AccessTokens::add(std::string_view sha256, std::string name) {
  if (tokens_.size() >= kMaxTokens) return limit_exceeded("more than 1024 tokens");
  Token token{{}, std::move(name)};
  if (sha256.size() != token.digest.size() * 2) {
    return invalid_input("token " + token.name + ": a SHA-256 has 64 hexadecimal digits");
  }
  for (std::size_t i = 0; i < token.digest.size(); ++i) {
    const int high = hex_value(sha256[2 * i]);
    const int low = hex_value(sha256[2 * i + 1]);
    if (high < 0 || low < 0) {
      return invalid_input("token " + token.name + ": a SHA-256 has 64 hexadecimal digits");
    }
    token.digest[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  tokens_.push_back(std::move(token));
  return ok_status();
}

const std::string* AccessTokens::find(std::string_view text) const {
  if (text.empty() || text.size() > kMaxTokenBytes) return nullptr;
  Digest digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    return nullptr;
  }
  const std::string* found = nullptr;
  for (const Token& token : tokens_) {
    if (CRYPTO_memcmp(token.digest.data(), digest.data(), digest.size()) == 0) found = &token.name;
  }
  return found;
}

const std::string* AccessTokens::find_authorization(std::string_view header) const {
  const std::size_t space = header.find(' ');
  if (space == std::string_view::npos) return nullptr;
  const std::string_view value = header.substr(space + 1);
  if (starts_with_word(header, "bearer") || starts_with_word(header, "splunk")) return find(value);
  if (!starts_with_word(header, "basic") && !starts_with_word(header, "apikey")) return nullptr;
  const std::optional<std::string> pair = decode_base64(value);
  if (!pair) return nullptr;
  const std::size_t colon = pair->find(':');
  if (colon == std::string::npos) return nullptr;
  return find(std::string_view(*pair).substr(colon + 1));
}

Result<AccessTokens> read_access_tokens(const std::string& path) {
  RETURN_IF_ERROR(check_secret_file(path));
  std::ifstream file(path);
  AccessTokens tokens;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string name;
    std::string digest;
    std::string more;
    if (!(words >> name)) continue;
    words >> digest;
    const Status status = words >> more ? invalid_input("a name and a SHA-256 are expected")
                                        : tokens.add(digest, name);
    if (!status.ok()) {
      return invalid_input(path + ":" + std::to_string(number) + ": " + status.message());
    }
  }
  if (tokens.empty()) return invalid_input(path + ": no token in it");
  return tokens;
}

std::optional<std::string> decode_base64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z') {
      value = static_cast<std::uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      value = static_cast<std::uint32_t>(c - 'a') + 26;
    } else if (c >= '0' && c <= '9') {
      value = static_cast<std::uint32_t>(c - '0') + 52;
    } else if (c == '+' || c == '-') {
      value = 62;
    } else if (c == '/' || c == '_') {
      value = 63;
    } else {
      return std::nullopt;
    }
    bits = (bits << 6U | value) & 0xFFFFFFU;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU));
    }
  }
  if (count == 6) return std::nullopt;  // a single character says nothing
  return out;
}

}  // namespace catena::net
