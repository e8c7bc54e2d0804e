// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/admin_server.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>

namespace catena::daemon {
namespace {

namespace http = boost::beast::http;
using SteadyClock = std::chrono::steady_clock;

constexpr int kBacklog = 16;
constexpr int kAcceptWait = 200;  // milliseconds between looks at stopping_
constexpr std::chrono::seconds kTimeout{2};
constexpr std::chrono::seconds kAskTimeout{10};
constexpr std::size_t kMaxAnswerBytes = std::size_t{64} * 1024 * 1024;

Status system_error(const std::string& path) {
  return io_error(path + ": " + std::generic_category().message(errno));
}

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return invalid_input(path + ": a socket's path has 1 to 107 bytes");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

int connect_to(const sockaddr_un& address) {
  const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (file < 0) return -1;
  if (::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return file;
  }
  const int reason = errno;
  ::close(file);
  errno = reason;
  return -1;
}

bool wait_for(int file, short events, SteadyClock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
  pollfd waiting{file, events, 0};
  return left.count() > 0 && ::poll(&waiting, 1, static_cast<int>(left.count())) == 1;
}

// The bytes read, 0 at the end, negative on an error or when the time is over.
ssize_t read_some(int file, std::array<char, 4096>& bytes, SteadyClock::time_point deadline) {
  if (!wait_for(file, POLLIN, deadline)) return -1;
  return ::recv(file, bytes.data(), bytes.size(), 0);
}

bool write_all(int file, std::string_view bytes, SteadyClock::time_point deadline) {
  while (!bytes.empty()) {
    if (!wait_for(file, POLLOUT, deadline)) return false;
    const ssize_t wrote = ::send(file, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (wrote < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

}  // namespace

AdminServer::~AdminServer() { stop(); }

Status AdminServer::start(const std::string& path, Answer answer) {
  ASSIGN_OR_RETURN(const sockaddr_un address, address_of(path));
  const int other = connect_to(address);
  if (other >= 0) {
    ::close(other);
    return io_error(path + ": another process answers here");
  }
  if (errno == ECONNREFUSED) ::unlink(path.c_str());  // of a process that is gone
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener_ < 0) return system_error(path);
  // The mode is set before anybody can connect: nobody listens yet.
  const bool bound =
      ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (bound) path_ = path;
  if (!bound || ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 ||
      ::listen(listener_, kBacklog) != 0) {
    return system_error(path);
  }
  answer_ = std::move(answer);
  thread_ = std::thread([this] { serve(); });
  return {};
}

void AdminServer::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  if (listener_ >= 0) ::close(listener_);
  listener_ = -1;
  if (!path_.empty()) ::unlink(path_.c_str());
  path_.clear();
}

void AdminServer::serve() {
  while (!stopping_.load()) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, kAcceptWait) != 1) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    serve_one(connection);
    ::close(connection);
  }
}

void AdminServer::serve_one(int connection) const {
  const auto deadline = SteadyClock::now() + kTimeout;
  http::request_parser<http::string_body> parser;
  parser.header_limit(kMaxRequestBytes);
  parser.body_limit(kMaxRequestBytes);
  std::string received;
  std::array<char, 4096> bytes{};
  while (!parser.is_header_done()) {
    const ssize_t got = read_some(connection, bytes, deadline);
    if (got <= 0 || received.size() > kMaxRequestBytes) return;
    received.append(bytes.data(), static_cast<std::size_t>(got));
    boost::system::error_code error;
    const std::size_t used = parser.put(boost::asio::buffer(received), error);
    received.erase(0, used);
    if (error && error != http::error::need_more && !parser.is_header_done()) return;
  }
  const AdminAnswer answer =
      answer_({std::string(parser.get().method_string()), std::string(parser.get().target())});
  const std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " " +
                           std::string(http::obsolete_reason(http::int_to_status(answer.status))) +
                           "\r\nContent-Type: " + answer.content_type +
                           "\r\nContent-Length: " + std::to_string(answer.body.size()) +
                           "\r\nConnection: close\r\n\r\n";
  if (write_all(connection, head, deadline)) {
    write_all(connection, answer.body, SteadyClock::now() + kTimeout);
  }
}

Result<std::string> ask_admin(const std::string& path, const AdminRequest& request) {
  ASSIGN_OR_RETURN(const sockaddr_un address, address_of(path));
  const int file = connect_to(address);
  if (file < 0) return io_error(path + ": no daemon answers here (" + std::strerror(errno) + ")");
  const auto deadline = SteadyClock::now() + kAskTimeout;
  std::string answer;
  if (write_all(file,
                request.method + " " + request.target +
                    " HTTP/1.1\r\nHost: catena\r\nContent-Length: 0\r\n\r\n",
                deadline)) {
    std::array<char, 4096> bytes{};
    for (ssize_t got = read_some(file, bytes, deadline); got > 0 && answer.size() < kMaxAnswerBytes;
         got = read_some(file, bytes, deadline)) {
      answer.append(bytes.data(), static_cast<std::size_t>(got));
    }
  }
  ::close(file);
  const std::size_t body = answer.find("\r\n\r\n");
  if (body == std::string::npos || answer.size() < 12) return io_error(path + ": no answer");
  const std::string status = answer.substr(9, 3);
  std::string text = answer.substr(body + 4);
  if (status == "404") return not_found(text);
  if (status != "200") return invalid_input(text);
  return text;
}

}  // namespace catena::daemon
