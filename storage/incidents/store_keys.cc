// SPDX-License-Identifier: Apache-2.0
#include "storage/incidents/store_keys.h"

namespace catena::storage {
namespace {

constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kMaxPrintedBytes = 48;
constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63U;

void append_id(std::string& out, const Id128& id) {
  const auto bytes = id.bytes();
  out.append(bytes.data(), bytes.size());
}

void append_big_endian(std::string& out, std::uint64_t value) {
  for (unsigned shift = 64; shift > 0; shift -= 8) {
    out.push_back(static_cast<char>((value >> (shift - 8)) & 0xffU));
  }
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = (value << 8U) | static_cast<unsigned char>(c);
  return value;
}

// Times before 1970 sort before those after it.
std::uint64_t ordered(Timestamp time) { return static_cast<std::uint64_t>(time) ^ kSignBit; }

}  // namespace

std::vector<std::string> family_names() {
  return {"meta",    "detection", "chain",    "step",    "chain_of",
          "by_time", "by_entity", "entities", "position"};
}

std::string id_key(const Id128& id) {
  std::string key;
  append_id(key, id);
  return key;
}

std::string pair_key(const Id128& first, const Id128& second) {
  std::string key;
  append_id(key, first);
  append_id(key, second);
  return key;
}

std::string step_key(const Id128& chain, const incident::Step& step) {
  std::string key;
  append_id(key, chain);
  append_big_endian(key, ordered(step.time));
  append_id(key, step.detection);
  return key;
}

std::string time_key(Timestamp last, const Id128& chain) {
  std::string key;
  append_big_endian(key, ~ordered(last));
  append_id(key, chain);
  return key;
}

Id128 entity_hash(const incident::Entity& entity) {
  const char space_byte = static_cast<char>(incident::key_space(entity.type));
  return hash128_parts({std::string_view(&space_byte, 1), entity.value});
}

std::optional<StepKey> parse_step_key(std::string_view key) {
  if (key.size() != kIdBytes + kTimeBytes + kIdBytes) return std::nullopt;
  StepKey out;
  out.time = static_cast<Timestamp>(big_endian(key.substr(kIdBytes, kTimeBytes)) ^ kSignBit);
  out.detection = Id128::from_bytes(key.substr(kIdBytes + kTimeBytes));
  return out;
}

std::optional<Id128> parse_time_key(std::string_view key) {
  if (key.size() != kTimeBytes + kIdBytes) return std::nullopt;
  return Id128::from_bytes(key.substr(kTimeBytes));
}

std::optional<Id128> parse_second_of_pair(std::string_view key) {
  if (key.size() != 2 * kIdBytes) return std::nullopt;
  return Id128::from_bytes(key.substr(kIdBytes));
}

std::optional<Id128> parse_id(std::string_view bytes) {
  if (bytes.size() != kIdBytes) return std::nullopt;
  return Id128::from_bytes(bytes);
}

std::string printable_key(std::string_view key) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : key.substr(0, kMaxPrintedBytes)) {
    const auto value = static_cast<unsigned char>(c);
    out.push_back(kDigits[value >> 4U]);
    out.push_back(kDigits[value & 15U]);
  }
  if (key.size() > kMaxPrintedBytes) out.append("…");
  return out;
}

}  // namespace catena::storage
