// SPDX-License-Identifier: Apache-2.0
#include "engine/normalise/normalisation_table.h"

#include <algorithm>
#include <cstring>

#include "engine/base/text_fold.h"
#include "engine/normalise/log_source_table_builder.h"
#include "engine/normalise/path_map.h"

namespace catena::normalise {
namespace {

// Names that the chain builder reads, whether or not a rule mentions them.
constexpr std::string_view kEntityFields[] = {
    "Computer",
    "User",
    "SubjectUserName",
    "TargetUserName",
    "LogonId",
    "SubjectLogonId",
    "TargetLogonId",
    "LogonGuid",
    "ProcessGuid",
    "ParentProcessGuid",
    "SourceProcessGUID",
    "TargetProcessGUID",
    "ProcessId",
    "ParentProcessId",
    "Image",
    "ParentImage",
    "IpAddress",
    "SourceIp",
    "DestinationIp",
    "SourceHostname",
    "DestinationHostname",
    "src_ip",
    "dst_ip",
    "c-ip",
    "QueryName",
    "TargetFilename",
    "host",
    "program",
    "message",
    "userIdentity.arn",
    "sourceIPAddress",
    "CommandLine",
};
constexpr std::string_view kFlagField = "_flag";
// Longer key values equal no value of a table.
constexpr std::size_t kMaxKeyValueBytes = 256;

Status shape_error(const Shape& shape, const std::string& what) {
  return invalid_input("shape " + shape.name + ": " + what);
}

}  // namespace

Status NormalisationTable::build_shapes() {
  if (definition_.shapes.size() > kMaxShapes) return limit_exceeded("more than 256 shapes");
  format_shapes_.fill(static_cast<ShapeId>(definition_.shapes.size()));
  for (const Shape& shape : definition_.shapes) {
    ShapeCode code;
    code.name = shape.name;
    for (const RecordFormat format : shape.formats) {
      if (format == RecordFormat::kJson) {
        code.json = true;
        continue;
      }
      ShapeId& owner = format_shapes_[static_cast<std::size_t>(format)];
      if (owner != definition_.shapes.size()) {
        return shape_error(shape,
                           "a second shape for format " + std::string(record_format_name(format)));
      }
      owner = static_cast<ShapeId>(shapes_.size());
    }
    if (!shape.log_sources.empty()) {
      const auto found = std::find_if(
          definition_.tables.begin(), definition_.tables.end(),
          [&](const LogSourceTable& table) { return table.name == shape.log_sources; });
      if (found == definition_.tables.end()) {
        return shape_error(shape, "no log source table named " + shape.log_sources);
      }
      code.table = static_cast<std::uint16_t>(found - definition_.tables.begin() + 1);
    }
    std::size_t slots = 0;
    for (const TimeRule& rule : shape.times) slots += rule.zone_local.empty() ? 1 : 3;
    if (slots > kMaxTimeRules) return shape_error(shape, "more than 8 time paths");
    shapes_.push_back(std::move(code));
  }
  return ok_status();
}

Result<std::unique_ptr<NormalisationTable>> NormalisationTable::create(
    MappingDefinition definition) {
  std::unique_ptr<NormalisationTable> table(new NormalisationTable());
  table->definition_ = std::move(definition);
  RETURN_IF_ERROR(table->build_shapes());
  table->tables_.resize(table->definition_.tables.size());
  for (std::size_t i = 0; i < table->tables_.size(); ++i) {
    TableBuilder builder(table->definition_.tables[i], table->log_sources_, table->tables_[i]);
    RETURN_IF_ERROR(builder.build());
  }
  std::vector<std::string> markers;
  for (const Shape& shape : table->definition_.shapes) {
    for (const auto* paths : {&shape.when_all, &shape.when_any, &shape.when_none}) {
      markers.insert(markers.end(), paths->begin(), paths->end());
    }
  }
  std::sort(markers.begin(), markers.end());
  markers.erase(std::unique(markers.begin(), markers.end()), markers.end());
  if (markers.size() > kMaxMarkers) {
    return limit_exceeded("more than " + std::to_string(kMaxMarkers) +
                          " paths in `when` of shapes");
  }
  return table;
}

void NormalisationTable::compile_aliases(const std::vector<Alias>& aliases, FieldCatalog& catalog,
                                         std::vector<AliasCode>& out) {
  for (const Alias& alias : aliases) {
    AliasCode code;
    code.target = catalog.intern(alias.target);
    code.first_source = static_cast<std::uint32_t>(alias_sources_.size());
    code.source_count = static_cast<std::uint32_t>(alias.sources.size());
    for (const std::string& source : alias.sources)
      alias_sources_.push_back(catalog.intern(source));
    out.push_back(code);
  }
}

void NormalisationTable::finish_tables(FieldCatalog& catalog) {
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    Table& table = tables_[i];
    for (const std::string& field : definition_.tables[i].by) {
      table.by.push_back(catalog.intern(field));
    }
    for (std::size_t list = 0; list < table.outcome_lists.size(); ++list) {
      for (std::size_t k = 0; k < table.outcome_lists[list].size(); ++k) {
        Outcome& outcome = table.outcome_lists[list][k];
        const Draft& draft = table.drafts[list][k];
        // The most specific alias of a target comes first, because the first that applies wins.
        for (auto entry = draft.entries.rbegin(); entry != draft.entries.rend(); ++entry) {
          compile_aliases((*entry)->aliases, catalog, outcome.aliases);
          for (const auto& [from, to] : (*entry)->moves) {
            outcome.moves.emplace_back(catalog.intern(from), catalog.intern(to));
          }
        }
        if (draft.conditional == nullptr) continue;
        for (const Condition& condition : draft.conditional->when) {
          const auto& by = definition_.tables[i].by;
          if (condition.op == Condition::Operator::kEquals &&
              std::find(by.begin(), by.end(), condition.field) != by.end()) {
            continue;
          }
          ConditionCode code{catalog.intern(condition.field), condition.op, {}};
          for (const std::string& value : condition.values) code.values.push_back(folded(value));
          outcome.conditions.push_back(std::move(code));
        }
      }
    }
  }
}

void NormalisationTable::finish_shapes(FieldCatalog& catalog) {
  for (const Shape& shape : definition_.shapes) {
    for (const Rename& rename : shape.renames) {
      for (const std::string& field : rename.fields) catalog.intern(field);
    }
  }
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    compile_aliases(definition_.shapes[i].aliases, catalog, shapes_[i].aliases);
  }
  PathMap map(catalog);
  std::unordered_map<std::string, std::size_t> markers;
  const auto mask_of = [&](const std::vector<std::string>& paths) {
    MarkerSet mask;
    for (const std::string& path : paths) {
      const std::size_t bit = markers.try_emplace(path, markers.size()).first->second;
      map.add_marker(path, bit);
      mask.set(bit);
    }
    return mask;
  };
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    const Shape& shape = definition_.shapes[i];
    ShapeCode& code = shapes_[i];
    const auto id = static_cast<ShapeId>(i);
    code.all = mask_of(shape.when_all);
    code.any = mask_of(shape.when_any);
    code.none = mask_of(shape.when_none);
    for (const Rename& rename : shape.renames) {
      for (const std::string& field : rename.fields)
        map.add_field(rename.path, id, catalog.intern(field));
    }
    map.add_prefixed(shape, id);
    // Two rules may read one path, so slots belong to paths.
    std::vector<std::string> slots;
    const auto slot_of = [&](const std::string& path) {
      auto found = std::find(slots.begin(), slots.end(), path);
      if (found == slots.end()) found = slots.insert(slots.end(), path);
      const auto slot = static_cast<std::uint8_t>(found - slots.begin() + 1);
      map.add_time(path, id, slot);
      return slot;
    };
    for (const TimeRule& rule : shape.times) {
      TimeCode time{rule.source, slot_of(rule.path), 0, 0};
      if (!rule.zone_local.empty()) {
        time.zone_local_slot = slot_of(rule.zone_local);
        time.zone_utc_slot = slot_of(rule.zone_utc);
      }
      code.times.push_back(time);
    }
    for (const std::string& path : shape.embedded) map.add_embedded(path, id);
    for (const std::string& prefix : shape.strip_prefixes) {
      const std::size_t star = prefix.find('*');
      if (star != std::string::npos) wildcard_prefixes_.push_back(prefix.substr(0, star));
    }
  }
  map.pack(*this);
}

void NormalisationTable::finish(FieldCatalog& catalog) {
  for (const std::string_view name : kEntityFields) catalog.intern(name);
  flag_field_ = catalog.intern(kFlagField);
  finish_tables(catalog);
  finish_shapes(catalog);
  field_count_ = catalog.size();
}

PathId NormalisationTable::lookup(std::string_view path, std::uint64_t hash) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask; slots_[slot] != kUnknownPath; slot = (slot + 1) & mask) {
    if (slot_hashes_[slot] == hash && path_names_[slots_[slot]] == path) return slots_[slot];
  }
  return kUnknownPath;
}

PathId NormalisationTable::find_path(std::string_view path, std::uint64_t hash) const noexcept {
  if (path.size() > kMaxPathBytes) return kUnknownPath;
  if (path.find(' ') != std::string_view::npos) {
    // Some Windows providers write "Threat Name"; Sigma's taxonomy has no blanks in names.
    std::array<char, kMaxPathBytes> squeezed;  // NOLINT: written up to `end`
    char* const end = std::remove_copy(path.begin(), path.end(), squeezed.data(), ' ');
    const PathId found =
        find_path({squeezed.data(), static_cast<std::size_t>(end - squeezed.data())});
    if (found != kUnknownPath) return found;
  }
  const PathId found = lookup(path, hash);
  if (found != kUnknownPath) return found;
  for (const std::string& prefix : wildcard_prefixes_) {
    if (path.size() <= prefix.size() || path.compare(0, prefix.size(), prefix) != 0) continue;
    const std::size_t dot = path.find('.', prefix.size());
    if (dot == std::string_view::npos) continue;
    std::array<char, kMaxPathBytes + 1> text;  // NOLINT: written below up to `size`
    std::memcpy(text.data(), prefix.data(), prefix.size());
    text[prefix.size()] = '*';
    const std::string_view rest = path.substr(dot);
    std::memcpy(text.data() + prefix.size() + 1, rest.data(), rest.size());
    const std::string_view canonical(text.data(), prefix.size() + 1 + rest.size());
    return lookup(canonical, hash64(canonical));
  }
  return kUnknownPath;
}

ShapeId NormalisationTable::detect_shape(const MarkerSet& markers) const noexcept {
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    const ShapeCode& shape = shapes_[i];
    if (shape.json && (markers & shape.all) == shape.all && (markers & shape.none).none() &&
        (shape.any.none() || (markers & shape.any).any())) {
      return static_cast<ShapeId>(i);
    }
  }
  return shape_count();
}

const NormalisationTable::Target* NormalisationTable::target(PathId path,
                                                             ShapeId shape) const noexcept {
  const Path& entry = paths_[path];
  for (std::uint32_t i = 0; i < entry.target_count; ++i) {
    const Target& candidate = targets_[entry.first_target + i];
    if (candidate.shape == shape) return &candidate;
  }
  return nullptr;
}

std::uint16_t NormalisationTable::key_value(std::uint16_t table, std::size_t field,
                                            std::string_view value) const noexcept {
  if (value.size() > kMaxKeyValueBytes) return 0;
  std::array<char, folded_capacity(kMaxKeyValueBytes)> text;  // NOLINT: written by fold_into
  const std::size_t size = fold_into(text.data(), value);
  const ValueIds& ids = tables_[table - 1].values[field];
  const auto found = ids.find(std::string_view(text.data(), size));
  return found == ids.end() ? std::uint16_t{0} : found->second;
}

std::span<const NormalisationTable::Outcome> NormalisationTable::outcomes(
    std::uint16_t table, const std::array<std::uint16_t, kMaxKeyFields>& key) const noexcept {
  const Table& entries = tables_[table - 1];
  for (const std::uint32_t mask : entries.masks) {
    std::array<std::uint16_t, kMaxKeyFields> part{};
    bool complete = true;
    for (std::size_t i = 0; i < kMaxKeyFields; ++i) {
      if ((mask >> i & 1U) == 0) continue;
      part[i] = key[i];
      complete = complete && key[i] != 0;
    }
    if (!complete) continue;
    const auto found = entries.groups.find(pack_key(part));
    if (found != entries.groups.end()) return entries.outcome_lists[found->second];
  }
  return {};
}

}  // namespace catena::normalise
