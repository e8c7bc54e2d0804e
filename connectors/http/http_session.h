// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/http/message.h"
#include "connectors/net/access_tokens.h"
#include "connectors/net/figures.h"
#include "connectors/net/inflate.h"
#include "connectors/net/stream_session.h"

// HttpSession speaks HTTP/1.1 (RFC 9112; parsed by Boost.Beast) on one connection: it reads one
// request after the other, asks for a token, expands a compressed body, lets the interfaces behind
// it say what the request is, and answers when all of it is durable. It does not know what a body
// means. Pipelined requests are answered in order; "Expect: 100-continue" is answered.
// Bounds: kMaxHeaderBytes; a body as received and as expanded (HttpOptions).
// Thread safety: none; one per connection. Interfaces are shared by sessions and threads.
namespace catena::http {

inline constexpr std::size_t kMaxHeaderBytes = std::size_t{64} * 1024;

struct HttpOptions {
  std::size_t max_body_bytes = std::size_t{64} * 1024 * 1024;
  net::InflateLimit inflate;
  // Senders may repeat after this time; the value of Retry-After.
  unsigned retry_after_seconds = 5;
};

// The interfaces of a listener. One object serves all connections.
class Interfaces {
 public:
  Interfaces() = default;
  Interfaces(const Interfaces&) = delete;
  Interfaces& operator=(const Interfaces&) = delete;
  virtual ~Interfaces() = default;

  // Which protocol a path belongs to: decides how an error is told before there is a body.
  [[nodiscard]] virtual net::Protocol protocol_of(std::string_view path) const = 0;
  // Whether a path is answered without a token (HEC's health).
  [[nodiscard]] virtual bool is_open(std::string_view path) const = 0;
  // What the request is. Any thread.
  virtual Intake take(const Request& request) = 0;
  // The protocol's way to tell a verdict that is not kAccepted.
  [[nodiscard]] virtual Response refusal(const Request& request, net::Verdict verdict,
                                         std::string_view detail) const = 0;
};

class HttpSession final : public net::StreamSession {
 public:
  // All outlive the session. No tokens: everybody may send.
  HttpSession(const HttpOptions& options, const net::AccessTokens& tokens, Interfaces& interfaces);
  ~HttpSession() override;

  void begin(std::string_view peer, net::Turn& turn) override;
  void receive(std::string_view bytes, net::Turn& turn) override;
  void settle(const pipeline::Answer& answer, net::Turn& turn) override;
  void stopping(net::Turn& turn) override;
  [[nodiscard]] bool is_mid_frame() const noexcept override;
  [[nodiscard]] std::size_t held_bytes() const noexcept override;
  [[nodiscard]] bool wants_input() const noexcept override { return !waiting_; }

 private:
  struct Parser;

  void read_requests(net::Turn& turn);
  // False when more bytes are needed or the connection is over.
  bool read_request(net::Turn& turn);
  bool read_header();
  bool take_header(net::Turn& turn);
  void take_request(net::Turn& turn);
  [[nodiscard]] Status expand_body(std::string& body);
  void refuse(net::Verdict verdict, std::string_view detail, net::Turn& turn);
  void respond(Response response, net::Turn& turn);
  void next_request();

  const HttpOptions& options_;
  const net::AccessTokens& tokens_;
  Interfaces& interfaces_;
  std::string peer_;
  std::string buffer_;  // received and not yet parsed
  std::unique_ptr<Parser> parser_;
  Request request_;
  bool header_taken_ = false;
  bool keep_alive_ = true;
  bool stopping_ = false;
  // The request that waits for its offers.
  bool waiting_ = false;
  std::size_t open_offers_ = 0;
  net::Verdict worst_ = net::Verdict::kAccepted;
  std::function<Response(net::Verdict)> answer_;
};

}  // namespace catena::http
