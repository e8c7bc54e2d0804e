// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/tls.h"

#include <sys/stat.h>

#include <boost/asio/ssl/context.hpp>
#include <cerrno>
#include <cstring>

namespace catena::net {

namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

Status file_problem(const std::string& path, const error_code& error) {
  return invalid_input(path + ": " + error.message());
}

Status require_client_certificates(ssl::context& context, const TlsOptions& options) {
  error_code error;
  context.load_verify_file(options.client_ca_file, error);
  if (error) return file_problem(options.client_ca_file, error);
  context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, error);
  if (error) return internal_error("tls: " + error.message());
  STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(options.client_ca_file.c_str());
  if (names != nullptr) SSL_CTX_set_client_CA_list(context.native_handle(), names);
  // Without an id of the context, OpenSSL refuses to resume sessions of verified clients.
  static constexpr unsigned char kId[] = "catena";
  SSL_CTX_set_session_id_context(context.native_handle(), kId, sizeof kId - 1);
  return ok_status();
}

}  // namespace

Status check_secret_file(const std::string& path) {
  struct stat state {};
  if (stat(path.c_str(), &state) != 0) return io_error(path + ": " + std::strerror(errno));
  if (!S_ISREG(state.st_mode)) return io_error(path + ": not a regular file");
  if ((state.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return io_error(path + ": others may read this secret; chmod 600 it");
  }
  return ok_status();
}

Result<TlsContext> make_tls_context(const TlsOptions& options) {
  RETURN_IF_ERROR(check_secret_file(options.key_file));
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(
      native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
  error_code error;
  context->use_certificate_chain_file(options.certificate_file, error);
  if (error) return file_problem(options.certificate_file, error);
  context->use_private_key_file(options.key_file, ssl::context::pem, error);
  if (error) return file_problem(options.key_file, error);
  if (SSL_CTX_check_private_key(native) != 1) {
    return invalid_input(options.key_file + ": is not the key of " + options.certificate_file);
  }
  if (!options.client_ca_file.empty()) {
    RETURN_IF_ERROR(require_client_certificates(*context, options));
  } else if (!options.client_names.empty()) {
    return invalid_input("tls: client names need a client authority file");
  }
  return context;
}

}  // namespace catena::net
