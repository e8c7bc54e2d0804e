// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/daemon_config.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <span>
#include <utility>

#include "engine/pipeline/receiver.h"
#include "rules/sigma/modifier.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::daemon {
namespace {

using yaml::YamlEntry;
using yaml::YamlNode;

constexpr std::string_view kVariablePrefix = "CATENA__";
constexpr std::size_t kMaxListeners = 64;
constexpr std::size_t kMaxSinks = 16;
constexpr std::uint64_t kLeastJournalBytes = std::uint64_t{256} * 1024 * 1024;

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
constexpr Unit kSizeUnits[] = {{"", 1},
                               {"B", 1},
                               {"KiB", std::uint64_t{1} << 10},
                               {"MiB", std::uint64_t{1} << 20},
                               {"GiB", std::uint64_t{1} << 30},
                               {"TiB", std::uint64_t{1} << 40}};
constexpr Unit kTimeUnits[] = {
    {"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000}};

std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const Unit> units,
                                             std::uint64_t most) noexcept {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    return number > most / unit.factor ? std::nullopt : std::optional(number * unit.factor);
  }
  return std::nullopt;
}

// Reads one mapping after the other into the configuration and gathers what is wrong.
class ConfigReader {
 public:
  ConfigReader(DaemonConfig& config, std::string file) : config_(config), file_(std::move(file)) {}

  void read(const YamlNode& root);
  [[nodiscard]] const std::vector<std::string>& problems() const noexcept { return problems_; }

 private:
  // What is done with the value of a key.
  using Setter = std::function<void(const YamlNode&)>;
  using Setters = std::map<std::string_view, Setter>;

  void apply(const YamlNode& node, std::string_view what, const Setters& setters);
  void problem(const YamlNode& at, const std::string& reason) {
    problems_.push_back(yaml::at_place(file_, at.line(), at.column(), reason));
  }
  Setter text(std::string& target) {
    return [this, &target](const YamlNode& node) {
      if (node.is_scalar()) target = node.is_null() ? "" : node.text();
      if (!node.is_scalar()) problem(node, "a text is expected");
    };
  }
  Setter flag(bool& target) {
    return [this, &target](const YamlNode& node) {
      if (node.text() == "true" || node.text() == "false")
        target = node.text() == "true";
      else
        problem(node, "true or false is expected");
    };
  }
  Setter texts(std::vector<std::string>& target);
  Setter size(std::uint64_t& target);
  Setter count(std::uint64_t& target);
  Setter duration(Timestamp& target);
  void read_listeners(const YamlNode& list);
  void read_listener(const YamlNode& node);
  void read_sinks(const YamlNode& list);

  DaemonConfig& config_;
  std::string file_;
  std::vector<std::string> problems_;
};

void ConfigReader::apply(const YamlNode& node, std::string_view what, const Setters& setters) {
  if (node.is_scalar() && node.is_null()) return;
  if (!node.is_mapping()) {
    problem(node, std::string(what) + " is a mapping");
    return;
  }
  for (const YamlEntry& entry : node.entries()) {
    const auto setter = setters.find(entry.key.text());
    if (setter != setters.end()) {
      setter->second(entry.value);
      continue;
    }
    std::vector<std::string_view> known;
    for (const auto& [name, unused] : setters) known.push_back(name);
    const std::string_view near = sigma::nearest_name(entry.key.text(), known);
    problem(entry.key, "unknown key '" + entry.key.text() + "' in " + std::string(what) +
                           (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?"));
  }
}

ConfigReader::Setter ConfigReader::texts(std::vector<std::string>& target) {
  return [this, &target](const YamlNode& node) {
    target.clear();
    if (node.is_scalar()) {
      if (!node.is_null() && !node.text().empty()) target.push_back(node.text());
      return;
    }
    for (const YamlNode& item : node.items()) {
      if (item.is_scalar()) target.push_back(item.text());
      if (!item.is_scalar()) problem(item, "a text is expected");
    }
    if (node.is_mapping()) problem(node, "a list of texts is expected");
  };
}

ConfigReader::Setter ConfigReader::size(std::uint64_t& target) {
  return [this, &target](const YamlNode& node) {
    const auto value = parse_size(node.text());
    if (value) target = *value;
    if (!value) problem(node, "a size such as 64KiB or 8GiB is expected");
  };
}

ConfigReader::Setter ConfigReader::count(std::uint64_t& target) {
  return [this, &target](const YamlNode& node) {
    const auto value = parse_with_unit(node.text(), std::span(kSizeUnits).subspan(0, 1), INT64_MAX);
    if (value) target = *value;
    if (!value) problem(node, "a number is expected");
  };
}

ConfigReader::Setter ConfigReader::duration(Timestamp& target) {
  return [this, &target](const YamlNode& node) {
    const auto value = parse_duration(node.text());
    if (value) target = *value;
    if (!value) problem(node, "a time such as 500ms, 10s, 5m or 1h is expected");
  };
}

void ConfigReader::read_listener(const YamlNode& node) {
  ListenerConfig listener;
  listener.place = file_ + ":" + std::to_string(node.line()) + ":" + std::to_string(node.column());
  apply(node, "a listener",
        {{"name", text(listener.name)},
         {"protocol", text(listener.protocol)},
         {"address", text(listener.address)},
         {"accept_plaintext", flag(listener.accept_plaintext)},
         {"certificate_file", text(listener.certificate_file)},
         {"key_file", text(listener.key_file)},
         {"client_ca_file", text(listener.client_ca_file)},
         {"client_names", texts(listener.client_names)},
         {"token_file", text(listener.token_file)},
         {"paths", texts(listener.paths)},
         {"position_file", text(listener.position_file)},
         {"max_message_size", size(listener.max_message_bytes)},
         {"max_connections", count(listener.max_connections)}});
  if (!node.is_mapping()) return;
  const bool named = !listener.name.empty() &&
                     listener.name.size() <= pipeline::kMaxListenerNameBytes &&
                     listener.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") ==
                         std::string::npos;
  if (!named) problem(node, "a listener needs a name of [a-z0-9_-], at most 64");
  if (listener.protocol.empty()) problem(node, "a listener needs a protocol");
  if (listener.max_message_bytes > pipeline::kMaxOfferedRecordBytes) {
    problem(node, "max_message_size is at most 1MiB");
  }
  for (const ListenerConfig& other : config_.listeners) {
    if (other.name == listener.name) problem(node, "two listeners are named " + listener.name);
  }
  config_.listeners.push_back(std::move(listener));
}

void ConfigReader::read_listeners(const YamlNode& list) {
  config_.listeners.clear();
  if (list.is_scalar() && list.is_null()) return;
  if (!list.is_sequence()) problem(list, "a list of listeners is expected");
  if (list.items().size() > kMaxListeners) problem(list, "more than 64 listeners");
  for (const YamlNode& item : list.items()) read_listener(item);
}

void ConfigReader::read_sinks(const YamlNode& list) {
  config_.sinks.clear();
  if (list.is_scalar() && list.is_null()) return;
  if (!list.is_sequence()) problem(list, "a list of outputs is expected");
  if (list.items().size() > kMaxSinks) problem(list, "more than 16 outputs");
  std::set<std::string> paths;
  for (const YamlNode& item : list.items()) {
    SinkConfig sink;
    apply(item, "an output",
          {{"path", text(sink.path)},
           {"detections", flag(sink.detections)},
           {"chains", flag(sink.chains)}});
    if (sink.path.empty()) problem(item, "an output needs a path, or - for standard output");
    if (!paths.insert(sink.path).second) problem(item, "two outputs write to " + sink.path);
    config_.sinks.push_back(std::move(sink));
  }
}

void ConfigReader::read(const YamlNode& root) {
  const auto part = [this](std::string_view what, Setters setters) {
    return [this, what, setters = std::move(setters)](const YamlNode& node) {
      apply(node, what, setters);
    };
  };
  apply(
      root, "the configuration",
      {{"state_folder", text(config_.state_folder)},
       {"rules", texts(config_.rules)},
       {"pipelines", texts(config_.pipelines)},
       {"placeholders", texts(config_.placeholders)},
       {"attack_tables", text(config_.attack_overlay)},
       {"rule_cache", text(config_.rule_cache)},
       {"threads", count(config_.threads)},
       {"lateness", duration(config_.lateness)},
       {"stop_timeout", duration(config_.stop_timeout)},
       {"journal", part("journal", {{"max_size", size(config_.journal_max_bytes)},
                                    {"keep_size", size(config_.journal_keep_bytes)}})},
       {"dead_letters", part("dead_letters", {{"max_size", size(config_.dead_letter_max_bytes)}})},
       {"budgets", part("budgets", {{"event", count(config_.event_budget)},
                                    {"rule", count(config_.rule_budget)}})},
       {"admin", part("admin", {{"socket", text(config_.admin_socket)}})},
       {"listeners", [this](const YamlNode& node) { read_listeners(node); }},
       {"outputs", [this](const YamlNode& node) { read_sinks(node); }}});
  if (config_.state_folder.empty()) problem(root, "state_folder is empty");
  if (config_.journal_max_bytes < kLeastJournalBytes) {
    problem(root, "journal.max_size is at least 256MiB");
  } else if (config_.journal_keep_bytes > config_.journal_max_bytes / 2) {
    problem(root, "journal.keep_size is at most half of journal.max_size");
  }
}

Status read_text(std::string_view text, const std::string& name, DaemonConfig& config) {
  ASSIGN_OR_RETURN(const auto documents, yaml::read_yaml(text, name));
  ConfigReader reader(config, name);
  if (documents.size() > 1) return invalid_input(name + ": more than one document");
  if (!documents.empty()) reader.read(documents[0].root);
  std::string all;
  for (const std::string& problem : reader.problems()) {
    all += (all.empty() ? "" : "\n") + problem;
  }
  return all.empty() ? ok_status() : invalid_input(all);
}

// CATENA__JOURNAL__MAX_SIZE=16GiB as the YAML that says the same.
Status read_environment(const Environment& environment, DaemonConfig& config) {
  for (const auto& [variable, value] : environment) {
    if (variable.rfind(kVariablePrefix, 0) != 0) continue;
    std::string rest = variable.substr(kVariablePrefix.size());
    std::transform(rest.begin(), rest.end(), rest.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const std::size_t border = rest.find("__");
    std::string quoted = "'";
    for (const char c : value) quoted += c == '\'' ? "''" : std::string(1, c);
    quoted += "'";
    const std::string text =
        border == std::string::npos
            ? rest + ": " + quoted + "\n"
            : rest.substr(0, border) + ":\n  " + rest.substr(border + 2) + ": " + quoted + "\n";
    RETURN_IF_ERROR(read_text(text, "environment " + variable, config));
  }
  return {};
}

}  // namespace

std::vector<ListenerConfig> DaemonConfig::default_listeners() {
  std::vector<ListenerConfig> listeners(3);
  listeners[0].name = listeners[0].protocol = "syslog-udp";
  listeners[1].name = listeners[1].protocol = "syslog-tcp";
  listeners[2].name = listeners[2].protocol = "http";
  for (ListenerConfig& listener : listeners) {
    listener.address = listener.protocol == "http" ? "127.0.0.1:8514" : "127.0.0.1:5514";
    listener.place = "defaults";
  }
  return listeners;
}

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept {
  return parse_with_unit(text, kSizeUnits, INT64_MAX);
}

std::optional<Timestamp> parse_duration(std::string_view text) noexcept {
  const auto value = parse_with_unit(text, kTimeUnits, INT64_MAX);
  return value ? std::optional(static_cast<Timestamp>(*value)) : std::nullopt;
}

Result<DaemonConfig> parse_daemon_config(std::string_view text, std::string_view name,
                                         const Environment& environment) {
  DaemonConfig config;
  RETURN_IF_ERROR(read_text(text, std::string(name), config));
  RETURN_IF_ERROR(read_environment(environment, config));
  return config;
}

Result<DaemonConfig> load_daemon_config(const std::string& path, const Environment& environment) {
  std::vector<std::string> files = {path};
  const std::filesystem::path folder = std::filesystem::path(path).parent_path() / "conf.d";
  std::error_code error;
  std::vector<std::string> more;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".yml" || entry->path().extension() == ".yaml") {
      more.push_back(entry->path().string());
    }
  }
  std::sort(more.begin(), more.end());
  files.insert(files.end(), more.begin(), more.end());
  DaemonConfig config;
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(const std::string text, yaml::read_bounded_file(file, yaml::kMaxYamlBytes));
    RETURN_IF_ERROR(read_text(text, file, config));
  }
  RETURN_IF_ERROR(read_environment(environment, config));
  return config;
}

}  // namespace catena::daemon
