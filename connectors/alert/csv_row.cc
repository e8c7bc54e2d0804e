// SPDX-License-Identifier: Apache-2.0
#include "connectors/alert/csv_row.h"

namespace catena::alerts {
namespace {

// A value in quotes at `at`, which moves behind it; false when the quote is not closed.
bool read_quoted(std::string_view line, std::size_t& at, std::string& value) {
  for (++at; at < line.size(); ++at) {
    if (line[at] != '"') {
      value.push_back(line[at]);
    } else if (at + 1 < line.size() && line[at + 1] == '"') {
      value.push_back(line[++at]);
    } else {
      ++at;
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<std::vector<std::string>> parse_csv_row(std::string_view line) {
  std::vector<std::string> values;
  std::size_t at = 0;
  while (true) {
    if (values.size() == kMaxCsvColumns) return std::nullopt;
    std::string value;
    if (at < line.size() && line[at] == '"') {
      if (!read_quoted(line, at, value)) return std::nullopt;
    } else {
      for (; at < line.size() && line[at] != ','; ++at) value.push_back(line[at]);
    }
    values.push_back(std::move(value));
    if (at == line.size()) return values;
    if (line[at] != ',') return std::nullopt;
    ++at;
  }
}

std::string csv_row(const std::vector<std::string>& values) {
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out.push_back(',');
    if (values[i].find_first_of(",\"\r\n") == std::string::npos) {
      out += values[i];
      continue;
    }
    out.push_back('"');
    for (const char c : values[i]) {
      if (c == '"') out.push_back('"');
      out.push_back(c);
    }
    out.push_back('"');
  }
  return out;
}

}  // namespace catena::alerts
