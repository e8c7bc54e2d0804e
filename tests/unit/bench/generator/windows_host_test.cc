// SPDX-License-Identifier: Apache-2.0
#include "bench/generator/windows_host.h"

#include <gtest/gtest.h>

namespace catena::generator {
namespace {

TEST(WindowsHost, RunsTheOperatingSystemsProcesses) {
  Random random(1);
  const WindowsHost host(3, random);
  EXPECT_EQ(host.find("lsass.exe").image, "C:\\Windows\\System32\\lsass.exe");
  // Nothing of that name: the shell.
  EXPECT_EQ(host.find("absent.exe").image, "C:\\Windows\\explorer.exe");
  EXPECT_EQ(host.find("svchost.exe").image.find("svchost.exe"), 20U);
}

TEST(WindowsHost, ProcessesKeepTheirIdentity) {
  Random random(1);
  WindowsHost host(3, random);
  const Process started = host.start({"C:\\x\\tool.exe", "tool", "", 0, false}, random);
  EXPECT_EQ(host.find("tool.exe").guid, started.guid);
  EXPECT_EQ(started.guid.size(), 36U);
  EXPECT_EQ(started.pid % 4, 0U);
  EXPECT_EQ(host.account_of(started).name, host.user().name);
}

TEST(WindowsHost, ForgetsTheOldestButNotTheSystem) {
  Random random(1);
  WindowsHost host(3, random);
  host.start({"C:\\x\\first.exe", "first", "", 0, false}, random);
  for (std::size_t i = 0; i < WindowsHost::kMaxProcesses; ++i) {
    host.start({"C:\\x\\more.exe", "more", "", 0, false}, random);
  }
  EXPECT_EQ(host.find("first.exe").image, "C:\\Windows\\explorer.exe");
  EXPECT_EQ(host.find("smss.exe").image, "C:\\Windows\\System32\\smss.exe");
}

}  // namespace
}  // namespace catena::generator
