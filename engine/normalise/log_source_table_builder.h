// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/base/status.h"
#include "engine/normalise/normalisation_table.h"

// TableBuilder turns the entries of one log source table into hash groups. Private to
// normalisation_table.cc; it is apart to keep that file readable.
// Thread safety: none; used while packs load.
namespace catena::normalise {

// An entry is keyed by the fields of `by` that it compares for equality; the group of a key holds
// the entries of exactly that key and inherits the unconditional ones of every less specific key.
class NormalisationTable::TableBuilder {
 public:
  TableBuilder(const LogSourceTable& definition, LogSourceCatalog& catalog, Table& out)
      : definition_(definition), catalog_(catalog), out_(out) {}

  Status build();

 private:
  using Key = std::array<std::uint16_t, kMaxKeyFields>;

  Status add_entry(const LogSourceEntry& entry);
  Status key_values(const LogSourceEntry& entry, std::vector<std::vector<std::uint16_t>>& out);
  [[nodiscard]] bool is_keyed(const Condition& condition) const;
  [[nodiscard]] bool conditional(const LogSourceEntry& entry) const;
  void build_group(const Key& key, const std::vector<const LogSourceEntry*>& entries);
  [[nodiscard]] std::vector<const LogSourceEntry*> inherited(const Key& key) const;
  void add_outcome(const std::vector<const LogSourceEntry*>& entries,
                   const LogSourceEntry* conditional_entry, std::vector<Outcome>& outcomes,
                   std::vector<Draft>& drafts);

  const LogSourceTable& definition_;
  LogSourceCatalog& catalog_;
  Table& out_;
  std::map<Key, std::vector<const LogSourceEntry*>> groups_;
};

// The map key of a key tuple.
[[nodiscard]] constexpr std::uint64_t pack_key(
    const std::array<std::uint16_t, kMaxKeyFields>& key) noexcept {
  std::uint64_t packed = 0;
  for (const std::uint16_t part : key) packed = (packed << 16U) | part;
  return packed;
}

}  // namespace catena::normalise
