// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/event/timestamp.h"
#include "rules/yaml/yaml_map.h"

// The daemon's configuration: one YAML file, then the files of its folder conf.d in the order of
// their names (mappings are merged, lists and values replaced), then the environment:
// CATENA__JOURNAL__MAX_SIZE=16GiB sets journal.max_size. What is not said has the default that
// deploy/config/catena.yml shows. A key that does not exist is an error that names the nearest one;
// so is a value of a wrong form. Errors: kInvalidInput, "file:line:column: reason", all of them,
// one a line; kIo, kNotFound for files that cannot be read. Thread safety: pure functions; the
// environment is handed in.
namespace catena::daemon {

struct ListenerConfig {
  std::string name;               // [a-z0-9_-]{1,64}, unique
  std::string protocol;           // syslog-tcp, syslog-udp, …; who builds receivers knows which
  std::string address;            // "127.0.0.1:5514"
  bool accept_plaintext = false;  // beyond loopback
  std::string certificate_file;
  std::string key_file;
  std::string client_ca_file;
  std::vector<std::string> client_names;
  std::string token_file;
  std::vector<std::string> paths;  // of files to follow, in place of an address
  std::string position_file;       // how far they are durable
  std::uint64_t max_message_bytes = std::uint64_t{64} * 1024;
  std::uint64_t max_connections = 4096;
  std::string place;  // "file:line:column", for errors that only its receiver finds
};

struct SinkConfig {
  std::string path;  // "-" is standard output
  bool detections = true;
  bool chains = true;
};

struct DaemonConfig {
  std::string state_folder = "/var/lib/catena";
  std::vector<std::string> rules;  // empty: the built-in starter rules
  std::vector<std::string> pipelines;
  std::vector<std::string> placeholders;
  std::string attack_overlay;
  std::string rule_cache;     // "": state_folder/rule-cache
  std::uint64_t threads = 0;  // 0: one for each processor
  Timestamp lateness = 10 * kNanosPerSecond;
  std::uint64_t journal_max_bytes = std::uint64_t{8} * 1024 * 1024 * 1024;
  std::uint64_t journal_keep_bytes = std::uint64_t{256} * 1024 * 1024;
  std::uint64_t dead_letter_max_bytes = std::uint64_t{256} * 1024 * 1024;
  std::uint64_t event_budget = 0;  // 0: the built-in one
  std::uint64_t rule_budget = 0;
  Timestamp stop_timeout = 60 * kNanosPerSecond;
  std::string admin_socket = "/run/catena/admin.sock";  // "" for none
  std::vector<ListenerConfig> listeners = default_listeners();
  // Relative paths are below state_folder.
  std::vector<SinkConfig> sinks = {{"detections.jsonl", true, true}};

  // On the loopback: syslog over UDP and TCP, port 5514, and HTTP, port 8514.
  [[nodiscard]] static std::vector<ListenerConfig> default_listeners();
};

// Names and values, as the process was given them.
using Environment = std::map<std::string, std::string>;

[[nodiscard]] Result<DaemonConfig> load_daemon_config(const std::string& path,
                                                      const Environment& environment);
// The text of one file alone, without conf.d; `name` for messages.
[[nodiscard]] Result<DaemonConfig> parse_daemon_config(std::string_view text, std::string_view name,
                                                       const Environment& environment = {});

// "64KiB", "8GiB", "1000": bytes. "10s", "5m", "1h", "500ms": a time. nullopt for anything else.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text) noexcept;
[[nodiscard]] std::optional<Timestamp> parse_duration(std::string_view text) noexcept;

}  // namespace catena::daemon
