// SPDX-License-Identifier: Apache-2.0
// Any bytes as the payload of a cached load, behind the checksum: refused, or a program that is
// well formed and stays the same when it is written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "engine/plan/rule_set_codec.h"
#include "rules/compile/rule_cache.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // An exact-size copy lets the address sanitizer see one byte too far.
  const std::unique_ptr<char[]> copy(new char[size]);
  for (std::size_t i = 0; i < size; ++i) copy[i] = static_cast<char>(data[i]);
  const std::string_view bytes(copy.get(), size);
  catena::FieldCatalog fields;
  const auto load = catena::compile::decode_load(bytes, fields);
  if (!load.ok()) {
    check(!load.status().message().empty());
    check(fields.size() == 1);
    return 0;
  }
  check(catena::plan::check_rule_set(load->rules, fields.size()).ok());
  const auto again = catena::compile::encode_load(*load, fields, 1);
  check(again.ok());
  check(*again == bytes);
  return 0;
}
