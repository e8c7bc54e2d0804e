// SPDX-License-Identifier: Apache-2.0
// Audit records and their siblings: the first line is the record, the rest follows it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "connectors/codec/audit_record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catena;  // NOLINT(google-build-using-namespace)
  static const auto table = [] {
    auto created = *normalise::NormalisationTable::create({});
    FieldCatalog catalog;
    for (const char* name : {"type", "a0", "exe", "execve.command_line"}) catalog.intern(name);
    created->finish(catalog);
    return created;
  }();
  static codec::AuditDecoder decoder(*table);
  static Arena arena;
  static normalise::FlatRecord record;
  const auto block = std::make_unique<char[]>(size);
  for (std::size_t i = 0; i < size; ++i) block[i] = static_cast<char>(data[i]);
  const std::string_view bytes(block.get(), size);
  const std::size_t end = bytes.find('\n');
  const std::string_view text = bytes.substr(0, end);
  const std::string_view following =
      end == std::string_view::npos ? std::string_view() : bytes.substr(end + 1);
  arena.clear();
  record.clear();
  decoder.begin_batch();
  const auto format = codec::AuditDecoder::recognise(text);
  decoder.decode(text, following, arena, record);
  if (!format && !record.fields.empty()) std::abort();
  // Every value can be read.
  std::size_t bytes_of_values = 0;
  for (const auto& field : record.fields) {
    for (const char c : field.text) bytes_of_values += c == '\0' ? 1 : 2;
  }
  return bytes_of_values == static_cast<std::size_t>(-1) ? 1 : 0;
}
