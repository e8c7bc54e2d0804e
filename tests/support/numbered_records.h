// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cctype>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/app/content.h"
#include "engine/daemon/daemon.h"
#include "engine/incident/json_lines.h"
#include "engine/pipeline/incident_store.h"

// Records with numbers for tests that crash the daemon: each well-formed one is one detection that
// names its number, each broken one is one dead letter, and five of a host in ten minutes are one
// more detection, of a correlation. And the checker that counts what became of them:
//   - what was acknowledged is detected or a dead letter (I1, I2);
//   - nothing is detected or written twice (I3);
//   - received, acknowledged, evaluated and dead add up (I8).
namespace catena::tests {

inline constexpr const char* kNumberedRules = R"(title: Numbered Record
id: 5b1c4a52-8f0e-4e6f-9d5c-6c1f0a3c2b11
status: test
logsource:
  product: linux
detection:
  selection:
    - numbered-record
  condition: selection
level: medium
tags: [attack.t1110]
---
title: Many Numbered Records
id: 7c9d1f0e-3c66-4a1e-9a1b-0a52d7a9c0de
status: test
correlation:
  type: event_count
  rules: [5b1c4a52-8f0e-4e6f-9d5c-6c1f0a3c2b11]
  generate: true
  group-by: [host]
  timespan: 10m
  condition: {gte: 5}
level: high
)";

// Every seventh number is broken.
inline bool is_broken(std::uint64_t number) { return number % 7 == 3; }

inline std::string numbered_record(std::uint64_t number) {
  const std::string text = "number-" + std::to_string(number) + "-";
  if (is_broken(number)) return "{\"" + text + "\":";
  // A second each; hosts change every nine records, so that groups come and go.
  const std::uint64_t second = number % 60;
  const std::uint64_t minute = number / 60 % 60;
  const std::uint64_t hour = number / 3600 % 24;
  const auto two = [](std::uint64_t value) {
    return std::string(value < 10 ? "0" : "") + std::to_string(value);
  };
  return "<13>1 2026-10-13T" + two(hour) + ":" + two(minute) + ":" + two(second) + ".000Z host-" +
         std::to_string(number / 9 % 50) + " app - - - numbered-record " + text;
}

// The number in a text that holds such a record; 0 when there is none.
inline std::uint64_t number_in(std::string_view text) {
  const std::size_t at = text.find("number-");
  if (at == std::string_view::npos) return 0;
  std::uint64_t number = 0;
  for (std::size_t i = at + 7; i < text.size() && std::isdigit(text[i]) != 0; ++i) {
    number = number * 10 + static_cast<std::uint64_t>(text[i] - '0');
  }
  return number;
}

inline std::shared_ptr<const daemon::Ruleset> numbered_rules(const std::filesystem::path& folder) {
  const std::string path = (folder / "numbered.yml").string();
  std::ofstream(path) << kNumberedRules;
  app::ContentOptions options;
  options.rule_paths = {path};
  auto loaded = app::Content::load(options);
  if (!loaded.ok()) throw std::runtime_error(loaded.status().to_string());
  const std::shared_ptr<const app::Content> content = *std::move(loaded);
  return std::make_shared<daemon::Ruleset>(daemon::Ruleset{content, content->detectors(), 2, 0});
}

// What the sink's file, the store and the dead letters say of the numbers.
class NumbersCheck {
 public:
  void read_sink(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::set<std::string> ids;
    for (std::string line; std::getline(file, line);) {
      if (line.find("\"kind\":\"detection\"") == std::string::npos) continue;
      const std::string id = line.substr(line.find("\"id\":\"") + 6, 32);
      if (!ids.insert(id).second) problems_.push_back("detection " + id + " is written twice");
      written_.insert(id);
    }
  }
  void read_store(const pipeline::IncidentStore& store) {
    std::set<std::string> stored;
    const Status read = store.for_each_chain([&](const incident::Chain& chain) {
      for (const incident::Step& step : chain.steps) {
        const auto found = store.detection(step.detection);
        if (!found.ok() || !found->has_value()) {
          problems_.push_back("a step without its detection");
          continue;
        }
        stored.insert(step.detection.hex());
        if (!(*found)->correlation && ++found_[number_in((*found)->evidence)] > 1) {
          problems_.push_back("two detections of number " +
                              std::to_string(number_in((*found)->evidence)));
        }
      }
      return true;
    });
    if (!read.ok()) problems_.push_back(read.to_string());
    for (const std::string& id : stored) {
      if (!written_.contains(id)) problems_.push_back("detection " + id + " is not in the sink");
    }
  }
  void read_letters(const storage::DeadLetterStore& letters) {
    const Status read = letters.for_each([&](const storage::KeptLetter& letter) {
      ++dead_[number_in(letter.bytes)];
      return true;
    });
    if (!read.ok()) problems_.push_back(read.to_string());
  }
  void check_acknowledged(const std::set<std::uint64_t>& acknowledged) {
    for (const std::uint64_t number : acknowledged) {
      const bool there = is_broken(number) ? dead_.contains(number) : found_.contains(number);
      if (!there)
        problems_.push_back("number " + std::to_string(number) + " was acknowledged and lost");
    }
  }
  [[nodiscard]] std::size_t lost() const {
    std::size_t count = 0;
    for (const std::string& problem : problems_) {
      count += problem.find("acknowledged and lost") != std::string::npos ? 1 : 0;
    }
    return count;
  }
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

 private:
  std::set<std::string> written_;
  std::map<std::uint64_t, int> found_;
  std::map<std::uint64_t, int> dead_;
  std::vector<std::string> problems_;
};

// Detections and chains as JSON lines, in the store's order.
inline std::string everything_in(const pipeline::IncidentStore& store) {
  std::string out;
  const Status read = store.for_each_chain([&](const incident::Chain& chain) {
    out += incident::chain_json(chain) + "\n";
    for (const incident::Step& step : chain.steps) {
      const auto found = store.detection(step.detection);
      if (found.ok() && found->has_value()) {
        out += incident::detection_json(**found, chain.id, &step) + "\n";
      }
    }
    return true;
  });
  return out + (read.ok() ? "" : read.to_string());
}

}  // namespace catena::tests
