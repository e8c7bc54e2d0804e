// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Diagnostic is one thing to tell the author of a rule: what, where, how bad. It is a value, not an
// exception and not a log line. Thread safety: value types.
namespace catena::sigma {

enum class Severity : std::uint8_t { kWarning, kError };

// Stable kinds, for counting and for tests; diagnostic_code_name() gives the text.
enum class DiagnosticCode : std::uint8_t {
  kUnreadable,       // the file or folder cannot be read
  kYaml,             // not the YAML that the reader accepts
  kSchema,           // a key is missing or of the wrong kind
  kUnknownModifier,  // "Field|containz"
  kModifier,         // a modifier where it cannot stand
  kAllWithOneValue,  // "all" over one value
  kValue,            // a value that its modifiers cannot take
  kNullInList,       // null as one of several values
  kRegex,            // a regular expression that the engine refuses
  kPlaceholder,      // %name% under |expand without a value
  kCondition,        // the condition cannot be parsed
  kNamesNothing,     // the condition names a search identifier that is not there
  kCorrelation,      // a correlation rule that says nothing that can be run
  kFilter,           // a filter that cannot be applied
  kLegacy,           // constructs that the specification withdrew
  kDuplicateId,      // another rule has the id
  kLimit,            // a named bound was exceeded
  kPipeline,         // a processing pipeline that is refused, or that refuses the rule
  kLint,             // warnings: loads, but is probably not what was meant
};

// "unknown-modifier" and so on.
[[nodiscard]] std::string_view diagnostic_code_name(DiagnosticCode code) noexcept;

// A place in a file, 1-based; zero means that there is none.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Diagnostic {
  Severity severity = Severity::kError;
  DiagnosticCode code = DiagnosticCode::kSchema;
  std::string file;
  Place place;
  std::string message;

  // "file:line:column: error: message [code]"; without the place when there is none. A message of
  // several lines goes on behind the first.
  [[nodiscard]] std::string to_string() const;
};

// What is wrong with a rule, before the file is known.
struct RuleProblem {
  DiagnosticCode code = DiagnosticCode::kSchema;
  Place place;
  std::string message;
};

}  // namespace catena::sigma
