// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/normalise/normalisation_table.h"

// PathMap collects what every shape makes of every path before it is packed for reading. Private
// to normalisation_table.cc. Thread safety: none; used while packs load.
namespace catena::normalise {

class NormalisationTable::PathMap {
 public:
  explicit PathMap(FieldCatalog& catalog) : catalog_(catalog) {}

  void add_field(std::string_view path, ShapeId shape, FieldId field);
  void add_time(std::string_view path, ShapeId shape, std::uint8_t slot);
  void add_embedded(std::string_view path, ShapeId shape);
  void add_marker(std::string_view path, std::size_t bit);
  // Every name of the catalog under every prefix and suffix of the shape.
  void add_prefixed(const Shape& definition, ShapeId shape);
  // Writes paths, targets and the hash slots.
  void pack(NormalisationTable& out);

 private:
  struct Draft {
    std::vector<FieldId> fields;
    std::uint8_t time_slot = 0;
    bool embedded = false;
  };
  struct Entry {
    MarkerSet marker;
    std::map<ShapeId, Draft> by_shape;
  };

  void pack_targets(const Entry& entry, FieldId own, NormalisationTable& out, Path& path);
  static void pack_slots(NormalisationTable& out);

  FieldCatalog& catalog_;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace catena::normalise
