// SPDX-License-Identifier: Apache-2.0
#include "rules/attack/attack_loader.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "engine/base/text_fold.h"
#include "rules/attack/table_text.h"

namespace catena::rules {
namespace {

using attack::AttackCatalog;

enum class Kind : std::uint8_t {
  kVersion,
  kTactic,
  kTechnique,
  kRename,
  kRetactic,
  kForward,
  kIris,
};
constexpr std::size_t kKindCount = 7;

struct TableShape {
  std::string_view header;
  std::size_t fields;
};

constexpr std::array<TableShape, kKindCount> kShapes = {{
    {"attack_version", 1},
    {"tactic\tshortname\tname\tsince\tuntil", 5},
    {"technique\tname\ttactics\tplatforms\tparent\tstatus", 6},
    {"rename\tname", 2},
    {"retactic\ttactics", 2},
    {"forward\tsuccessor", 2},
    {"iris\tphases", 2},
}};

struct Row {
  const AttackTable* table = nullptr;
  std::size_t line = 0;
  std::vector<std::string_view> fields;

  [[nodiscard]] Status error(std::string_view reason) const {
    return invalid_input(table->name + ":" + std::to_string(line) + ": " + std::string(reason));
  }
  [[nodiscard]] std::string text(std::size_t field) const { return std::string(fields[field]); }
};

using Rows = std::array<std::vector<Row>, kKindCount>;

std::optional<Kind> header_kind(std::string_view line) {
  for (std::size_t i = 0; i < kKindCount; ++i) {
    if (line == kShapes[i].header) return static_cast<Kind>(i);
  }
  return std::nullopt;
}

Status check_line(const Row& row, std::string_view line) {
  if (line.size() > kMaxAttackFieldBytes * kShapes[2].fields) {
    return row.error("line is too long");
  }
  if (!is_utf8(line)) return row.error("line is not UTF-8");
  if (has_control_character(line)) return row.error("line has a control character");
  return {};
}

Status add_row(Kind kind, std::string_view line, Row row, Rows& rows) {
  row.fields = split(line, '\t');
  const std::size_t expected = kShapes[static_cast<std::size_t>(kind)].fields;
  if (row.fields.size() != expected) {
    return row.error("expected " + std::to_string(expected) + " tab-separated fields, found " +
                     std::to_string(row.fields.size()));
  }
  for (const std::string_view field : row.fields) {
    if (field.size() > kMaxAttackFieldBytes) return row.error("field is too long");
  }
  if (row.fields[0].empty()) return row.error("first field is empty");
  rows[static_cast<std::size_t>(kind)].push_back(std::move(row));
  return {};
}

Status read_table(const AttackTable& table, std::size_t& row_count, Rows& rows) {
  if (table.text.size() > kMaxAttackTableBytes) {
    return limit_exceeded(table.name + ": table is larger than " +
                          std::to_string(kMaxAttackTableBytes) + " bytes");
  }
  std::optional<Kind> kind;
  std::size_t line_number = 0;
  for (std::string_view line : split(table.text, '\n')) {
    ++line_number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    Row row{&table, line_number, {}};
    RETURN_IF_ERROR(check_line(row, line));
    if (const auto header = header_kind(line)) {
      kind = header;
      continue;
    }
    if (!kind) return row.error("expected a table's header line");
    if (++row_count > kMaxAttackRows) {
      return limit_exceeded(table.name + ":" + std::to_string(line_number) + ": more than " +
                            std::to_string(kMaxAttackRows) + " rows");
    }
    RETURN_IF_ERROR(add_row(*kind, line, std::move(row), rows));
  }
  return {};
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_technique_id(std::string_view id) {
  if (id.size() != 5 && id.size() != 9) return false;
  if (id[0] != 'T' || !all_digits(id.substr(1, 4))) return false;
  return id.size() == 5 || (id[5] == '.' && all_digits(id.substr(6)));
}

bool is_tactic_id(std::string_view id) {
  return id.size() == 6 && id.substr(0, 2) == "TA" && all_digits(id.substr(2));
}

bool is_shortname(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// A comma-separated list; an empty field is an empty list.
Result<std::vector<std::string>> list_of(const Row& row, std::size_t field) {
  std::vector<std::string> items;
  if (row.fields[field].empty()) return items;
  for (const std::string_view part : split(row.fields[field], ',')) {
    if (part.empty()) return row.error("list has an empty item");
    if (items.size() == kMaxAttackListItems) return row.error("list has too many items");
    items.emplace_back(part);
  }
  return items;
}

// Refuses the second row of one call with the same key.
class OncePerCall {
 public:
  Status check(const Row& row, const std::string& key) {
    if (keys_.insert(key).second) return {};
    return row.error("'" + key + "' is given twice");
  }

 private:
  std::set<std::string> keys_;
};

Status add_tactics(const std::vector<Row>& rows, AttackCatalog& catalog) {
  OncePerCall once;
  for (const Row& row : rows) {
    attack::Tactic tactic{row.text(0), row.text(1), row.text(2), !row.fields[4].empty()};
    if (!is_tactic_id(tactic.id)) return row.error("'" + tactic.id + "' is not a tactic id");
    if (!is_shortname(tactic.shortname)) {
      return row.error("'" + tactic.shortname + "' is not a tactic short name");
    }
    if (tactic.name.empty()) return row.error("tactic has no name");
    RETURN_IF_ERROR(once.check(row, tactic.shortname));
    catalog.add_tactic(std::move(tactic));
  }
  return {};
}

Result<std::vector<std::string>> tactics_of(const Row& row, std::size_t field,
                                            const AttackCatalog& catalog) {
  ASSIGN_OR_RETURN(std::vector<std::string> shortnames, list_of(row, field));
  for (const std::string& shortname : shortnames) {
    const attack::Tactic* known = catalog.tactic(shortname);
    if (known == nullptr || known->shortname != shortname) {
      return row.error("no tactic has the short name '" + shortname + "'");
    }
  }
  return shortnames;
}

Status add_techniques(const std::vector<Row>& rows, AttackCatalog& catalog) {
  OncePerCall once;
  for (const Row& row : rows) {
    attack::Technique technique;
    technique.id = row.text(0);
    technique.name = row.text(1);
    technique.parent = row.text(4);
    if (!is_technique_id(technique.id)) {
      return row.error("'" + technique.id + "' is not a technique id");
    }
    if (technique.name.empty()) return row.error("technique has no name");
    ASSIGN_OR_RETURN(technique.tactics, tactics_of(row, 2, catalog));
    ASSIGN_OR_RETURN(technique.platforms, list_of(row, 3));
    const std::string family = technique.id.substr(0, technique.id.find('.'));
    if (technique.parent != (family == technique.id ? "" : family)) {
      return row.error("'" + technique.parent + "' is not the parent of " + technique.id);
    }
    if (row.fields[5] != "current" && row.fields[5] != "deprecated") {
      return row.error("status is neither current nor deprecated");
    }
    technique.deprecated = row.fields[5] == "deprecated";
    RETURN_IF_ERROR(once.check(row, technique.id));
    catalog.add_technique(std::move(technique));
  }
  return {};
}

Status check_parents(const std::vector<Row>& rows, const AttackCatalog& catalog) {
  for (const Row& row : rows) {
    if (!row.fields[4].empty() && catalog.technique(row.fields[4]) == nullptr) {
      return row.error("no technique is called '" + row.text(4) + "'");
    }
  }
  return {};
}

Result<attack::Technique> named_technique(const Row& row, const AttackCatalog& catalog) {
  const attack::Technique* known = catalog.technique(row.fields[0]);
  if (known == nullptr) return row.error("no technique is called '" + row.text(0) + "'");
  return *known;
}

Status change_techniques(const Rows& rows, AttackCatalog& catalog) {
  OncePerCall renamed;
  for (const Row& row : rows[static_cast<std::size_t>(Kind::kRename)]) {
    ASSIGN_OR_RETURN(attack::Technique technique, named_technique(row, catalog));
    if (row.fields[1].empty()) return row.error("technique has no name");
    technique.name = row.text(1);
    RETURN_IF_ERROR(renamed.check(row, technique.id));
    catalog.add_technique(std::move(technique));
  }
  OncePerCall moved;
  for (const Row& row : rows[static_cast<std::size_t>(Kind::kRetactic)]) {
    ASSIGN_OR_RETURN(attack::Technique technique, named_technique(row, catalog));
    ASSIGN_OR_RETURN(technique.tactics, tactics_of(row, 1, catalog));
    RETURN_IF_ERROR(moved.check(row, technique.id));
    catalog.add_technique(std::move(technique));
  }
  return {};
}

Status add_forwards(const std::vector<Row>& rows, AttackCatalog& catalog) {
  OncePerCall once;
  for (const Row& row : rows) {
    if (!is_technique_id(row.fields[0])) {
      return row.error("'" + row.text(0) + "' is not a technique id");
    }
    RETURN_IF_ERROR(once.check(row, row.text(0)));
    catalog.add_forward(row.text(0), row.text(1));
  }
  for (const Row& row : rows) {
    const std::string end = catalog.canonical(row.fields[0]);
    if (catalog.forwards().count(end) != 0) {
      return row.error("successors of '" + row.text(0) +
                       "' form a circle or a chain of more than " +
                       std::to_string(AttackCatalog::kMaxForwardHops));
    }
    if (catalog.technique(end) == nullptr) {
      return row.error("no technique is called '" + end + "'");
    }
  }
  return {};
}

// "E4,CTX": the context is a second choice, which says no more than the phase before it.
Result<attack::PhaseCandidates> phases_of(const Row& row) {
  ASSIGN_OR_RETURN(const std::vector<std::string> codes, list_of(row, 1));
  attack::PhaseCandidates candidates;
  for (const std::string& code : codes) {
    if (code == "CTX") {
      candidates.contextual = candidates.phases.empty();
      continue;
    }
    const auto phase = attack::parse_phase(code);
    if (!phase) return row.error("no phase is called '" + code + "'");
    auto& phases = candidates.phases;
    if (std::find(phases.begin(), phases.end(), *phase) != phases.end()) {
      return row.error("phase '" + code + "' is given twice");
    }
    phases.push_back(*phase);
  }
  if (codes.empty()) return row.error("row names no phase");
  return candidates;
}

Status add_phases(const std::vector<Row>& rows, AttackCatalog& catalog) {
  OncePerCall once;
  for (const Row& row : rows) {
    const std::string key = row.text(0);
    RETURN_IF_ERROR(once.check(row, key));
    ASSIGN_OR_RETURN(attack::PhaseCandidates candidates, phases_of(row));
    const attack::Tactic* tactic = catalog.tactic(key);
    if (is_technique_id(key) && catalog.technique(key) != nullptr) {
      catalog.set_technique_phases(key, std::move(candidates));
    } else if (tactic != nullptr && tactic->shortname == key) {
      catalog.set_tactic_phases(key, std::move(candidates));
    } else {
      return row.error("no technique or tactic is called '" + key + "'");
    }
  }
  return {};
}

void add_versions(const std::vector<Row>& rows, AttackCatalog& catalog) {
  std::set<std::string> added;
  for (const Row& row : rows) added.insert(row.text(0));
  std::string version = catalog.version();
  const std::vector<std::string_view> present = split(catalog.version(), '+');
  for (const std::string& one : added) {
    if (std::find(present.begin(), present.end(), one) != present.end()) continue;
    if (!version.empty()) version.push_back('+');
    version.append(one);
  }
  catalog.set_version(std::move(version));
}

}  // namespace

Status load_attack_tables(std::span<const AttackTable> tables, attack::AttackCatalog& catalog) {
  Rows rows;
  std::size_t row_count = 0;
  for (const AttackTable& table : tables) {
    RETURN_IF_ERROR(read_table(table, row_count, rows));
  }
  const auto of = [&rows](Kind kind) -> const std::vector<Row>& {
    return rows[static_cast<std::size_t>(kind)];
  };
  AttackCatalog next = catalog;
  RETURN_IF_ERROR(add_tactics(of(Kind::kTactic), next));
  RETURN_IF_ERROR(add_techniques(of(Kind::kTechnique), next));
  RETURN_IF_ERROR(check_parents(of(Kind::kTechnique), next));
  RETURN_IF_ERROR(change_techniques(rows, next));
  RETURN_IF_ERROR(add_forwards(of(Kind::kForward), next));
  RETURN_IF_ERROR(add_phases(of(Kind::kIris), next));
  add_versions(of(Kind::kVersion), next);
  catalog = std::move(next);
  return {};
}

}  // namespace catena::rules
