// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/transport.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <utility>
#include <vector>

namespace catena::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class PlainConnection final : public Connection {
 public:
  PlainConnection(ConnectionOwner& owner, tcp::socket socket,
                  std::unique_ptr<StreamSession> session, std::string peer)
      : Connection(owner, std::move(session), std::move(peer)), socket_(std::move(socket)) {}

 private:
  void start_handshake(Transferred done) override { done(true, 0); }
  void start_read(char* bytes, std::size_t size, Transferred done) override {
    socket_.async_read_some(
        asio::buffer(bytes, size),
        [done = std::move(done)](const error_code& error, std::size_t n) { done(!error, n); });
  }
  void start_write(std::string_view bytes, Transferred done) override {
    asio::async_write(
        socket_, asio::buffer(bytes.data(), bytes.size()),
        [done = std::move(done)](const error_code& error, std::size_t n) { done(!error, n); });
  }
  void start_shutdown(Transferred done) override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    done(true, 0);
  }
  void close_socket() override {
    error_code ignored;
    socket_.close(ignored);
  }

  tcp::socket socket_;
};

// Common name and DNS names of a certificate.
std::vector<std::string> names_of(X509& certificate) {
  std::vector<std::string> names;
  char common_name[256];
  const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(&certificate), NID_commonName,
                                             common_name, sizeof common_name);
  if (size > 0) names.emplace_back(common_name, static_cast<std::size_t>(size));
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> alternatives(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  const int count = alternatives ? sk_GENERAL_NAME_num(alternatives.get()) : 0;
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(alternatives.get(), i);
    if (name->type != GEN_DNS) continue;
    names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                       static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
  }
  return names;
}

class TlsConnection final : public Connection {
 public:
  TlsConnection(ConnectionOwner& owner, tcp::socket socket, TlsContext tls,
                const std::vector<std::string>& client_names,
                std::unique_ptr<StreamSession> session, std::string peer)
      : Connection(owner, std::move(session), std::move(peer)),
        tls_(std::move(tls)),
        client_names_(client_names),
        stream_(std::move(socket), *tls_) {}

 private:
  void start_handshake(Transferred done) override {
    stream_.async_handshake(asio::ssl::stream_base::server,
                            [this, done = std::move(done)](const error_code& error) {
                              done(!error && is_welcome(), 0);
                            });
  }
  void start_read(char* bytes, std::size_t size, Transferred done) override {
    stream_.async_read_some(
        asio::buffer(bytes, size),
        [done = std::move(done)](const error_code& error, std::size_t n) { done(!error, n); });
  }
  void start_write(std::string_view bytes, Transferred done) override {
    asio::async_write(
        stream_, asio::buffer(bytes.data(), bytes.size()),
        [done = std::move(done)](const error_code& error, std::size_t n) { done(!error, n); });
  }
  void start_shutdown(Transferred done) override {
    stream_.async_shutdown([done = std::move(done)](const error_code& error) { done(!error, 0); });
  }
  void close_socket() override {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

  // The chain was verified by then; whether the name is a wanted one is asked here.
  bool is_welcome() {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        SSL_get_peer_certificate(stream_.native_handle()), &X509_free);
    if (!certificate) return client_names_.empty();
    const std::vector<std::string> names = names_of(*certificate);
    if (!names.empty()) add_to_peer(names.front());
    if (client_names_.empty()) return true;
    return std::any_of(names.begin(), names.end(), [this](const std::string& name) {
      return std::find(client_names_.begin(), client_names_.end(), name) != client_names_.end();
    });
  }

  TlsContext tls_;
  const std::vector<std::string>& client_names_;
  asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

std::shared_ptr<Connection> make_connection(ConnectionOwner& owner, tcp::socket socket,
                                            TlsContext tls, const StreamServerOptions& options,
                                            std::unique_ptr<StreamSession> session,
                                            std::string peer) {
  if (!tls) {
    return std::make_shared<PlainConnection>(owner, std::move(socket), std::move(session),
                                             std::move(peer));
  }
  return std::make_shared<TlsConnection>(owner, std::move(socket), std::move(tls),
                                         options.tls->client_names, std::move(session),
                                         std::move(peer));
}

}  // namespace catena::net
