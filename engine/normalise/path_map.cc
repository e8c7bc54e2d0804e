// SPDX-License-Identifier: Apache-2.0
#include "engine/normalise/path_map.h"

#include <algorithm>

#include "engine/base/hash.h"

namespace catena::normalise {

void NormalisationTable::PathMap::add_field(std::string_view path, ShapeId shape, FieldId field) {
  auto& fields = entries_[std::string(path)].by_shape[shape].fields;
  if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
}

void NormalisationTable::PathMap::add_time(std::string_view path, ShapeId shape,
                                           std::uint8_t slot) {
  entries_[std::string(path)].by_shape[shape].time_slot = slot;
}

void NormalisationTable::PathMap::add_embedded(std::string_view path, ShapeId shape) {
  entries_[std::string(path)].by_shape[shape].embedded = true;
}

void NormalisationTable::PathMap::add_marker(std::string_view path, std::size_t bit) {
  entries_[std::string(path)].marker.set(bit);
}

void NormalisationTable::PathMap::add_prefixed(const Shape& definition, ShapeId shape) {
  std::vector<std::string> suffixes = definition.strip_suffixes;
  suffixes.emplace_back();
  std::vector<std::string> prefixes = definition.strip_prefixes;
  if (prefixes.empty() && suffixes.size() > 1) prefixes.emplace_back();
  const std::size_t names = catalog_.size();
  for (const std::string& prefix : prefixes) {
    for (const std::string& suffix : suffixes) {
      if (prefix.empty() && suffix.empty()) continue;
      for (FieldId id = 1; id < names; ++id) {
        add_field(prefix + std::string(catalog_.name(id)) + suffix, shape, id);
      }
    }
  }
}

void NormalisationTable::PathMap::pack_targets(const Entry& entry, FieldId own,
                                               NormalisationTable& out, Path& path) {
  path.first_target = static_cast<std::uint32_t>(out.targets_.size());
  for (const auto& [shape, draft] : entry.by_shape) {
    Target target;
    target.shape = shape;
    target.time_slot = draft.time_slot;
    target.embedded = draft.embedded;
    path.embedded = path.embedded || draft.embedded;
    std::vector<FieldId> fields = draft.fields;
    if (own != kUnknownField && std::find(fields.begin(), fields.end(), own) == fields.end()) {
      fields.push_back(own);
    }
    target.first_field = static_cast<std::uint32_t>(out.target_fields_.size());
    target.field_count = static_cast<std::uint8_t>(std::min<std::size_t>(fields.size(), 255));
    out.target_fields_.insert(out.target_fields_.end(), fields.begin(),
                              fields.begin() + target.field_count);
    out.targets_.push_back(target);
    ++path.target_count;
  }
}

void NormalisationTable::PathMap::pack_slots(NormalisationTable& out) {
  std::size_t capacity = 16;
  while (capacity < out.path_names_.size() * 2) capacity *= 2;
  out.slots_.assign(capacity, kUnknownPath);
  out.slot_hashes_.assign(capacity, 0);
  for (PathId id = 1; id < out.path_names_.size(); ++id) {
    const std::uint64_t hash = hash64(out.path_names_[id]);
    std::size_t slot = hash & (capacity - 1);
    while (out.slots_[slot] != kUnknownPath) slot = (slot + 1) & (capacity - 1);
    out.slots_[slot] = id;
    out.slot_hashes_[slot] = hash;
  }
}

void NormalisationTable::PathMap::pack(NormalisationTable& out) {
  for (FieldId id = 1; id < catalog_.size(); ++id) entries_[std::string(catalog_.name(id))];
  out.paths_.assign(1, Path{});
  out.path_names_.assign(1, std::string());
  // Sorted, so that equal packs give equal tables.
  std::vector<std::string_view> names;
  names.reserve(entries_.size());
  for (const auto& [name, entry] : entries_) names.push_back(name);
  std::sort(names.begin(), names.end());
  for (const std::string_view name : names) {
    const Entry& entry = entries_.find(std::string(name))->second;
    Path path;
    path.field = catalog_.find(name);
    path.marker = entry.marker;
    pack_targets(entry, path.field, out, path);
    out.paths_.push_back(path);
    out.path_names_.emplace_back(name);
  }
  pack_slots(out);
}

}  // namespace catena::normalise
