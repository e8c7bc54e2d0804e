// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

// The tokens that may send to a listener. Only their SHA-256 is kept; a token is 256 random bits,
// so no slow hash is needed. Looking one up takes the same time whichever it is, and whether or not
// it is there. Thread safety: const methods from any thread.
namespace catena::net {

class AccessTokens {
 public:
  static constexpr std::size_t kMaxTokens = 1024;
  static constexpr std::size_t kMaxTokenBytes = 1024;

  // `sha256` in hexadecimal, as `printf %s TOKEN | sha256sum` prints it; `name` says whose it is.
  Status add(std::string_view sha256, std::string name);

  [[nodiscard]] bool empty() const noexcept { return tokens_.empty(); }
  // Whose token it is; null when nobody's.
  [[nodiscard]] const std::string* find(std::string_view token) const;
  // The same for the value of an HTTP header Authorization: "Bearer TOKEN", "Splunk TOKEN",
  // "Basic base64(NAME:TOKEN)", "ApiKey base64(ID:TOKEN)".
  [[nodiscard]] const std::string* find_authorization(std::string_view header) const;

 private:
  using Digest = std::array<std::uint8_t, 32>;
  struct Token {
    Digest digest{};
    std::string name;
  };
  std::vector<Token> tokens_;
};

// A file of lines "NAME SHA256", with blank lines and comments behind '#', readable by its owner
// alone. At least one token, so that an empty file does not let everybody in. kIo, or kInvalidInput
// with the line.
[[nodiscard]] Result<AccessTokens> read_access_tokens(const std::string& path);

// RFC 4648, with or without padding; nullopt when it is none.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace catena::net
