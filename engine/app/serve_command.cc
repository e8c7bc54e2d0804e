// SPDX-License-Identifier: Apache-2.0
#include "engine/app/serve_command.h"

#include <pthread.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <utility>

#include "engine/app/content.h"
#include "engine/app/exit_code.h"
#include "engine/app/receiver_factory.h"
#include "engine/app/terminal.h"
#include "engine/app/version.h"
#include "engine/daemon/admin_pages.h"
#include "engine/daemon/admin_server.h"
#include "engine/daemon/daemon.h"
#include "engine/daemon/daemon_config.h"
#include "engine/daemon/service_notice.h"
#include "storage/incidents/rocks_incident_store.h"

namespace catena::app {
namespace {

using daemon::Daemon;
using daemon::DaemonConfig;

constexpr const char* kSystemConfig = "/etc/catena/catena.yml";
constexpr timespec kLook = {1, 0};  // between looks at the daemon and the watchdog

void say(const std::string& message) {
  std::fprintf(stderr, "catena: %s\n", printable(message).c_str());
}

void say_lines(const std::string& lines) {
  for (std::size_t begin = 0; begin <= lines.size();) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    say(lines.substr(begin, end - begin));
    begin = end + 1;
  }
}

daemon::Environment environment() {
  daemon::Environment out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) out[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return out;
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Result<DaemonConfig> load_config(const ServeOptions& options) {
  std::string path = options.config;
  std::error_code error;
  if (path.empty() && std::filesystem::exists(kSystemConfig, error)) path = kSystemConfig;
  DaemonConfig config;
  if (path.empty()) {
    ASSIGN_OR_RETURN(config, daemon::parse_daemon_config("", "defaults", environment()));
  } else {
    ASSIGN_OR_RETURN(config, daemon::load_daemon_config(path, environment()));
  }
  if (!options.state_folder.empty()) {
    config.state_folder = options.state_folder;
    config.admin_socket = options.state_folder + "/admin.sock";
  }
  for (daemon::SinkConfig& sink : config.sinks) {
    if (sink.path != "-" && sink.path.front() != '/') {
      sink.path.insert(0, config.state_folder + "/");
    }
  }
  for (const daemon::ListenerConfig& listener : config.listeners) {
    RETURN_IF_ERROR(check_listener(listener));
  }
  return config;
}

Result<std::shared_ptr<const daemon::Ruleset>> load_rules(const DaemonConfig& config,
                                                          bool keep_compiled) {
  ContentOptions options;
  options.rule_paths = config.rules;
  options.inputs = {config.pipelines, config.placeholders};
  options.attack_overlay = config.attack_overlay;
  options.threads = 2;
  if (keep_compiled) {
    options.cache_folder =
        config.rule_cache.empty() ? config.state_folder + "/rule-cache" : config.rule_cache;
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Content> loaded, Content::load(options));
  const std::shared_ptr<const Content> content = std::move(loaded);
  for (const auto& refused : content->rule_report.refused) {
    const std::string text = refused.to_string();
    say(text.substr(0, text.find('\n')));
  }
  const std::uint64_t rules =
      content->rules.rules.size() + content->rules.correlation.correlations.size();
  if (rules == 0) return invalid_input("no rule could be loaded");
  return std::shared_ptr<const daemon::Ruleset>(std::make_shared<daemon::Ruleset>(
      daemon::Ruleset{content, content->detectors(), rules, content->rule_report.refused.size()}));
}

Timestamp wall_clock() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Daemon::World make_world(const DaemonConfig& config, storage::FileSystem& files) {
  std::random_device random;
  return {files,
          [path = config.state_folder +
                  "/store"]() -> Result<std::unique_ptr<pipeline::IncidentStore>> {
            storage::IncidentStoreOptions options;
            options.path = path;
            ASSIGN_OR_RETURN(auto store, storage::RocksIncidentStore::open(options));
            return std::unique_ptr<pipeline::IncidentStore>(std::move(store));
          },
          [&config] { return load_rules(config, /*keep_compiled=*/true); },
          [](const daemon::ListenerConfig& listener, pipeline::ReceiverPort& port) {
            return make_receiver(
                listener, port,
                [](std::string_view name, std::string_view peer, std::string_view problem) {
                  say(std::string(name) + " " + std::string(peer) + ": " + std::string(problem));
                });
          },
          wall_clock,
          [] { return std::chrono::steady_clock::now(); },
          say,
          std::uint64_t{random()} << 32 | random()};
}

// Blocked in every thread, taken by the one that waits for them.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error of write(2), not our end
  return signals;
}

void reload(Daemon& running, const daemon::ServiceNotice& notice) {
  notice.reloading();
  const Status status = running.reload();
  say(status.ok() ? "rules and certificates are loaded anew: " +
                        std::to_string(running.rules()->rules) + " rules"
                  : "reload refused, the old rules go on: " + status.message());
  notice.ready(status.ok() ? "serving" : "serving; the last reload was refused");
}

// Until a signal or a failure says that it is over.
Status wait_for_end(Daemon& running, const daemon::ServiceNotice& notice, const sigset_t& signals) {
  std::uint64_t heartbeat = 0;
  while (true) {
    const int signal = sigtimedwait(&signals, nullptr, &kLook);
    if (signal == SIGTERM || signal == SIGINT) return {};
    if (signal == SIGHUP) reload(running, notice);
    RETURN_IF_ERROR(running.failed());
    // Fed by what the threads do, not by this one.
    const std::uint64_t beat = running.heartbeat();
    if (beat != heartbeat) notice.alive();
    heartbeat = beat;
  }
}

Status serve(const DaemonConfig& config) {
  const sigset_t signals = block_signals();
  const daemon::ServiceNotice notice(variable("NOTIFY_SOCKET"), variable("WATCHDOG_USEC"));
  storage::PosixFileSystem files;
  Daemon running(config, make_world(config, files));
  RETURN_IF_ERROR(running.start());
  const daemon::AdminPages pages(running, version_text());
  daemon::AdminServer admin;
  if (!config.admin_socket.empty()) {
    RETURN_IF_ERROR(admin.start(config.admin_socket, [&pages](const daemon::AdminRequest& request) {
      return pages.answer(request);
    }));
  }
  std::string listening;
  for (const daemon::ListenerConfig& listener : config.listeners) {
    listening += ", " + listener.name + " " + listener.address;
  }
  say("serving with " + std::to_string(running.rules()->rules) + " rules from " +
      config.state_folder + listening);
  notice.ready("serving");
  const Status end = wait_for_end(running, notice, signals);
  notice.stopping();
  if (end.ok()) {
    say("draining");
    // The second signal of impatience has its usual meaning; the journal keeps what is left.
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    running.drain();
  }
  running.stop();
  admin.stop();
  if (end.ok()) say("stopped");
  return end;
}

int check(const DaemonConfig& config) {
  const auto rules = load_rules(config, /*keep_compiled=*/false);
  if (!rules.ok()) {
    say(rules.status().message());
    return kExitConfig;
  }
  say("configuration is right: " + std::to_string((*rules)->rules) + " rules, " +
      std::to_string((*rules)->refused) + " refused, " + std::to_string(config.listeners.size()) +
      " listeners");
  return kExitOk;
}

}  // namespace

int run_serve(const ServeOptions& options) {
  const auto config = load_config(options);
  if (!config.ok()) {
    say_lines(config.status().message());
    return kExitConfig;
  }
  if (options.check_only) return check(*config);
  const Status status = serve(*config);
  if (status.ok()) return kExitOk;
  say_lines(status.message());
  return kExitError;
}

}  // namespace catena::app
