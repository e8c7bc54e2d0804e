// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/diagnostic.h"

#include <algorithm>
#include <array>

namespace catena::sigma {
namespace {

constexpr std::array<std::string_view, 19> kNames = {
    "unreadable",  "yaml",         "schema", "unknown-modifier", "modifier",  "all-with-one-value",
    "value",       "null-in-list", "regex",  "placeholder",      "condition", "names-nothing",
    "correlation", "filter",       "legacy", "duplicate-id",     "limit",     "pipeline",
    "lint"};

}  // namespace

std::string_view diagnostic_code_name(DiagnosticCode code) noexcept {
  return kNames[static_cast<std::size_t>(code)];
}

std::string Diagnostic::to_string() const {
  std::string text = file;
  if (place.line > 0) {
    text += ':';
    text += std::to_string(place.line);
    text += ':';
    text += std::to_string(place.column);
  }
  text += severity == Severity::kError ? ": error: " : ": warning: ";
  // What stands behind the first line (a rewritten rule) stays behind it.
  const std::size_t end = std::min(message.find('\n'), message.size());
  text.append(message, 0, end);
  text += " [";
  text += diagnostic_code_name(code);
  text += ']';
  text.append(message, end);
  return text;
}

}  // namespace catena::sigma
