// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>

#include "connectors/net/connection.h"

// The two kinds of Connection: over the socket as it is, or over TLS on it.
// Internal to connectors/net.
namespace catena::net {

// Plain when `tls` is null.
[[nodiscard]] std::shared_ptr<Connection> make_connection(
    ConnectionOwner& owner, boost::asio::ip::tcp::socket socket, TlsContext tls,
    const StreamServerOptions& options, std::unique_ptr<StreamSession> session, std::string peer);

}  // namespace catena::net
