// SPDX-License-Identifier: Apache-2.0
#include "connectors/syslog/udp_receiver.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "connectors/net/record_buffer.h"

namespace catena::syslog {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxDatagramBytes = 65'536;
constexpr std::chrono::milliseconds kRepeatPause{20};
constexpr std::chrono::milliseconds kLongestWait{200};

void add(net::Figures::Count& count, std::uint64_t value) noexcept {
  count.fetch_add(value, std::memory_order_relaxed);
}
void subtract(net::Figures::Count& count, std::uint64_t value) noexcept {
  count.fetch_sub(value, std::memory_order_relaxed);
}

// Answers on their way from the journal's thread to a socket's.
class Answers {
 public:
  Answers() : wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;
  ~Answers() { ::close(wake_); }

  void put(std::uint64_t ticket, pipeline::Outcome outcome) {
    {
      const std::lock_guard lock(mutex_);
      answers_.emplace_back(ticket, outcome);
    }
    wake();
  }
  void wake() const noexcept {
    const std::uint64_t one = 1;
    static_cast<void>(::write(wake_, &one, sizeof one) == sizeof one);
  }
  [[nodiscard]] int descriptor() const noexcept { return wake_; }
  void take(std::vector<std::pair<std::uint64_t, pipeline::Outcome>>& into) {
    std::uint64_t count = 0;
    static_cast<void>(::read(wake_, &count, sizeof count) == sizeof count);
    into.clear();
    const std::lock_guard lock(mutex_);
    std::swap(into, answers_);
  }

 private:
  int wake_;
  std::mutex mutex_;
  std::vector<std::pair<std::uint64_t, pipeline::Outcome>> answers_;
};

union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

socklen_t fill(SocketAddress& address, const net::ListenAddress& from) noexcept {
  std::memset(&address, 0, sizeof address);
  if (inet_pton(AF_INET, from.host.c_str(), &address.v4.sin_addr) == 1) {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = htons(from.port);
    return sizeof address.v4;
  }
  inet_pton(AF_INET6, from.host.c_str(), &address.v6.sin6_addr);
  address.v6.sin6_family = AF_INET6;
  address.v6.sin6_port = htons(from.port);
  return sizeof address.v6;
}

std::string name_of(const SocketAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool is_v4 = address.any.sa_family == AF_INET;
  const void* const bytes =
      is_v4 ? static_cast<const void*>(&address.v4.sin_addr) : &address.v6.sin6_addr;
  if (inet_ntop(address.any.sa_family, bytes, text.data(), text.size()) == nullptr) return {};
  return to_string(
      net::ListenAddress{text.data(), ntohs(is_v4 ? address.v4.sin_port : address.v6.sin6_port)});
}

bool is_same(const SocketAddress& a, const SocketAddress& b, socklen_t size) noexcept {
  return std::memcmp(&a, &b, size) == 0;
}

}  // namespace

// One socket and its thread.
class UdpReceiver::Socket {
 public:
  Socket(const UdpOptions& options, pipeline::ReceiverPort& port, net::Figures& figures)
      : options_(options), port_(port), figures_(figures), gathered_(options.max_message_bytes) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    stop();
    if (socket_ >= 0) ::close(socket_);
  }

  // Sets the port in `address` when it was 0.
  Status bind(net::ListenAddress& address, std::uint64_t& granted);
  void start() {
    thread_ = std::thread([this]() { run(); });
  }
  void drain() noexcept {
    draining_.store(true);
    answers_->wake();
  }
  void stop() {
    stopping_.store(true);
    answers_->wake();
    if (thread_.joinable()) thread_.join();
  }

 private:
  struct Offer {
    net::RecordBuffer records;
    std::string peer;
    std::uint64_t ticket = 0;
    bool repeat = false;
  };
  struct Bunch;

  void run();
  void wait(bool may_receive);
  [[nodiscard]] bool may_receive() const noexcept;
  void receive(Bunch& bunch);
  void take_datagram(const mmsghdr& message, std::string_view bytes);
  void note_peer(const SocketAddress& address, socklen_t size);
  void count_drops(const msghdr& header);
  void offer_gathered();
  void offer(Offer& offer);
  void take_answers();
  void repeat_offers();
  void settled(std::deque<Offer>::iterator offer, net::Figures::Count& count);

  const UdpOptions& options_;
  pipeline::ReceiverPort& port_;
  net::Figures& figures_;
  int socket_ = -1;
  std::thread thread_;
  std::atomic<bool> draining_{false};
  std::atomic<bool> stopping_{false};
  std::shared_ptr<Answers> answers_ = std::make_shared<Answers>();  // outlives us in late answers

  std::vector<std::pair<std::uint64_t, pipeline::Outcome>> taken_;
  net::RecordBuffer gathered_;
  Clock::time_point gathered_since_;
  SocketAddress peer_{};
  bool one_peer_ = true;
  std::deque<Offer> offers_;
  std::vector<net::RecordBuffer> spare_;
  std::uint64_t next_ticket_ = 0;
  std::size_t in_flight_ = 0;
  std::optional<Clock::time_point> repeat_at_;
  std::uint32_t drops_ = 0;  // as the kernel last said
};

struct UdpReceiver::Socket::Bunch {
  struct Control {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint32_t))> bytes;
  };
  std::vector<char> bytes = std::vector<char>(kBunch * kMaxDatagramBytes);
  std::array<mmsghdr, kBunch> messages{};
  std::array<iovec, kBunch> parts{};
  std::array<SocketAddress, kBunch> peers{};
  std::array<Control, kBunch> controls{};

  // recvmmsg() overwrites the lengths.
  void prepare() noexcept {
    for (std::size_t i = 0; i < kBunch; ++i) {
      parts[i] = {bytes.data() + i * kMaxDatagramBytes, kMaxDatagramBytes};
      msghdr& header = messages[i].msg_hdr;
      header.msg_name = &peers[i];
      header.msg_namelen = sizeof peers[i];
      header.msg_iov = &parts[i];
      header.msg_iovlen = 1;
      header.msg_control = controls[i].bytes.data();
      header.msg_controllen = controls[i].bytes.size();
    }
  }
};

Status UdpReceiver::Socket::bind(net::ListenAddress& address, std::uint64_t& granted) {
  const auto failed = [&](const char* what) {
    return io_error("listener " + options_.name + ": " + what + " " + to_string(address) + ": " +
                    std::strerror(errno));
  };
  SocketAddress bound{};
  socklen_t size = fill(bound, address);
  socket_ = ::socket(bound.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket_ < 0) return failed("cannot open a socket for");
  const int on = 1;
  if (setsockopt(socket_, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
    return failed("cannot share");
  }
  static_cast<void>(setsockopt(socket_, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on));
  const int wanted =
      static_cast<int>(std::min<std::size_t>(options_.receive_buffer_bytes, std::size_t{1} << 30U));
  if (setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof wanted) != 0) {
    static_cast<void>(setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted));
  }
  int got = 0;
  socklen_t got_size = sizeof got;
  if (getsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &got, &got_size) == 0) {
    granted += static_cast<std::uint64_t>(got);
  }
  if (::bind(socket_, &bound.any, size) != 0) return failed("cannot bind");
  size = sizeof bound;
  if (getsockname(socket_, &bound.any, &size) != 0) return failed("cannot name");
  address.port = ntohs(bound.any.sa_family == AF_INET ? bound.v4.sin_port : bound.v6.sin6_port);
  return ok_status();
}

bool UdpReceiver::Socket::may_receive() const noexcept {
  return !draining_.load() && !repeat_at_ && in_flight_ <= options_.max_in_flight &&
         !port_.overloaded();
}

void UdpReceiver::Socket::run() {
  const auto bunch = std::make_unique<Bunch>();
  while (!stopping_.load()) {
    const bool receiving = may_receive();
    wait(receiving);
    take_answers();
    repeat_offers();
    if (receiving) receive(*bunch);
    const bool is_old = Clock::now() - gathered_since_ >= options_.gather;
    if (!gathered_.empty() && (is_old || gathered_.is_full() || draining_.load())) {
      offer_gathered();
    }
  }
  offer_gathered();
}

void UdpReceiver::Socket::wait(bool may_receive) {
  std::array<pollfd, 2> wanted{
      {{answers_->descriptor(), POLLIN, 0}, {may_receive ? socket_ : -1, POLLIN, 0}}};
  const bool is_short = !gathered_.empty();
  const auto timeout = is_short ? options_.gather : may_receive ? kLongestWait : kRepeatPause;
  static_cast<void>(poll(wanted.data(), wanted.size(), static_cast<int>(timeout.count())));
}

void UdpReceiver::Socket::receive(Bunch& bunch) {
  while (!gathered_.is_full()) {
    bunch.prepare();
    const int count = recvmmsg(socket_, bunch.messages.data(), kBunch, MSG_DONTWAIT, nullptr);
    if (count <= 0) return;
    if (gathered_.empty()) gathered_since_ = Clock::now();
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const mmsghdr& message = bunch.messages[i];
      take_datagram(message, {static_cast<const char*>(bunch.parts[i].iov_base), message.msg_len});
    }
    count_drops(bunch.messages[static_cast<std::size_t>(count) - 1].msg_hdr);
    if (static_cast<std::size_t>(count) < kBunch) return;
  }
}

void UdpReceiver::Socket::take_datagram(const mmsghdr& message, std::string_view bytes) {
  add(figures_.received_bytes_total, bytes.size());
  const std::size_t last = bytes.find_last_not_of(std::string_view("\r\n\0", 3));
  const std::size_t before = gathered_.count();
  gathered_.append(bytes.substr(0, last == std::string_view::npos ? 0 : last + 1));
  if (gathered_.count() == before) return;
  const auto& address = *static_cast<const SocketAddress*>(message.msg_hdr.msg_name);
  note_peer(address, message.msg_hdr.msg_namelen);
}

void UdpReceiver::Socket::note_peer(const SocketAddress& address, socklen_t size) {
  if (gathered_.count() == 1) {
    peer_ = address;
    one_peer_ = true;
  } else if (one_peer_) {
    one_peer_ = is_same(peer_, address, size);
  }
}

// The kernel tells with each datagram how many it has dropped on this socket so far.
void UdpReceiver::Socket::count_drops(const msghdr& header) {
  auto& mutable_header = const_cast<msghdr&>(header);
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr;
       part = CMSG_NXTHDR(&mutable_header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SO_RXQ_OVFL) continue;
    std::uint32_t drops = 0;
    std::memcpy(&drops, CMSG_DATA(part), sizeof drops);
    add(figures_.kernel_drops_total, drops - drops_);  // also when it wraps
    drops_ = drops;
  }
}

void UdpReceiver::Socket::offer_gathered() {
  if (gathered_.empty()) return;
  Offer& next = offers_.emplace_back();
  if (spare_.empty()) spare_.emplace_back(options_.max_message_bytes);
  next.records = std::exchange(gathered_, std::move(spare_.back()));
  spare_.pop_back();
  next.peer = one_peer_ ? name_of(peer_) : std::string();
  next.ticket = next_ticket_++;
  in_flight_ += next.records.bytes();
  add(figures_.records_total, next.records.count());
  add(figures_.records_in_flight, next.records.count());
  add(figures_.bytes_in_flight, next.records.bytes());
  offer(next);
}

void UdpReceiver::Socket::offer(Offer& offer) {
  offer.repeat = false;
  port_.offer({options_.name, offer.peer, offer.records.records()},
              [answers = answers_, ticket = offer.ticket](const pipeline::Answer& answer) {
                answers->put(ticket, answer.outcome);
              });
}

void UdpReceiver::Socket::take_answers() {
  answers_->take(taken_);
  for (const auto& [ticket, outcome] : taken_) {
    const auto offer =
        std::find_if(offers_.begin(), offers_.end(),
                     [wanted = ticket](const Offer& o) { return o.ticket == wanted; });
    if (offer == offers_.end()) continue;
    switch (outcome) {
      case pipeline::Outcome::kDurable:
        settled(offer, figures_.records_durable_total);
        break;
      case pipeline::Outcome::kRefused:
        settled(offer, figures_.records_refused_total);
        break;
      case pipeline::Outcome::kStopping:
        settled(offer, figures_.records_lost_total);
        break;
      case pipeline::Outcome::kOverloaded:
      case pipeline::Outcome::kFailed:
        offer->repeat = true;
        if (!repeat_at_) repeat_at_ = Clock::now() + kRepeatPause;
        break;
    }
  }
}

void UdpReceiver::Socket::settled(std::deque<Offer>::iterator offer, net::Figures::Count& count) {
  add(count, offer->records.count());
  subtract(figures_.records_in_flight, offer->records.count());
  subtract(figures_.bytes_in_flight, offer->records.bytes());
  in_flight_ -= offer->records.bytes();
  offer->records.clear();
  spare_.push_back(std::move(offer->records));
  offers_.erase(offer);
}

void UdpReceiver::Socket::repeat_offers() {
  if (!repeat_at_ || Clock::now() < *repeat_at_) return;
  repeat_at_.reset();
  for (Offer& waiting : offers_) {
    if (!waiting.repeat) continue;
    add(figures_.offers_repeated_total, 1);
    offer(waiting);
  }
}

UdpReceiver::UdpReceiver(UdpOptions options, pipeline::ReceiverPort& port)
    : options_(std::move(options)), port_(port) {}

UdpReceiver::~UdpReceiver() { stop(); }

Status UdpReceiver::start() {
  RETURN_IF_ERROR(
      check_exposure(options_.name, options_.address, false, options_.accept_plaintext));
  for (unsigned i = 0; i < std::max(1U, options_.sockets); ++i) {
    sockets_.push_back(std::make_unique<Socket>(options_, port_, figures_));
    RETURN_IF_ERROR(sockets_.back()->bind(options_.address, granted_bytes_));
  }
  for (const auto& socket : sockets_) socket->start();
  return ok_status();
}

void UdpReceiver::drain() {
  for (const auto& socket : sockets_) socket->drain();
}

void UdpReceiver::stop() {
  for (const auto& socket : sockets_) socket->stop();
}

void UdpReceiver::for_each_figure(
    const std::function<void(std::string_view name, std::uint64_t value)>& visit) const {
  figures_.for_each(visit);
  visit("receive_buffer_bytes", granted_bytes_);
}

}  // namespace catena::syslog
