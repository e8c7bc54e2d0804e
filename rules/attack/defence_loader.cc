// SPDX-License-Identifier: Apache-2.0
#include "rules/attack/defence_loader.h"

#include <algorithm>
#include <map>
#include <optional>

#include "engine/base/text_fold.h"
#include "rules/attack/table_text.h"

namespace catena::rules {
namespace {

using attack::AttackCatalog;
using attack::DefenceCatalog;

enum class Kind : std::uint8_t { kMitigation, kMeaning, kGroup, kAdvice };

struct TableShape {
  std::string_view header;
  Kind kind;
  std::size_t fields;
};
constexpr TableShape kShapes[] = {{"mitigation\tname\ttechniques", Kind::kMitigation, 3},
                                  {"meaning\ttext", Kind::kMeaning, 2},
                                  {"group\tname\taliases\ttechniques", Kind::kGroup, 4},
                                  {"advice\ttext", Kind::kAdvice, 2}};

struct Row {
  std::string place;  // "table:line"
  std::vector<std::string_view> fields;

  [[nodiscard]] Status error(const std::string& reason) const {
    return invalid_input(place + ": " + reason);
  }
  [[nodiscard]] std::string text(std::size_t field) const { return std::string(fields[field]); }
};

bool is_id(std::string_view text, char letter) {
  return text.size() == 5 && text[0] == letter &&
         std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class Loader {
 public:
  explicit Loader(const AttackCatalog& attack) : attack_(attack) {}

  Status read(const AttackTable& table) {
    if (table.text.size() > kMaxDefenceTableBytes) {
      return limit_exceeded(table.name + ": larger than " + std::to_string(kMaxDefenceTableBytes) +
                            " bytes");
    }
    const TableShape* shape = nullptr;
    std::size_t number = 0;
    for (std::string_view line : split(table.text, '\n')) {
      ++number;
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      if (line.empty() || line.front() == '#') continue;
      const Row row{table.name + ":" + std::to_string(number), split(line, '\t')};
      if (!is_utf8(line) || has_control_character(line)) return row.error("not plain text");
      const auto* header = std::find_if(std::begin(kShapes), std::end(kShapes),
                                        [&](const TableShape& s) { return s.header == line; });
      if (header != std::end(kShapes)) {
        shape = header;
        continue;
      }
      if (shape == nullptr) return row.error("expected a table's header line");
      RETURN_IF_ERROR(take(*shape, row));
    }
    return ok_status();
  }

  Status finish(DefenceCatalog& out) {
    for (const auto& [id, text] : meanings_) {
      const auto found = mitigations_.find(id);
      // A mitigation may have no techniques in this version, and then no row.
      if (found != mitigations_.end()) found->second.meaning = text;
    }
    out = {};
    for (auto& [id, mitigation] : mitigations_) out.mitigations.push_back(std::move(mitigation));
    for (auto& [id, group] : groups_) out.groups.push_back(std::move(group));
    out.advice = std::move(advice_);
    return ok_status();
  }

 private:
  Status take(const TableShape& shape, const Row& row) {
    if (++rows_ > kMaxDefenceRows) {
      return limit_exceeded(row.place + ": more than " + std::to_string(kMaxDefenceRows) + " rows");
    }
    if (row.fields.size() != shape.fields) {
      return row.error("expected " + std::to_string(shape.fields) +
                       " tab-separated fields, found " + std::to_string(row.fields.size()));
    }
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      if (row.fields[i].size() > kMaxDefenceFieldBytes) return row.error("field is too long");
      const bool may_be_empty = shape.kind == Kind::kGroup && i == 2;
      if (row.fields[i].empty() && !may_be_empty) return row.error("field is empty");
    }
    switch (shape.kind) {
      case Kind::kMitigation:
        return take_mitigation(row);
      case Kind::kMeaning:
        return take_meaning(row);
      case Kind::kGroup:
        return take_group(row);
      case Kind::kAdvice:
        break;
    }
    return take_advice(row);
  }

  Result<std::vector<std::string>> techniques(const Row& row, std::size_t field) const {
    const auto parts = split(row.fields[field], ',');
    if (parts.size() > kMaxDefenceTechniques) return row.error("too many techniques");
    std::vector<std::string> ids;
    for (const std::string_view part : parts) {
      if (part.size() < 5 || part.front() != 'T') {
        return row.error("'" + std::string(part) + "' is not a technique id");
      }
      std::string id = attack_.canonical(part);
      if (attack_.technique(id) != nullptr) ids.push_back(std::move(id));
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
  }

  Status take_mitigation(const Row& row) {
    if (!is_id(row.fields[0], 'M')) return row.error("'" + row.text(0) + "' is no mitigation");
    ASSIGN_OR_RETURN(auto ids, techniques(row, 2));
    const bool is_new =
        mitigations_
            .emplace(row.text(0), attack::Mitigation{row.text(0), row.text(1), "", std::move(ids)})
            .second;
    return is_new ? ok_status() : row.error("'" + row.text(0) + "' is given twice");
  }

  Status take_meaning(const Row& row) {
    if (!is_id(row.fields[0], 'M')) return row.error("'" + row.text(0) + "' is no mitigation");
    return meanings_.emplace(row.text(0), row.text(1)).second
               ? ok_status()
               : row.error("'" + row.text(0) + "' is given twice");
  }

  Status take_group(const Row& row) {
    if (!is_id(row.fields[0], 'G')) return row.error("'" + row.text(0) + "' is no group");
    ASSIGN_OR_RETURN(auto ids, techniques(row, 3));
    const bool is_new = groups_
                            .emplace(row.text(0), attack::Group{row.text(0), row.text(1),
                                                                row.text(2), std::move(ids)})
                            .second;
    return is_new ? ok_status() : row.error("'" + row.text(0) + "' is given twice");
  }

  Status take_advice(const Row& row) {
    const auto phase = attack::parse_phase(row.fields[0]);
    if (!phase) return row.error("no phase is called '" + row.text(0) + "'");
    advice_[static_cast<std::size_t>(*phase)].push_back(row.text(1));
    return ok_status();
  }

  const AttackCatalog& attack_;
  std::size_t rows_ = 0;
  std::map<std::string, attack::Mitigation> mitigations_;
  std::map<std::string, std::string> meanings_;
  std::map<std::string, attack::Group> groups_;
  std::array<std::vector<std::string>, attack::kPhaseCount> advice_{};
};

}  // namespace

Status load_defence_tables(std::span<const AttackTable> tables, const AttackCatalog& attack,
                           DefenceCatalog& defence) {
  Loader loader(attack);
  for (const AttackTable& table : tables) RETURN_IF_ERROR(loader.read(table));
  return loader.finish(defence);
}

}  // namespace catena::rules
