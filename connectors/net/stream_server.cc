// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/stream_server.h"

#include <netinet/tcp.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "connectors/net/connection.h"
#include "connectors/net/transport.h"

namespace catena::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kTick{1'000};
// After accept() failed (no descriptor left): how long until it is tried again.
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr int kBacklog = 1024;

void set_option(tcp::socket& socket, int level, int name, int value) noexcept {
  static_cast<void>(setsockopt(socket.native_handle(), level, name, &value, sizeof value));
}

// Finds peers that are gone without a word within about two minutes.
void keep_alive(tcp::socket& socket) noexcept {
  set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, 60);
  set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, 15);
  set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, 4);
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
}

std::string name_of(const tcp::endpoint& endpoint) {
  return to_string(ListenAddress{endpoint.address().to_string(), endpoint.port()});
}

}  // namespace

class StreamServer::Running {
 public:
  Running(StreamServerOptions options, SessionFactory sessions, pipeline::ReceiverPort& port)
      : options_(std::move(options)), sessions_(std::move(sessions)), port_(port) {
    options_.threads = std::max(1U, options_.threads);
    for (unsigned i = 0; i < options_.threads; ++i) {
      threads_.push_back(std::make_unique<Thread>(*this));
    }
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { stop(); }

  Status start();
  void drain();
  void stop();
  Status reload_certificates();

  [[nodiscard]] const StreamServerOptions& options() const noexcept { return options_; }
  [[nodiscard]] const Figures& figures() const noexcept { return figures_; }
  [[nodiscard]] std::uint16_t bound_port() const noexcept { return bound_port_; }

 private:
  class Thread final : public ConnectionOwner {
   public:
    explicit Thread(Running& server) : server_(server), tick_(context_), room_(context_) {}

    [[nodiscard]] const StreamServerOptions& options() const noexcept override {
      return server_.options_;
    }
    [[nodiscard]] pipeline::ReceiverPort& port() noexcept override { return server_.port_; }
    [[nodiscard]] Figures& figures() noexcept override { return server_.figures_; }
    [[nodiscard]] asio::io_context& context() noexcept override { return context_; }
    void want_room() override;
    void closed(Connection& connection) override;

    void start();
    void adopt(tcp::socket socket, const tcp::endpoint& peer);
    void drain();
    void stop();

   private:
    void tick();
    [[nodiscard]] std::vector<std::shared_ptr<Connection>> connections() const;

    Running& server_;
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
    asio::steady_timer tick_;
    asio::steady_timer room_;
    bool room_is_coming_ = false;
    std::unordered_map<Connection*, std::pair<std::shared_ptr<Connection>, std::string>> open_;
    bool draining_ = false;
    std::thread thread_;
  };

  Status bind();
  void accept();
  void accepted(tcp::socket socket, const tcp::endpoint& peer, Thread& thread);
  [[nodiscard]] bool admit(const std::string& address);
  void leave(const std::string& address);
  [[nodiscard]] TlsContext tls();

  StreamServerOptions options_;
  SessionFactory sessions_;
  pipeline::ReceiverPort& port_;
  Figures figures_;
  std::mutex mutex_;  // of what follows
  std::map<std::string, std::size_t> per_address_;
  TlsContext tls_;

  std::vector<std::unique_ptr<Thread>> threads_;
  std::unique_ptr<tcp::acceptor> acceptor_;  // on the first thread
  std::unique_ptr<asio::steady_timer> accept_pause_;
  std::size_t next_thread_ = 0;
  std::uint16_t bound_port_ = 0;
  bool started_ = false;
};

// --- one thread ----------------------------------------------------------------------------------

void StreamServer::Running::Thread::start() {
  tick();
  thread_ = std::thread([this]() { context_.run(); });
}

std::vector<std::shared_ptr<Connection>> StreamServer::Running::Thread::connections() const {
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(open_.size());
  for (const auto& [pointer, entry] : open_) all.push_back(entry.first);
  return all;
}

void StreamServer::Running::Thread::tick() {
  tick_.expires_after(kTick);
  tick_.async_wait([this](const error_code& error) {
    if (error) return;
    const Clock::time_point now = Clock::now();
    for (const auto& connection : connections()) connection->tick(now);
    tick();
  });
}

void StreamServer::Running::Thread::want_room() {
  if (room_is_coming_) return;
  room_is_coming_ = true;
  room_.expires_after(kRoomInterval);
  room_.async_wait([this](const error_code& error) {
    room_is_coming_ = false;
    if (error) return;
    for (const auto& connection : connections()) connection->room();
  });
}

void StreamServer::Running::Thread::adopt(tcp::socket socket, const tcp::endpoint& peer) {
  const std::string address = peer.address().to_string();
  keep_alive(socket);
  const std::shared_ptr<Connection> connection =
      make_connection(*this, std::move(socket), server_.tls(), server_.options_,
                      server_.sessions_(), name_of(peer));
  open_.emplace(connection.get(), std::make_pair(connection, address));
  connection->open();
  if (draining_) connection->drain();
}

void StreamServer::Running::Thread::closed(Connection& connection) {
  const auto entry = open_.find(&connection);
  if (entry == open_.end()) return;
  server_.leave(entry->second.second);
  open_.erase(entry);
}

void StreamServer::Running::Thread::drain() {
  draining_ = true;
  for (const auto& connection : connections()) connection->drain();
}

void StreamServer::Running::Thread::stop() {
  asio::post(context_, [this]() {
    for (const auto& connection : connections()) connection->abort("");
    context_.stop();
  });
  if (thread_.joinable()) thread_.join();
  work_.reset();
}

// --- accepting -----------------------------------------------------------------------------------

Status StreamServer::Running::bind() {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(options_.address.host, error);
  const tcp::endpoint endpoint(address, options_.address.port);
  const auto failed = [this, &error](const char* what) {
    return io_error("listener " + options_.name + ": " + what + " " + to_string(options_.address) +
                    ": " + error.message());
  };
  if (error) return failed("cannot read the address");
  acceptor_ = std::make_unique<tcp::acceptor>(threads_[0]->context());
  acceptor_->open(endpoint.protocol(), error);
  if (error) return failed("cannot open a socket for");
  acceptor_->set_option(asio::socket_base::reuse_address(true), error);
  acceptor_->bind(endpoint, error);
  if (error) return failed("cannot bind");
  acceptor_->listen(kBacklog, error);
  if (error) return failed("cannot listen on");
  bound_port_ = acceptor_->local_endpoint(error).port();
  return ok_status();
}

Status StreamServer::Running::start() {
  RETURN_IF_ERROR(check_exposure(options_.name, options_.address, options_.tls.has_value(),
                                 options_.accept_plaintext));
  RETURN_IF_ERROR(reload_certificates());
  RETURN_IF_ERROR(bind());
  accept_pause_ = std::make_unique<asio::steady_timer>(threads_[0]->context());
  started_ = true;
  accept();
  for (const auto& thread : threads_) thread->start();
  return ok_status();
}

void StreamServer::Running::accept() {
  Thread& thread = *threads_[next_thread_];
  next_thread_ = (next_thread_ + 1) % threads_.size();
  acceptor_->async_accept(thread.context(),
                          [this, &thread](const error_code& error, tcp::socket socket) {
                            if (!acceptor_->is_open()) return;
                            if (!error) {
                              error_code gone;
                              const tcp::endpoint peer = socket.remote_endpoint(gone);
                              if (!gone) accepted(std::move(socket), peer, thread);
                              return accept();
                            }
                            accept_pause_->expires_after(kAcceptPause);
                            accept_pause_->async_wait([this](const error_code& cancelled) {
                              if (!cancelled && acceptor_->is_open()) accept();
                            });
                          });
}

void StreamServer::Running::accepted(tcp::socket socket, const tcp::endpoint& peer,
                                     Thread& thread) {
  if (!admit(peer.address().to_string())) {
    figures_.connections_refused_total.fetch_add(1, std::memory_order_relaxed);
    return;  // closes it
  }
  asio::post(thread.context(), [&thread, peer, moved = std::move(socket)]() mutable {
    thread.adopt(std::move(moved), peer);
  });
}

bool StreamServer::Running::admit(const std::string& address) {
  const std::lock_guard lock(mutex_);
  if (figures_.connections_open.load(std::memory_order_relaxed) >=
      options_.limits.max_connections) {
    return false;
  }
  std::size_t& count = per_address_[address];
  if (count >= options_.limits.max_connections_per_address) return false;
  ++count;
  figures_.connections_open.fetch_add(1, std::memory_order_relaxed);
  figures_.connections_total.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void StreamServer::Running::leave(const std::string& address) {
  const std::lock_guard lock(mutex_);
  figures_.connections_open.fetch_sub(1, std::memory_order_relaxed);
  const auto entry = per_address_.find(address);
  if (entry != per_address_.end() && --entry->second == 0) per_address_.erase(entry);
}

// --- the whole -----------------------------------------------------------------------------------

TlsContext StreamServer::Running::tls() {
  const std::lock_guard lock(mutex_);
  return tls_;
}

Status StreamServer::Running::reload_certificates() {
  if (!options_.tls) return ok_status();
  ASSIGN_OR_RETURN(TlsContext context, make_tls_context(*options_.tls));
  const std::lock_guard lock(mutex_);
  tls_ = std::move(context);
  return ok_status();
}

void StreamServer::Running::drain() {
  if (!started_) return;
  asio::post(threads_[0]->context(), [this]() {
    error_code ignored;
    acceptor_->close(ignored);
  });
  for (const auto& thread : threads_) {
    asio::post(thread->context(), [&thread = *thread]() { thread.drain(); });
  }
}

void StreamServer::Running::stop() {
  if (!started_) return;
  started_ = false;
  for (const auto& thread : threads_) thread->stop();
}

// --- the receiver --------------------------------------------------------------------------------

StreamServer::StreamServer(StreamServerOptions options, SessionFactory sessions,
                           pipeline::ReceiverPort& port)
    : running_(std::make_unique<Running>(std::move(options), std::move(sessions), port)) {}

StreamServer::~StreamServer() = default;

std::string_view StreamServer::name() const noexcept { return running_->options().name; }
Status StreamServer::start() { return running_->start(); }
void StreamServer::drain() { running_->drain(); }
void StreamServer::stop() { running_->stop(); }
std::uint16_t StreamServer::bound_port() const noexcept { return running_->bound_port(); }
Status StreamServer::reload_certificates() { return running_->reload_certificates(); }
const Figures& StreamServer::figures() const noexcept { return running_->figures(); }

void StreamServer::for_each_figure(
    const std::function<void(std::string_view name, std::uint64_t value)>& visit) const {
  running_->figures().for_each(visit);
}

}  // namespace catena::net
