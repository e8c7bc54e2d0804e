// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/alert/alert_mapping.h"
#include "engine/alert/alert_record.h"
#include "engine/attack/attack_catalog.h"
#include "engine/incident/detection.h"

// AlertReader makes a detection of another engine's alert, so that it joins chains like our own:
// its signature is the rule ("suricata:2010935"), its meaning comes from the alert itself and from
// the mapping, its level is capped by the engine's trust. An alert is never dropped for want of a
// meaning: it is then a detection without a phase. Thread safety: none (it remembers signatures).
// Cost: a few microseconds; allocates. Memory: at most kMaxRemembered signatures.
namespace catena::alert {

class AlertReader {
 public:
  static constexpr std::size_t kMaxRemembered = 20'000;
  static constexpr std::size_t kMaxTitleBytes = 512;
  static constexpr std::size_t kMaxEntities = 48;

  enum class Kind : std::uint8_t {
    kAlert,    // `detection` is one
    kIgnored,  // of a known stream, but no alert
    kRefused   // `reason` says why
  };
  struct Outcome {
    Kind kind = Kind::kRefused;
    incident::Detection detection;
    std::string reason;
  };

  // Both must outlive the reader.
  AlertReader(const AlertMapping& mapping, const attack::AttackCatalog& attack)
      : mapping_(mapping), attack_(attack) {}

  [[nodiscard]] Outcome read(const AlertRecord& record, incident::DetectionOrigin origin);

 private:
  // What is known of a signature before its alert is read.
  struct Meaning {
    std::vector<std::string> tags;
    std::optional<plan::Level> level;
  };

  [[nodiscard]] const AlertEngine* engine_of(const AlertRecord& record, bool& ignored) const;
  [[nodiscard]] const Meaning& meaning_of(const AlertEngine& engine, std::string_view title,
                                          std::string_view signature);
  void add_tags(const AlertEngine& engine, const AlertRecord& record,
                std::vector<std::string>& tags) const;
  [[nodiscard]] std::string tag_of(std::string_view text) const;
  [[nodiscard]] incident::Detection detection_of(const AlertEngine& stream,
                                                 const AlertRecord& record, Timestamp time);

  const AlertMapping& mapping_;
  const attack::AttackCatalog& attack_;
  std::unordered_map<std::string, Meaning> remembered_;
};

// True when `text` is `pattern`, in which '*' stands for any text. Both lower case. Linear in
// practice, at worst the product of the lengths.
[[nodiscard]] bool fits_pattern(std::string_view text, std::string_view pattern) noexcept;

}  // namespace catena::alert
