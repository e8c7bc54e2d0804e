// SPDX-License-Identifier: Apache-2.0
// Event XML: whatever is accepted has bounded fields that can be read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "connectors/codec/event_xml.h"
#include "connectors/codec/json_walker.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catena;  // NOLINT(google-build-using-namespace)
  static const auto table = [] {
    auto created = *normalise::NormalisationTable::create({});
    FieldCatalog catalog;
    catalog.intern("Event.System.EventID");
    created->finish(catalog);
    return created;
  }();
  static codec::EventXmlWalker walker(*table);
  static Arena arena;
  static normalise::FlatRecord record;
  const auto block = std::make_unique<char[]>(size);
  for (std::size_t i = 0; i < size; ++i) block[i] = static_cast<char>(data[i]);
  arena.clear();
  record.clear();
  (void)walker.walk({block.get(), size}, arena, record);
  if (record.fields.size() > codec::kMaxFields) std::abort();
  std::size_t bytes_of_values = 0;
  for (const auto& field : record.fields) {
    if (field.text.size() > codec::kMaxValueBytes) std::abort();
    for (const char c : field.text) bytes_of_values += c == '\0' ? 1 : 2;
  }
  return bytes_of_values == static_cast<std::size_t>(-1) ? 1 : 0;
}
