// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"

// TLS of a listener: 1.2 and newer, AEAD ciphers with forward secrecy, no renegotiation and no
// compression; with `client_ca_file` both sides show a certificate. OpenSSL does the work.
// Secrets come from files alone, and a private key that others can read is refused.
// Thread safety: a finished context is shared by all threads.
namespace boost::asio::ssl {
class context;
}

namespace catena::net {

struct TlsOptions {
  std::string certificate_file;  // PEM, the chain behind the certificate
  std::string key_file;          // PEM, mode 0600 or 0400
  // Clients must show a certificate of one of these authorities.
  std::string client_ca_file;
  // And its subject's common name, or one of its DNS names, must be among these; empty: any.
  std::vector<std::string> client_names;
};

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

// kIo or kInvalidInput name the file.
[[nodiscard]] Result<TlsContext> make_tls_context(const TlsOptions& options);

// A file with a secret: regular, and without any right for group and others. kIo otherwise.
[[nodiscard]] Status check_secret_file(const std::string& path);

}  // namespace catena::net
