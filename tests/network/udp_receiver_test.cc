// SPDX-License-Identifier: Apache-2.0
#include "connectors/syslog/udp_receiver.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/loopback_client.h"
#include "tests/support/memory_port.h"

namespace catena::syslog {
namespace {

using namespace std::chrono_literals;
using tests::LoopbackClient;
using tests::MemoryPort;
using Texts = std::vector<std::string>;

TEST(UdpReceiver, EveryDatagramIsAMessage) {
  MemoryPort port;
  UdpReceiver receiver({.name = "udp", .sockets = 2}, port);
  ASSERT_TRUE(receiver.start().ok());
  LoopbackClient client(receiver.bound_port(), SOCK_DGRAM);
  for (const char* text : {"<13>one\n", "<13>two\nlines", "\n", "<13>three"}) client.send(text);
  ASSERT_TRUE(port.wait_for_records(3));
  EXPECT_EQ(port.texts(), (Texts{"<13>one", "<13>two\nlines", "<13>three"}));
  EXPECT_EQ(port.records()[0].peer.substr(0, 10), "127.0.0.1:");
  receiver.stop();
  EXPECT_EQ(receiver.figures().records_total.load(), 3U);
}

TEST(UdpReceiver, KeepsWhatWasNotTakenAndOffersItAgain) {
  MemoryPort port;
  port.script({pipeline::Outcome::kOverloaded, pipeline::Outcome::kFailed});
  UdpReceiver receiver({.name = "udp"}, port);
  ASSERT_TRUE(receiver.start().ok());
  LoopbackClient client(receiver.bound_port(), SOCK_DGRAM);
  client.send("<13>one");
  ASSERT_TRUE(port.wait_for_records(1));
  receiver.stop();
}

TEST(UdpReceiver, CountsWhatTheKernelDrops) {
  MemoryPort port;
  port.set_overloaded(true);
  UdpReceiver receiver({.name = "udp", .receive_buffer_bytes = 4096}, port);
  ASSERT_TRUE(receiver.start().ok());
  LoopbackClient client(receiver.bound_port(), SOCK_DGRAM);
  const std::string text = "<13>" + std::string(1000, 'x');
  constexpr std::uint64_t kSent = 500;
  for (std::uint64_t i = 0; i < kSent; ++i) client.send(text);
  port.set_overloaded(false);
  ASSERT_TRUE(port.wait_for_records(1));
  // The count comes with the first datagram behind the gap.
  std::uint64_t sent = kSent;
  const net::Figures& figures = receiver.figures();
  for (int i = 0;
       i < 200 && figures.records_total.load() + figures.kernel_drops_total.load() < sent; ++i) {
    std::this_thread::sleep_for(20ms);
    client.send(text);
    ++sent;
  }
  std::this_thread::sleep_for(100ms);
  receiver.stop();
  EXPECT_GT(figures.kernel_drops_total.load(), 0U);
  EXPECT_EQ(figures.records_total.load() + figures.kernel_drops_total.load(), sent);
}

TEST(UdpReceiver, RefusesToListenBeyondLoopbackUnlessTold) {
  MemoryPort port;
  UdpReceiver refused({.name = "udp", .address = {"0.0.0.0", 0}}, port);
  EXPECT_EQ(refused.start().code(), StatusCode::kInvalidInput);
  UdpReceiver allowed({.name = "udp", .address = {"0.0.0.0", 0}, .accept_plaintext = true}, port);
  EXPECT_TRUE(allowed.start().ok());
}

}  // namespace
}  // namespace catena::syslog
