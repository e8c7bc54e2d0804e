// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/admin_server.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace catena::daemon {
namespace {

AdminAnswer echo(const AdminRequest& request) {
  if (request.target == "/none") return {404, "nothing\n"};
  if (request.target == "/busy") return {503, "busy\n"};
  return {200, request.method + " " + request.target + "\n"};
}

// What the server says to these bytes; "" when it only closes.
std::string say(const std::string& path, const std::string& bytes) {
  const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  EXPECT_EQ(::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  (void)::send(file, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  ::shutdown(file, SHUT_WR);
  std::string answer;
  char chunk[512];
  for (ssize_t got = ::recv(file, chunk, sizeof chunk, 0); got > 0;
       got = ::recv(file, chunk, sizeof chunk, 0)) {
    answer.append(chunk, static_cast<std::size_t>(got));
  }
  ::close(file);
  return answer;
}

TEST(AdminServer, AnswersItsOwnerAlone) {
  const tests::ScratchFolder scratch;
  const std::string path = scratch.inside("a.sock");
  AdminServer server;
  ASSERT_TRUE(server.start(path, echo).ok());
  struct stat about {};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  EXPECT_EQ(*ask_admin(path, {"GET", "/x?y=1"}), "GET /x?y=1\n");
  EXPECT_EQ(*ask_admin(path, {"POST", "/x"}), "POST /x\n");
  EXPECT_EQ(ask_admin(path, {"GET", "/none"}).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(ask_admin(path, {"GET", "/busy"}).status().message(), "busy\n");
  server.stop();
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(ask_admin(path, {"GET", "/x"}).ok());
}

TEST(AdminServer, GarbageCostsItsOwnConnection) {
  const tests::ScratchFolder scratch;
  const std::string path = scratch.inside("a.sock");
  AdminServer server;
  ASSERT_TRUE(server.start(path, echo).ok());
  EXPECT_EQ(say(path, ""), "");
  EXPECT_EQ(say(path, "\x16\x03\x01garbage\r\n\r\n"), "");
  EXPECT_EQ(say(path, "GET /" + std::string(2 * AdminServer::kMaxRequestBytes, 'x')), "");
  EXPECT_EQ(say(path, "GET /half HTTP/1.1\r\nHost: x"), "");
  EXPECT_NE(say(path, "GET /x HTTP/1.0\r\n\r\n").find("200 OK"), std::string::npos);
  EXPECT_EQ(*ask_admin(path, {"GET", "/x"}), "GET /x\n");
}

TEST(AdminServer, ReplacesASocketThatNobodyListensOn) {
  const tests::ScratchFolder scratch;
  const std::string path = scratch.inside("a.sock");
  AdminServer first;
  ASSERT_TRUE(first.start(path, echo).ok());
  AdminServer second;
  EXPECT_FALSE(second.start(path, echo).ok());
  EXPECT_TRUE(ask_admin(path, {"GET", "/x"}).ok());
  first.stop();
  const int stale = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  ASSERT_EQ(::bind(stale, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(stale);
  AdminServer third;
  EXPECT_TRUE(third.start(path, echo).ok());
  EXPECT_FALSE(AdminServer().start(scratch.inside(std::string(200, 'x')), echo).ok());
}

}  // namespace
}  // namespace catena::daemon
