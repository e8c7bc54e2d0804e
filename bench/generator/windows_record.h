// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/event/timestamp.h"

// WindowsRecord is one Windows event on its way to JSON: its channel, number and named values. It
// writes the two forms that collectors produce most (all keys on one level; Winlogbeat's nested
// form) and the rendered message that real records carry, and brings a record to a wanted size.
// Thread safety: none.
namespace catena::generator {

enum class WindowsShape : std::uint8_t { kFlat, kWinlogbeat };

// Which part of a record may go when it has to be small.
enum class Need : std::uint8_t {
  kEssential,  // rules ask for it
  kDetail,
};

class WindowsRecord {
 public:
  // The channel's names and numbers; all texts outlive the record.
  struct Kind {
    std::string_view channel;
    std::string_view provider;
    std::string_view provider_guid;
    std::uint32_t event_id = 0;
    std::string_view headline;  // first line of the rendered message
    std::string_view keywords;
    bool explains_itself = false;  // Security: paragraphs of explanation follow the values
  };

  WindowsRecord(const Kind& kind, std::string_view host, Timestamp time)
      : kind_(kind), host_(host), time_(time) {}

  WindowsRecord& add(std::string_view name, std::string_view value, Need need = Need::kDetail);

  // Appends the record as one line. `wanted_bytes` 0: as real records are, message included;
  // otherwise about that many bytes, as far as the essential values allow.
  void write(WindowsShape shape, std::size_t wanted_bytes, std::string& out) const;

 private:
  struct Value {
    std::string_view name;
    std::string value;
    Need need;
  };

  [[nodiscard]] std::string message() const;
  [[nodiscard]] std::string text(WindowsShape shape, Need least, const std::string& message) const;
  void write_flat(Need least, const std::string& message, std::string& out) const;
  void write_winlogbeat(Need least, const std::string& message, std::string& out) const;

  Kind kind_;
  std::string_view host_;
  Timestamp time_;
  std::vector<Value> values_;
};

// "2026-01-05 08:00:00.123", as Sysmon writes UtcTime.
[[nodiscard]] std::string utc_time(Timestamp time);

}  // namespace catena::generator
