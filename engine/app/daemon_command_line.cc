// SPDX-License-Identifier: Apache-2.0
#include "engine/app/daemon_command_line.h"

#include <CLI/CLI.hpp>

#include "engine/app/daemon_client_command.h"
#include "engine/app/serve_command.h"

namespace catena::app {
namespace {

struct DaemonCommands {
  ServeOptions serve;
  DaemonClientOptions client;
};

void add_socket(CLI::App* command, DaemonCommands& commands) {
  command->add_option("--socket", commands.client.socket, "the daemon's admin socket")
      ->option_text("PATH")
      ->capture_default_str();
  command
      ->add_option_function<std::string>(
          "--state",
          [&commands](const std::string& folder) {
            commands.client.socket = folder + "/admin.sock";
          },
          "the folder given to serve --state")
      ->option_text("DIR");
  command->add_flag("--json", commands.client.json, "as the daemon says it, JSON");
}

void add_serve(CLI::App& app, DaemonCommands& commands, std::function<int()>& run) {
  CLI::App* serve = app.add_subcommand("serve", "receive events from shippers, detect, keep");
  serve
      ->add_option("-c,--config", commands.serve.config,
                   "configuration (default: /etc/catena/catena.yml, or what is built in)")
      ->option_text("FILE");
  serve
      ->add_option("--state", commands.serve.state_folder,
                   "keep journal, store and admin socket in this folder")
      ->option_text("DIR");
  serve->add_flag("--check-config", commands.serve.check_only,
                  "say what is wrong with the configuration and the rules, and end");
  serve->footer(
      "Exit codes: 0 drained, 2 could not start or go on, 78 wrong configuration.\n"
      "Example:\n"
      "  catena serve --state demo-state\n"
      "  logger --server 127.0.0.1 --port 5514 --tcp --rfc5424 hello");
  serve->callback([&] { run = [&] { return run_serve(commands.serve); }; });
}

void add_dlq(CLI::App& app, DaemonCommands& commands, std::function<int()>& run) {
  CLI::App* dlq = app.add_subcommand("dlq", "records that could not be evaluated, and why");
  dlq->require_subcommand(1);
  CLI::App* list = dlq->add_subcommand("list", "oldest first, with their first bytes");
  list->add_option("--after", commands.client.after, "behind this record")->option_text("N");
  list->add_option("--limit", commands.client.limit, "at most so many")->option_text("N");
  list->callback([&] { run = [&] { return run_dlq_list(commands.client); }; });
  CLI::App* show = dlq->add_subcommand("show", "one, whole");
  CLI::App* requeue = dlq->add_subcommand("requeue", "evaluate it again");
  for (CLI::App* command : {show, requeue}) {
    command->add_option("RECORD", commands.client.record, "its number")->required();
  }
  show->callback([&] { run = [&] { return run_dlq_show(commands.client); }; });
  requeue->callback([&] { run = [&] { return run_dlq_requeue(commands.client); }; });
  for (CLI::App* command : {list, show, requeue}) add_socket(command, commands);
  dlq->footer("Example:\n  catena dlq list --state demo-state");
}

}  // namespace

std::shared_ptr<void> add_daemon_commands(CLI::App& app, std::function<int()>& run) {
  auto commands = std::make_shared<DaemonCommands>();
  add_serve(app, *commands, run);
  CLI::App* status = app.add_subcommand("status", "how a running daemon is");
  add_socket(status, *commands);
  status->footer("Example:\n  catena status --state demo-state");
  status->callback(
      [&run, held = commands.get()] { run = [held] { return run_status(held->client); }; });
  add_dlq(app, *commands, run);
  return commands;
}

}  // namespace catena::app
