// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/result.h"
#include "engine/event/field_catalog.h"
#include "engine/event/log_source.h"
#include "engine/normalise/flat_record.h"
#include "engine/normalise/mapping_definition.h"

// NormalisationTable is the compiled form of all mapping packs: from a path to field ids, from the
// paths of a record to its shape, from field values to a log source. It keeps no state of a record;
// see Normaliser.
// Call protocol: create(), then finish() once, after every rule has interned its field names;
// log_sources() is complete from create() on. Thread-safe (const) after finish().
// Cost: memory is about 100 bytes for each pair of field name and prefix; a path lookup is one hash
// and one string comparison.
namespace catena::normalise {

// Bounds on what a pack may say; exceeding one is an error of the pack.
inline constexpr std::size_t kMaxShapes = 256;
inline constexpr std::size_t kMaxMarkers = 192;           // distinct paths in `when`
inline constexpr std::size_t kMaxTimeRules = 8;           // of one shape, zone references included
inline constexpr std::size_t kMaxKeyFields = 3;           // of one log source table
inline constexpr std::size_t kMaxKeyCombinations = 4096;  // of one entry
inline constexpr std::size_t kMaxPathBytes = 2048;        // longer paths are unknown

// Which of the paths of all `when` a record has.
using MarkerSet = std::bitset<kMaxMarkers>;

class NormalisationTable {
 public:
  // What one shape makes of one path.
  struct Target {
    ShapeId shape = 0;
    std::uint8_t field_count = 0;
    std::uint8_t time_slot = 0;  // 1-based; 0: no time
    bool embedded = false;
    std::uint32_t first_field = 0;  // into target_fields()
  };

  struct AliasCode {
    FieldId target = kUnknownField;
    std::uint32_t first_source = 0;  // into alias_sources()
    std::uint32_t source_count = 0;
  };

  struct ConditionCode {
    FieldId field = kUnknownField;
    Condition::Operator op = Condition::Operator::kEquals;
    std::vector<std::string> values;  // lower case
  };

  // One outcome of a log source table.
  struct Outcome {
    std::vector<ConditionCode> conditions;
    LogSourceId log_source = kUnmappedLogSource;
    std::vector<std::pair<FieldId, FieldId>> moves;
    std::vector<AliasCode> aliases;
  };

  struct TimeCode {
    TimeSource source = TimeSource::kNone;
    std::uint8_t slot = 0;
    std::uint8_t zone_local_slot = 0;
    std::uint8_t zone_utc_slot = 0;
  };

  struct ShapeCode {
    std::string name;
    bool json = false;
    MarkerSet all;
    MarkerSet any;
    MarkerSet none;
    std::vector<TimeCode> times;
    std::vector<AliasCode> aliases;
    std::uint16_t table = 0;  // 1-based; 0: none
  };

  // Checks the definition (names resolve, bounds hold) and gives every log source its id.
  static Result<std::unique_ptr<NormalisationTable>> create(MappingDefinition definition);

  // Every log source that a record can have.
  [[nodiscard]] const LogSourceCatalog& log_sources() const noexcept { return log_sources_; }

  // Interns the names that mappings and the chain builder need, and compiles the path map for the
  // catalog as it then is. Names interned later are unknown to this table.
  void finish(FieldCatalog& catalog);

  // The number of a path, or kUnknownPath. Blanks in a path do not count.
  [[nodiscard]] PathId find_path(std::string_view path) const noexcept {
    return find_path(path, hash64(path));
  }
  // The same for a caller that has the hash64() of the path.
  [[nodiscard]] PathId find_path(std::string_view path, std::uint64_t hash) const noexcept;
  // The path of a number as its producer wrote it; "" for kUnknownPath.
  [[nodiscard]] std::string_view path_name(PathId path) const noexcept { return path_names_[path]; }
  // The marker bit of a path, 0 for one that tells no shape.
  [[nodiscard]] const MarkerSet& marker(PathId path) const noexcept { return paths_[path].marker; }
  // True when some shape holds an embedded record there.
  [[nodiscard]] bool maybe_embedded(PathId path) const noexcept { return paths_[path].embedded; }

  // The first JSON shape that fits the markers; shape_count() when none does.
  [[nodiscard]] ShapeId detect_shape(const MarkerSet& markers) const noexcept;
  // The shape of a text format; shape_count() when no pack has one.
  [[nodiscard]] ShapeId shape_of(RecordFormat format) const noexcept {
    return format_shapes_[static_cast<std::size_t>(format)];
  }
  [[nodiscard]] ShapeId shape_count() const noexcept {
    return static_cast<ShapeId>(shapes_.size());
  }
  [[nodiscard]] const ShapeCode& shape(ShapeId id) const noexcept { return shapes_[id]; }

  // What `shape` makes of `path`, or nullptr when the path is just its own name.
  [[nodiscard]] const Target* target(PathId path, ShapeId shape) const noexcept;
  [[nodiscard]] FieldId own_field(PathId path) const noexcept { return paths_[path].field; }
  [[nodiscard]] std::span<const FieldId> target_fields(const Target& target) const noexcept {
    return {target_fields_.data() + target.first_field, target.field_count};
  }
  [[nodiscard]] std::span<const FieldId> alias_sources(const AliasCode& alias) const noexcept {
    return {alias_sources_.data() + alias.first_source, alias.source_count};
  }
  [[nodiscard]] FieldId flag_field() const noexcept { return flag_field_; }
  [[nodiscard]] std::size_t field_count() const noexcept { return field_count_; }

  // The fields that a table decides by, and the outcomes for their values (first whose conditions
  // hold; the last has none). `values` has one text per field, null data for an absent one.
  [[nodiscard]] std::span<const FieldId> key_fields(std::uint16_t table) const noexcept {
    return tables_[table - 1].by;
  }
  // The number of a value of a key field, 0 for a value no entry mentions.
  [[nodiscard]] std::uint16_t key_value(std::uint16_t table, std::size_t field,
                                        std::string_view value) const noexcept;
  [[nodiscard]] std::span<const Outcome> outcomes(
      std::uint16_t table, const std::array<std::uint16_t, kMaxKeyFields>& key) const noexcept;

 private:
  struct Path {
    FieldId field = kUnknownField;  // the field of the path's own name
    std::uint32_t first_target = 0;
    std::uint16_t target_count = 0;
    bool embedded = false;
    MarkerSet marker;
  };
  struct StringHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  // Where an outcome came from: the entry with its conditions, and all entries with aliases for it.
  struct Draft {
    const LogSourceEntry* conditional = nullptr;
    std::vector<const LogSourceEntry*> entries;
  };
  using ValueIds = std::unordered_map<std::string, std::uint16_t, StringHash, std::equal_to<>>;
  struct Table {
    std::vector<FieldId> by;  // filled by finish()
    std::vector<ValueIds> values;
    std::vector<std::uint32_t> masks;  // which key fields a group compares; most specific first
    std::unordered_map<std::uint64_t, std::uint32_t> groups;  // key -> index into outcome_lists
    std::vector<std::vector<Outcome>> outcome_lists;
    std::vector<std::vector<Draft>> drafts;  // as outcome_lists, for finish()
  };
  class PathMap;
  class TableBuilder;

  NormalisationTable() = default;

  Status build_shapes();
  void finish_shapes(FieldCatalog& catalog);
  void finish_tables(FieldCatalog& catalog);
  void compile_aliases(const std::vector<Alias>& aliases, FieldCatalog& catalog,
                       std::vector<AliasCode>& out);
  [[nodiscard]] PathId lookup(std::string_view path, std::uint64_t hash) const noexcept;

  MappingDefinition definition_;
  LogSourceCatalog log_sources_;
  std::vector<ShapeCode> shapes_;
  std::array<ShapeId, kRecordFormatCount> format_shapes_{};
  std::vector<Table> tables_;
  std::vector<Path> paths_;
  std::vector<std::string> path_names_;
  std::vector<std::uint64_t> slot_hashes_;  // open addressing, power of two
  std::vector<PathId> slots_;
  std::vector<Target> targets_;
  std::vector<FieldId> target_fields_;
  std::vector<FieldId> alias_sources_;
  std::vector<std::string> wildcard_prefixes_;  // up to and without "*"
  FieldId flag_field_ = kUnknownField;
  std::size_t field_count_ = 0;
};

}  // namespace catena::normalise
