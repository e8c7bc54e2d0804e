// SPDX-License-Identifier: Apache-2.0
#include "engine/app/receiver_factory.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <utility>

#include "connectors/forward/forward_session.h"
#include "connectors/http/http_interfaces.h"
#include "connectors/lumberjack/lumberjack_session.h"
#include "connectors/net/access_tokens.h"
#include "connectors/net/listen_address.h"
#include "connectors/net/stream_server.h"
#include "connectors/relp/relp_session.h"
#include "connectors/syslog/stream_session.h"
#include "connectors/syslog/udp_receiver.h"
#include "connectors/tail/tail_receiver.h"
#include "rules/sigma/modifier.h"

namespace catena::app {
namespace {

using Made = Result<std::unique_ptr<pipeline::Receiver>>;

Status at(const daemon::ListenerConfig& listener, const std::string& reason) {
  return invalid_input(listener.place + ": listener " + listener.name + ": " + reason);
}

net::StreamServerOptions stream_options(const daemon::ListenerConfig& listener,
                                        const net::ListenAddress& address, net::Protocol protocol,
                                        PeerProblemLog log) {
  net::StreamServerOptions options;
  options.name = listener.name;
  options.address = address;
  options.accept_plaintext = listener.accept_plaintext;
  options.protocol = protocol;
  options.limits.max_connections = listener.max_connections;
  options.log = std::move(log);
  if (!listener.certificate_file.empty()) {
    options.tls = net::TlsOptions{listener.certificate_file, listener.key_file,
                                  listener.client_ca_file, listener.client_names};
  }
  return options;
}

Made make_syslog_stream(const daemon::ListenerConfig& listener, const net::ListenAddress& address,
                        pipeline::ReceiverPort& port, PeerProblemLog log) {
  const syslog::FramingOptions framing{listener.max_message_bytes};
  return std::unique_ptr<pipeline::Receiver>(std::make_unique<net::StreamServer>(
      stream_options(listener, address, net::Protocol::kSyslogStream, std::move(log)),
      [framing] { return std::make_unique<syslog::SyslogStreamSession>(framing); }, port));
}

Made make_stream(const daemon::ListenerConfig& listener, const net::ListenAddress& address,
                 net::Protocol protocol, net::SessionFactory sessions, pipeline::ReceiverPort& port,
                 PeerProblemLog log) {
  return std::unique_ptr<pipeline::Receiver>(std::make_unique<net::StreamServer>(
      stream_options(listener, address, protocol, std::move(log)), std::move(sessions), port));
}

Made make_relp(const daemon::ListenerConfig& listener, const net::ListenAddress& address,
               pipeline::ReceiverPort& port, PeerProblemLog log) {
  const relp::RelpOptions options{listener.max_message_bytes};
  return make_stream(
      listener, address, net::Protocol::kRelp,
      [options] { return std::make_unique<relp::RelpSession>(options); }, port, std::move(log));
}

Made make_lumberjack(const daemon::ListenerConfig& listener, const net::ListenAddress& address,
                     pipeline::ReceiverPort& port, PeerProblemLog log) {
  const auto session = [] {
    return std::make_unique<lumberjack::LumberjackSession>(lumberjack::LumberjackOptions{});
  };
  return make_stream(listener, address, net::Protocol::kLumberjack, session, port, std::move(log));
}

std::string make_nonce() {
  std::random_device random;
  std::string nonce;
  while (nonce.size() < forward::kNonceBytes) nonce += static_cast<char>(random() & 0xFFU);
  return nonce;
}

// The first line of token_file is the shared key.
Made make_forward(const daemon::ListenerConfig& listener, const net::ListenAddress& address,
                  pipeline::ReceiverPort& port, PeerProblemLog log) {
  forward::ForwardOptions options;
  options.nonce = make_nonce;
  if (!listener.token_file.empty()) {
    const Status safe = net::check_secret_file(listener.token_file);
    if (!safe.ok()) return at(listener, safe.message());
    std::ifstream file(listener.token_file);
    if (!std::getline(file, options.shared_key) || options.shared_key.empty()) {
      return at(listener, listener.token_file + ": its first line is to be the shared key");
    }
  }
  return make_stream(listener, address, net::Protocol::kForward,
                     forward::forward_sessions(std::move(options)), port, std::move(log));
}

Made make_http(const daemon::ListenerConfig& listener, const net::ListenAddress& address,
               pipeline::ReceiverPort& port, PeerProblemLog log) {
  net::AccessTokens tokens;
  if (!listener.token_file.empty()) {
    auto read = net::read_access_tokens(listener.token_file);
    if (!read.ok()) return at(listener, read.status().message());
    tokens = *std::move(read);
  }
  return make_stream(listener, address, net::Protocol::kBulk,
                     http::http_sessions({}, std::move(tokens)), port, std::move(log));
}

Made make_tail(const daemon::ListenerConfig& listener, const net::ListenAddress& /*address*/,
               pipeline::ReceiverPort& port, PeerProblemLog /*log*/) {
  tail::TailOptions options;
  options.name = listener.name;
  options.paths = listener.paths;
  options.state_file = listener.position_file;
  options.max_line_bytes = listener.max_message_bytes;
  return std::unique_ptr<pipeline::Receiver>(
      std::make_unique<tail::TailReceiver>(std::move(options), port));
}

Made make_syslog_udp(const daemon::ListenerConfig& listener, const net::ListenAddress& address,
                     pipeline::ReceiverPort& port, PeerProblemLog /*log*/) {
  syslog::UdpOptions options;
  options.name = listener.name;
  options.address = address;
  options.accept_plaintext = listener.accept_plaintext;
  options.max_message_bytes = listener.max_message_bytes;
  return std::unique_ptr<pipeline::Receiver>(
      std::make_unique<syslog::UdpReceiver>(std::move(options), port));
}

struct Protocol {
  std::string_view name;
  bool has_tls;
  bool needs_tls;
  Made (*make)(const daemon::ListenerConfig&, const net::ListenAddress&, pipeline::ReceiverPort&,
               PeerProblemLog);
};
constexpr Protocol kProtocols[] = {
    {"syslog-tcp", true, false, make_syslog_stream},
    {"syslog-tls", true, true, make_syslog_stream},
    {"syslog-udp", false, false, make_syslog_udp},
    {"relp", true, false, make_relp},
    {"lumberjack", true, false, make_lumberjack},
    {"forward", true, false, make_forward},
    {"http", true, false, make_http},
    {"https", true, true, make_http},
    {"tail", false, false, make_tail},
};

const Protocol* find_protocol(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kProtocols), std::end(kProtocols),
                                         [&](const Protocol& p) { return p.name == name; });
  return found == std::end(kProtocols) ? nullptr : found;
}

}  // namespace

std::vector<std::string_view> receiver_protocols() {
  std::vector<std::string_view> names;
  for (const Protocol& protocol : kProtocols) names.push_back(protocol.name);
  return names;
}

Status check_listener(const daemon::ListenerConfig& listener) {
  const Protocol* const protocol = find_protocol(listener.protocol);
  if (protocol == nullptr) {
    const std::string_view near = sigma::nearest_name(listener.protocol, receiver_protocols());
    return at(listener, "unknown protocol '" + listener.protocol + "'" +
                            (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?"));
  }
  const bool tls = !listener.certificate_file.empty() || !listener.key_file.empty();
  if (tls && !protocol->has_tls) return at(listener, listener.protocol + " has no TLS");
  if (tls && (listener.certificate_file.empty() || listener.key_file.empty())) {
    return at(listener, "certificate_file and key_file go together");
  }
  if (protocol->make == make_tail) {
    if (listener.paths.empty()) return at(listener, "paths is missing");
    if (listener.position_file.empty()) return at(listener, "position_file is missing");
    if (!listener.address.empty()) return at(listener, "tail has no address");
    return ok_status();
  }
  if (!listener.paths.empty() || !listener.position_file.empty()) {
    return at(listener, "paths and position_file are for protocol tail");
  }
  if (!tls && protocol->needs_tls) return at(listener, "certificate_file is missing");
  const auto address = net::parse_listen_address(listener.address);
  if (!address.ok()) return at(listener, address.status().message());
  const Status exposed =
      net::check_exposure(listener.name, *address, tls, listener.accept_plaintext);
  return exposed.ok() ? exposed : at(listener, exposed.message());
}

Result<std::unique_ptr<pipeline::Receiver>> make_receiver(const daemon::ListenerConfig& listener,
                                                          pipeline::ReceiverPort& port,
                                                          PeerProblemLog log) {
  RETURN_IF_ERROR(check_listener(listener));
  net::ListenAddress address;
  if (!listener.address.empty()) {
    ASSIGN_OR_RETURN(address, net::parse_listen_address(listener.address));
  }
  return find_protocol(listener.protocol)->make(listener, address, port, std::move(log));
}

}  // namespace catena::app
