// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include <CLI/CLI.hpp>

// An option that takes one of a few words. Thread safety: as CLI11.
namespace catena::app {

// The value of the chosen word goes to `target`; both must outlive the command.
template <typename T>
void add_choice(CLI::App* command, const std::string& name, T& target,
                const std::map<std::string, T>& choices, const std::string& help) {
  std::string names;
  for (const auto& [choice, value] : choices) names += (names.empty() ? "" : ", ") + choice;
  command
      ->add_option_function<std::string>(
          name, [&target, &choices](const std::string& text) { target = choices.at(text); },
          help + " (" + names + ")")
      ->check(CLI::IsMember(choices))
      ->option_text("WORD");
}

}  // namespace catena::app
