// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// Tells the service manager how the daemon is: the datagrams of sd_notify(3), a dozen lines, so no
// library for it. Without a manager every call does nothing. Thread safety: const methods; any
// thread. Errors: none; a manager that cannot be told is like none.
namespace catena::daemon {

class ServiceNotice {
 public:
  // `socket` is NOTIFY_SOCKET ("" for none), `watchdog_usec` WATCHDOG_USEC ("" for none).
  ServiceNotice(std::string_view socket, std::string_view watchdog_usec);
  ServiceNotice(const ServiceNotice&) = delete;
  ServiceNotice& operator=(const ServiceNotice&) = delete;
  ~ServiceNotice();

  void ready(std::string_view status) const;
  void reloading() const;
  void stopping() const;
  void alive() const;  // feeds the watchdog
  // How often alive() is expected at least; nullopt when it is not.
  [[nodiscard]] std::optional<std::chrono::microseconds> watchdog() const noexcept {
    return watchdog_;
  }

 private:
  void send(std::string_view message) const;

  std::string socket_;
  int descriptor_ = -1;
  std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace catena::daemon
