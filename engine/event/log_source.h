// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// LogSource says what kind of record an event is, in Sigma's terms. One event can be of several
// categories and services at once (Sysmon 13 is registry_set and registry_event; an sshd line is
// sshd, auth and syslog), a rule asks for at most one of each.
// Source: Sigma rules specification 2.1, section LogSource, and the taxonomy appendix.
// Thread safety: LogSourceCatalog is filled while mappings load and const afterwards.
namespace catena {

using LogSourceId = std::uint16_t;

// The log source of an event that no mapping recognises: no rule with a log source applies to it.
inline constexpr LogSourceId kUnmappedLogSource = 0;

// Kept sorted and without duplicates by the catalog, so that equal sets have one id.
struct LogSource {
  std::string product;
  std::vector<std::string> categories;
  std::vector<std::string> services;

  friend bool operator==(const LogSource&, const LogSource&) = default;
};

// What a rule asks for; an empty string asks for nothing. Lower case.
struct LogSourceSelector {
  std::string product;
  std::string category;
  std::string service;

  friend bool operator==(const LogSourceSelector&, const LogSourceSelector&) = default;
  friend auto operator<=>(const LogSourceSelector&, const LogSourceSelector&) = default;
  // "windows/process_creation/-": product, category, service; "-" for any.
  [[nodiscard]] std::string to_string() const;
};

// True when every part that the selector names is one of the log source's. A selector that names
// nothing applies to nothing: Sigma asks for at least one part.
[[nodiscard]] bool applies(const LogSourceSelector& selector, const LogSource& log_source);

class LogSourceCatalog {
 public:
  LogSourceCatalog();

  // The id of a log source, given out at first sight. At most 65,535 exist.
  LogSourceId intern(LogSource log_source);
  [[nodiscard]] const LogSource& get(LogSourceId id) const noexcept { return sources_[id]; }
  // Ids are 0 … size()-1.
  [[nodiscard]] std::size_t size() const noexcept { return sources_.size(); }
  // True when some catalogued log source satisfies the selector.
  [[nodiscard]] bool reachable(const LogSourceSelector& selector) const;

 private:
  std::vector<LogSource> sources_;
};

}  // namespace catena
