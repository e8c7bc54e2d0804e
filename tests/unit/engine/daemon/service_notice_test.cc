// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/service_notice.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace catena::daemon {
namespace {

TEST(ServiceNotice, SaysHowItIs) {
  const tests::ScratchFolder scratch;
  const std::string path = scratch.inside("notify");
  const int file = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  ASSERT_EQ(::bind(file, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const ServiceNotice notice(path, "30000000");
  EXPECT_EQ(notice.watchdog(), std::chrono::microseconds(30'000'000));
  notice.ready("serving");
  notice.alive();
  char bytes[128];
  ssize_t got = ::recv(file, bytes, sizeof bytes, 0);
  EXPECT_EQ(std::string(bytes, static_cast<std::size_t>(got)), "READY=1\nSTATUS=serving");
  got = ::recv(file, bytes, sizeof bytes, 0);
  EXPECT_EQ(std::string(bytes, static_cast<std::size_t>(got)), "WATCHDOG=1");
  ::close(file);
}

TEST(ServiceNotice, WithoutAManagerItSaysNothing) {
  const ServiceNotice notice("", "x");
  EXPECT_FALSE(notice.watchdog());
  notice.ready("serving");
  notice.reloading();
  notice.stopping();
  const ServiceNotice gone("/nobody/here", "");
  gone.alive();
}

}  // namespace
}  // namespace catena::daemon
