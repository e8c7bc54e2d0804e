// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/event/log_source.h"
#include "engine/event/timestamp.h"

// MappingDefinition is what the mapping packs say, as plain data: which shapes of records exist,
// how their paths become Sigma field names, and which log source a record has. It is not the fast
// form; NormalisationTable compiles it. The meaning of every part is written down in
// rules/packs/mapping/README.md.
// Thread safety: value types.
namespace catena::normalise {

// Which decoder reads a record. JSON records are told apart by their keys; every other format has
// exactly one shape.
enum class RecordFormat : std::uint8_t {
  kJson,
  kEventXml,   // a Windows or Sysmon-for-Linux <Event> document
  kSyslog,     // a line with a syslog header
  kLine,       // a line without one
  kAuditd,     // type=… msg=audit(…): …
  kAuoms,      // type=AUOMS_… audit(…): …
  kAccessLog,  // common or combined web server log
  kFirewall,   // kernel packet filter line: SRC= DST= PROTO=
  kCisco,      // %FACILITY-SEVERITY-MNEMONIC line
  kSquid,      // native log of the proxy Squid
  kFortinet,   // date=… devname="…" logid="…" …
};
inline constexpr std::size_t kRecordFormatCount = 11;

[[nodiscard]] std::string_view record_format_name(RecordFormat format) noexcept;
[[nodiscard]] std::optional<RecordFormat> parse_record_format(std::string_view name) noexcept;

struct Rename {
  std::string path;
  std::vector<std::string> fields;
};

// Where a record's time is. With a zone reference, the path holds local time without a zone, and
// the zone is the difference of two other paths that show one moment in local time and in UTC.
struct TimeRule {
  std::string path;
  TimeSource source = TimeSource::kEventField;
  std::string zone_local;
  std::string zone_utc;
};

// `target` gets the values of the first of `sources` that is there, unless the record has a target
// of its own. Absent, empty and "-" count as not there.
struct Alias {
  std::string target;
  std::vector<std::string> sources;
};

struct Condition {
  enum class Operator : std::uint8_t { kEquals, kContains, kStartsWith, kEndsWith, kExists };
  std::string field;
  Operator op = Operator::kEquals;
  std::vector<std::string> values;  // any of them; case-insensitive; none for kExists
};

struct LogSourceEntry {
  std::vector<Condition> when;  // all of them
  std::string product;          // empty: that of the table
  std::vector<std::string> categories;
  std::vector<std::string> services;
  // The first field's values are those of the second instead; done before aliases. For producers
  // that give a Sigma name another meaning.
  std::vector<std::pair<std::string, std::string>> moves;
  std::vector<Alias> aliases;
};

// A decision table. Entries that only compare fields of `by` for equality are found by one hash
// lookup; conditions on other fields choose among the entries found there, first match wins.
struct LogSourceTable {
  std::string name;
  std::string product;
  std::vector<std::string> by;
  std::vector<LogSourceEntry> entries;
};

struct Shape {
  std::string name;
  std::vector<RecordFormat> formats;
  // Paths whose presence tells a JSON shape. The first shape whose paths fit is taken.
  std::vector<std::string> when_all;
  std::vector<std::string> when_any;
  std::vector<std::string> when_none;
  // A path is its field name with one of these before it and one of the suffixes behind it. "*"
  // stands for one step of the path.
  std::vector<std::string> strip_prefixes;
  std::vector<std::string> strip_suffixes;
  std::vector<Rename> renames;
  std::vector<TimeRule> times;        // best first
  std::vector<std::string> embedded;  // paths whose text is itself a log line, JSON or XML
  std::vector<Alias> aliases;
  std::string log_sources;  // name of a table, or empty
};

// A log source that no shape leads to, and why: for people who ask, not for events.
struct UnmappedLogSource {
  LogSourceSelector log_source;
  std::string reason;
};

struct MappingDefinition {
  std::vector<Shape> shapes;
  std::vector<LogSourceTable> tables;
  std::vector<UnmappedLogSource> unmapped = {};
};

}  // namespace catena::normalise
