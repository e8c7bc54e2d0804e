// SPDX-License-Identifier: Apache-2.0
// A daemon on a real disk is killed (SIGKILL) at random moments, also while it starts, and begins
// again. The parent sends numbered records and counts the answers. CATENA_KILLS=2000 makes it long,
// SEED=n repeats it.
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "engine/app/content.h"
#include "engine/daemon/daemon.h"
#include "storage/incidents/rocks_incident_store.h"
#include "tests/support/crash_scale.h"
#include "tests/support/numbered_records.h"
#include "tests/support/scratch_folder.h"

namespace catena::tests {
namespace {

Timestamp wall_clock() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class KilledDaemon {
 public:
  explicit KilledDaemon(std::uint64_t seed)
      : random_(seed), rules_(numbered_rules(scratch_.path())) {
    config_.state_folder = scratch_.inside("state");
    config_.listeners.clear();
    config_.sinks = {{scratch_.inside("detections.jsonl"), true, true}};
    config_.threads = 2;
    config_.lateness = kNanosPerSecond;
  }

  // Starts it, sends for a while, kills it.
  void round() {
    const int socket = start();
    const bool during_start = random_() % 5 == 0;
    const auto begin = std::chrono::steady_clock::now();
    if (!during_start) wait_until_ready(socket);
    const auto life = std::chrono::milliseconds(during_start ? random_() % 60 : random_() % 60 + 5);
    const auto end = std::chrono::steady_clock::now() + life;
    if (during_start) {
      std::this_thread::sleep_until(begin + life);
    } else {
      while (std::chrono::steady_clock::now() < end) {
        if (!send_records(socket)) break;
        take_answers(socket, std::chrono::milliseconds(1));
      }
    }
    ::kill(child_, SIGKILL);
    int status = 0;
    ::waitpid(child_, &status, 0);
    // What it said before it died counts.
    take_answers(socket, std::chrono::milliseconds(0));
    ::close(socket);
  }

  // The last one drains and ends by itself.
  int finish() {
    const int socket = start();
    wait_until_ready(socket);
    ::shutdown(socket, SHUT_WR);
    int status = 0;
    ::waitpid(child_, &status, 0);
    take_answers(socket, std::chrono::milliseconds(0));
    ::close(socket);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
  }

  [[nodiscard]] std::vector<std::string> problems() {
    NumbersCheck check;
    check.read_sink(scratch_.inside("detections.jsonl"));
    const auto store = storage::RocksIncidentStore::open({.path = config_.state_folder + "/store"});
    if (!store.ok()) return {store.status().to_string()};
    check.read_store(**store);
    const auto letters =
        storage::DeadLetterStore::open({.path = config_.state_folder + "/dead-letters"});
    if (!letters.ok()) return {letters.status().to_string()};
    check.read_letters(**letters);
    check.check_acknowledged(acknowledged_);
    return check.problems();
  }
  [[nodiscard]] std::size_t acknowledged() const { return acknowledged_.size(); }
  [[nodiscard]] std::uint64_t sent() const { return next_number_ - 1; }

 private:
  int start() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
    child_ = ::fork();
    if (child_ == 0) {
      ::close(ends[0]);
      ::_exit(be_the_daemon(ends[1]));
    }
    ::close(ends[1]);
    received_.clear();
    return ends[0];
  }

  // In the child: records are lines, an answer is the number of the record that is durable.
  int be_the_daemon(int socket) {
    storage::PosixFileSystem files;
    daemon::Daemon::World world{
        files,
        [this]() -> Result<std::unique_ptr<pipeline::IncidentStore>> {
          ASSIGN_OR_RETURN(auto store, storage::RocksIncidentStore::open(
                                           {.path = config_.state_folder + "/store"}));
          return std::unique_ptr<pipeline::IncidentStore>(std::move(store));
        },
        [this] { return Result<std::shared_ptr<const daemon::Ruleset>>(rules_); },
        nullptr,
        wall_clock,
        [] { return std::chrono::steady_clock::now(); },
        [](const std::string& line) { std::cerr << line << "\n"; },
        7,
        true};
    daemon::Daemon running(config_, std::move(world));
    const Status started = running.start();
    if (!started.ok()) {
      std::cerr << started.to_string() << "\n";
      return 1;
    }
    const auto say = [socket](const std::string& text) {
      return ::send(socket, text.data(), text.size(), MSG_NOSIGNAL) > 0;
    };
    say("ready\n");
    std::string held;
    char bytes[4096];
    for (ssize_t got = ::recv(socket, bytes, sizeof bytes, 0); got > 0;
         got = ::recv(socket, bytes, sizeof bytes, 0)) {
      held.append(bytes, static_cast<std::size_t>(got));
      std::size_t begin = 0;
      for (std::size_t end = held.find('\n'); end != std::string::npos;
           end = held.find('\n', begin)) {
        const std::string line = held.substr(begin, end - begin);
        const pipeline::Record record{line, std::nullopt, false};
        const std::uint64_t number = number_in(line);
        running.journal().offer({"test", "", {&record, 1}}, [&say, number](const auto& answer) {
          if (answer.outcome == pipeline::Outcome::kDurable) say(std::to_string(number) + "\n");
        });
        begin = end + 1;
      }
      held.erase(0, begin);
    }
    running.drain();
    running.stop();
    return 0;
  }

  void wait_until_ready(int socket) {
    while (ready_ == false) take_answers(socket, std::chrono::milliseconds(20'000));
    ready_ = false;
  }

  // False when not all of it went out: the rest of a line would be taken for another.
  bool send_records(int socket) {
    std::string lines;
    const std::uint64_t count = 1 + random_() % 20;
    for (std::uint64_t i = 0; i < count; ++i) lines += numbered_record(next_number_++) + "\n";
    return ::send(socket, lines.data(), lines.size(), MSG_NOSIGNAL | MSG_DONTWAIT) ==
           static_cast<ssize_t>(lines.size());
  }

  void take_answers(int socket, std::chrono::milliseconds longest) {
    char bytes[4096];
    while (true) {
      pollfd waiting{socket, POLLIN, 0};
      if (::poll(&waiting, 1, static_cast<int>(longest.count())) != 1) return;
      const ssize_t got = ::recv(socket, bytes, sizeof bytes, MSG_DONTWAIT);
      if (got <= 0) {
        if (!ready_) ready_ = got == 0;  // it is gone: do not wait for ever
        return;
      }
      received_.append(bytes, static_cast<std::size_t>(got));
      std::size_t begin = 0;
      for (std::size_t end = received_.find('\n'); end != std::string::npos;
           end = received_.find('\n', begin)) {
        const std::string line = received_.substr(begin, end - begin);
        if (line == "ready") {
          ready_ = true;
        } else {
          acknowledged_.insert(std::strtoull(line.c_str(), nullptr, 10));
        }
        begin = end + 1;
      }
      received_.erase(0, begin);
      if (ready_) return;
      longest = std::chrono::milliseconds(0);
    }
  }

  ScratchFolder scratch_;
  std::mt19937_64 random_;
  std::shared_ptr<const daemon::Ruleset> rules_;
  daemon::DaemonConfig config_;
  pid_t child_ = -1;
  bool ready_ = false;
  std::string received_;
  std::uint64_t next_number_ = 1;
  std::set<std::uint64_t> acknowledged_;
};

TEST(Kill, LosesNothingAcknowledgedAndShowsNothingTwice) {
  const std::uint64_t seed = number_from("SEED", 20'261'124);
  const std::uint64_t kills = number_from("CATENA_KILLS", 100 / kShare);
  KilledDaemon killed(seed);
  for (std::uint64_t i = 0; i < kills; ++i) killed.round();
  EXPECT_EQ(killed.finish(), 0);
  const auto problems = killed.problems();
  std::cout << "SEED=" << seed << ": " << kills << " kills, " << killed.sent() << " records sent, "
            << killed.acknowledged() << " acknowledged, " << problems.size() << " problems\n";
  EXPECT_GT(killed.acknowledged(), kills);
  EXPECT_TRUE(problems.empty()) << problems.size() << " problems, the first: " << problems[0];
}

}  // namespace
}  // namespace catena::tests
