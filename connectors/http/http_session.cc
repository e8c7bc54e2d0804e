// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/http_session.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cctype>
#include <utility>

namespace catena::http {

namespace {

namespace beast = boost::beast;
using beast::http::field;

std::string_view view(beast::string_view text) noexcept { return {text.data(), text.size()}; }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// "application/json" of "Application/JSON; charset=utf-8".
std::string media_type(std::string_view header) {
  return lower(trimmed(header.substr(0, header.find(';'))));
}

std::string_view reason_of(int status) noexcept {
  const auto text = beast::http::obsolete_reason(static_cast<beast::http::status>(status));
  return view(text);
}

// Of several open offers the one that the sender must hear of.
int severity(net::Verdict verdict) noexcept {
  switch (verdict) {
    case net::Verdict::kStopping:
      return 3;
    case net::Verdict::kOverloaded:
      return 2;
    case net::Verdict::kBad:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

struct HttpSession::Parser {
  beast::http::request_parser<beast::http::string_body> parser;
};

HttpSession::HttpSession(const HttpOptions& options, const net::AccessTokens& tokens,
                         Interfaces& interfaces)
    : options_(options), tokens_(tokens), interfaces_(interfaces) {
  next_request();
}

HttpSession::~HttpSession() = default;

void HttpSession::begin(std::string_view peer, net::Turn& turn) {
  static_cast<void>(turn);
  peer_ = peer;
}

void HttpSession::next_request() {
  parser_ = std::make_unique<Parser>();
  parser_->parser.header_limit(static_cast<std::uint32_t>(kMaxHeaderBytes));
  parser_->parser.body_limit(options_.max_body_bytes);
  parser_->parser.eager(true);
  request_ = Request{};
  header_taken_ = false;
}

bool HttpSession::is_mid_frame() const noexcept {
  return !waiting_ && (!buffer_.empty() || parser_->parser.got_some());
}

std::size_t HttpSession::held_bytes() const noexcept {
  return buffer_.size() + parser_->parser.get().body().capacity();
}

void HttpSession::receive(std::string_view bytes, net::Turn& turn) {
  buffer_.append(bytes);
  read_requests(turn);
}

void HttpSession::read_requests(net::Turn& turn) {
  while (!waiting_ && !turn.close && !turn.finish && !buffer_.empty() && read_request(turn)) {
  }
}

bool HttpSession::read_request(net::Turn& turn) {
  auto& parser = parser_->parser;
  std::size_t taken = 0;
  boost::system::error_code error;
  while (!parser.is_done() && taken < buffer_.size()) {
    const std::size_t some =
        parser.put(boost::asio::buffer(buffer_.data() + taken, buffer_.size() - taken), error);
    taken += some;
    if (error || some == 0) break;
    if (parser.is_header_done() && !header_taken_ && !take_header(turn)) return false;
  }
  buffer_.erase(0, taken);
  if (parser.is_header_done() && !header_taken_ && !take_header(turn)) return false;
  if (error && error != beast::http::error::need_more) {
    if (error == beast::http::error::body_limit) {
      if (!header_taken_) read_header();  // a length says it before the header is complete
      refuse(net::Verdict::kTooLarge, "", turn);
    } else {
      const bool is_long = error == beast::http::error::header_limit;
      respond({is_long ? 431 : 400, "text/plain", error.message() + "\n", {}, true}, turn);
    }
    return false;
  }
  if (!parser.is_done()) return false;
  take_request(turn);
  return true;
}

// False when the target is none.
bool HttpSession::read_header() {
  header_taken_ = true;
  const auto& message = parser_->parser.get();
  request_.method = std::string(view(message.method_string()));
  request_.peer = peer_;
  request_.content_type = media_type(view(message[field::content_type]));
  request_.user_agent = std::string(view(message[field::user_agent]));
  request_.accept = media_type(view(message[field::accept]));
  request_.channel = std::string(view(message["X-Splunk-Request-Channel"]));
  keep_alive_ = message.keep_alive();
  return parse_target(view(message.target()), request_);
}

// Everything that can be said before the body is here. False when the request ends with that.
bool HttpSession::take_header(net::Turn& turn) {
  if (!read_header()) {
    respond({400, "text/plain", "the request target is none\n", {}, true}, turn);
    return false;
  }
  const auto& message = parser_->parser.get();
  if (stopping_) {
    refuse(net::Verdict::kStopping, "", turn);
    return false;
  }
  if (!tokens_.empty() && !interfaces_.is_open(request_.path)) {
    const std::string* const user = tokens_.find_authorization(view(message[field::authorization]));
    if (user == nullptr) {
      refuse(net::Verdict::kUnauthorised,
             message[field::authorization].empty() ? "" : "the token is not known", turn);
      return false;
    }
    request_.user = *user;
  }
  const auto length = parser_->parser.content_length();
  if (length && *length > options_.max_body_bytes) {
    refuse(net::Verdict::kTooLarge, "", turn);
    return false;
  }
  if (lower(view(message[field::expect])) == "100-continue" && !parser_->parser.is_done()) {
    turn.answer += "HTTP/1.1 100 Continue\r\n\r\n";
  }
  return true;
}

Status HttpSession::expand_body(std::string& body) {
  const std::string encoding = lower(trimmed(view(parser_->parser.get()[field::content_encoding])));
  if (encoding.empty() || encoding == "identity") {
    body = std::move(parser_->parser.get().body());
    return ok_status();
  }
  net::Compression compression = net::Compression::kGzip;
  if (encoding == "deflate") {
    compression = net::Compression::kZlib;
  } else if (encoding == "zstd") {
    compression = net::Compression::kZstd;
  } else if (encoding != "gzip" && encoding != "x-gzip") {
    return unsupported("content encoding " + encoding);
  }
  // An empty body needs no envelope (a probe that says gzip and sends nothing).
  if (parser_->parser.get().body().empty()) return ok_status();
  return net::inflate(compression, parser_->parser.get().body(), options_.inflate, body);
}

void HttpSession::take_request(net::Turn& turn) {
  std::string body;
  const Status expanded = expand_body(body);
  if (!expanded.ok()) {
    if (expanded.code() == StatusCode::kLimit) {
      return refuse(net::Verdict::kTooLarge, expanded.message(), turn);
    }
    const int status = expanded.code() == StatusCode::kUnsupported ? 415 : 400;
    return respond({status, "text/plain", expanded.message() + "\n", {}, false}, turn);
  }
  const std::size_t size = body.size();
  body.resize(size + kBodyPadding, '\0');
  request_.body = std::string_view(body).substr(0, size);
  Intake intake = interfaces_.take(request_);
  request_.body = {};
  turn.duplicates += intake.duplicates;
  answer_ = std::move(intake.answer);
  worst_ = net::Verdict::kAccepted;
  std::erase_if(intake.offers, [](const net::RecordBuffer& offer) { return offer.empty(); });
  open_offers_ = intake.offers.size();
  if (open_offers_ == 0) return respond(answer_(net::Verdict::kAccepted), turn);
  waiting_ = true;
  parser_->parser.get().body() = {};
  std::move(intake.offers.begin(), intake.offers.end(), std::back_inserter(turn.offers));
}

void HttpSession::settle(const pipeline::Answer& answer, net::Turn& turn) {
  const net::Verdict verdict = net::verdict_of(answer.outcome);
  if (severity(verdict) > severity(worst_)) worst_ = verdict;
  if (open_offers_ == 0 || --open_offers_ != 0) return;
  waiting_ = false;
  respond(answer_(worst_), turn);
  read_requests(turn);
}

void HttpSession::refuse(net::Verdict verdict, std::string_view detail, net::Turn& turn) {
  if (verdict == net::Verdict::kUnauthorised) ++turn.unauthorised;
  respond(interfaces_.refusal(request_, verdict, detail), turn);
}

void HttpSession::respond(Response response, net::Turn& turn) {
  answer_ = nullptr;
  // What is left of a body that was refused by its header cannot be told from the next request.
  const bool in_step = parser_->parser.is_done();
  const bool close = response.close || !keep_alive_ || stopping_ || !in_step;
  std::string& out = turn.answer;
  out += "HTTP/1.1 " + std::to_string(response.status) + " ";
  out += reason_of(response.status);
  out += "\r\n";
  for (const auto& [name, value] : response.headers) out += name + ": " + value + "\r\n";
  if (response.status == 429 || response.status == 503) {
    out += "Retry-After: " + std::to_string(options_.retry_after_seconds) + "\r\n";
  }
  if (!response.content_type.empty()) out += "Content-Type: " + response.content_type + "\r\n";
  out += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  if (close) out += "Connection: close\r\n";
  out += "\r\n";
  if (request_.method != "HEAD") out += response.body;
  if (close) {
    turn.finish = true;
    buffer_.clear();
  }
  next_request();
}

// The request under way is answered; the next one is told to come back.
void HttpSession::stopping(net::Turn& turn) {
  stopping_ = true;
  if (!waiting_ && !is_mid_frame()) turn.finish = true;
}

}  // namespace catena::http
