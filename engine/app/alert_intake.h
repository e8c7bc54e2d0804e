// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/alert/alert_mapping.h"
#include "engine/alert/alert_reader.h"
#include "engine/attack/attack_catalog.h"
#include "engine/pipeline/incident_stage.h"

// AlertIntake reads the files of other engines' alerts and hands each alert on as a detection, in
// portions like the batches of events. Thread safety: none.
namespace catena::app {

// What became of the records: read = detections + ignored + refused.
struct AlertCounts {
  std::uint64_t read = 0;
  std::uint64_t detections = 0;
  std::uint64_t ignored = 0;  // of a known stream, but no alerts
  std::uint64_t refused = 0;
  std::string first_refused;  // "file:line: reason"
};

class AlertIntake {
 public:
  // Detections that are handed on at once.
  static constexpr std::size_t kPortion = 4096;

  using OnDetections = std::function<Status(pipeline::BatchOutcome&)>;
  struct Refused {
    std::string_view source;
    std::uint64_t line = 0;
    std::uint64_t offset = 0;
    std::string_view reason;
    std::string_view excerpt;
  };
  using OnRefused = std::function<void(const Refused&)>;

  // Both must outlive the intake.
  AlertIntake(const alert::AlertMapping& mapping, const attack::AttackCatalog& attack)
      : mapping_(mapping), reader_(mapping, attack) {}

  // Reads one file to its end. A file that cannot be read is an error; what came before it has
  // been handed on.
  Status read(const std::string& path, const OnDetections& on_detections,
              const OnRefused& on_refused);

  [[nodiscard]] const AlertCounts& counts() const noexcept { return counts_; }

 private:
  const alert::AlertMapping& mapping_;
  alert::AlertReader reader_;
  AlertCounts counts_;
};

// The built-in packs, behind those of `paths` (files). A pack of `paths` takes the place of a
// built-in one with the same name.
Result<alert::AlertMapping> load_alert_mapping(const std::vector<std::string>& paths);

}  // namespace catena::app
