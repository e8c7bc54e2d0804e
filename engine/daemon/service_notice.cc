// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/service_notice.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstring>

namespace catena::daemon {

ServiceNotice::ServiceNotice(std::string_view socket, std::string_view watchdog_usec)
    : socket_(socket) {
  const bool usable = !socket.empty() && socket.size() < sizeof(sockaddr_un::sun_path) &&
                      (socket[0] == '/' || socket[0] == '@');
  if (usable) descriptor_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  std::int64_t usec = 0;
  const char* const end = watchdog_usec.data() + watchdog_usec.size();
  const auto parsed = std::from_chars(watchdog_usec.data(), end, usec);
  if (parsed.ec == std::errc() && parsed.ptr == end && usec > 0) {
    watchdog_ = std::chrono::microseconds(usec);
  }
}

ServiceNotice::~ServiceNotice() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void ServiceNotice::send(std::string_view message) const {
  if (descriptor_ < 0) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // the abstract namespace
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  (void)::sendto(descriptor_, message.data(), message.size(), MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&address), size);
}

void ServiceNotice::ready(std::string_view status) const {
  send("READY=1\nSTATUS=" + std::string(status));
}

void ServiceNotice::reloading() const { send("RELOADING=1"); }

void ServiceNotice::stopping() const { send("STOPPING=1"); }

void ServiceNotice::alive() const { send("WATCHDOG=1"); }

}  // namespace catena::daemon
