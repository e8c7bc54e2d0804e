// SPDX-License-Identifier: Apache-2.0
#include "engine/app/daemon_client_command.h"

#include <cstdio>

#include "engine/app/exit_code.h"
#include "engine/app/terminal.h"
#include "engine/daemon/admin_server.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::app {
namespace {

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int fail(const Status& status) {
  std::string message = status.message();
  while (!message.empty() && message.back() == '\n') message.pop_back();
  std::fprintf(stderr, "catena: %s\n", printable(message).c_str());
  return kExitError;
}

// The members of one JSON object, one a line. JSON as our writer makes it is YAML in flow style, so
// the YAML reader reads it.
std::string as_text(const std::string& json) {
  const auto read = yaml::read_yaml(
      json, "answer", {.bytes = 8 * yaml::kMaxYamlBytes, .scalar_bytes = 2 * yaml::kMaxYamlBytes});
  if (!read.ok() || read->empty()) return json;
  std::string out;
  for (const yaml::YamlEntry& entry : (*read)[0].root.entries()) {
    std::string value = entry.value.text();
    for (const yaml::YamlNode& item : entry.value.items()) {
      value += (value.empty() ? "" : ", ") + item.text();
    }
    const std::string& key = entry.key.text();
    if (key == "kind" || key == "schema") continue;
    out += column(printable(key), 18) + printable(value) + "\n";
  }
  return out;
}

int show(const DaemonClientOptions& options, const std::string& method, const std::string& target) {
  const auto answer = daemon::ask_admin(options.socket, {method, target});
  if (!answer.ok()) return fail(answer.status());
  if (options.json) {
    print(*answer);
    return kExitOk;
  }
  for (std::size_t begin = 0; begin < answer->size();) {
    const std::size_t end = std::min(answer->find('\n', begin), answer->size());
    print(as_text(answer->substr(begin, end - begin)));
    begin = end + 1;
    if (begin < answer->size()) print("\n");
  }
  return kExitOk;
}

std::string letter_path(const DaemonClientOptions& options) {
  return "/dead-letters/" + std::to_string(options.record);
}

}  // namespace

int run_status(const DaemonClientOptions& options) {
  const int shown = show(options, "GET", "/status");
  if (shown != kExitOk) return shown;
  return daemon::ask_admin(options.socket, {"GET", "/readyz"}).ok() ? kExitOk : kExitFound;
}

int run_dlq_list(const DaemonClientOptions& options) {
  return show(options, "GET",
              "/dead-letters?after=" + std::to_string(options.after) +
                  "&limit=" + std::to_string(options.limit));
}

int run_dlq_show(const DaemonClientOptions& options) {
  return show(options, "GET", letter_path(options));
}

int run_dlq_requeue(const DaemonClientOptions& options) {
  return show(options, "POST", letter_path(options) + "/requeue");
}

}  // namespace catena::app
