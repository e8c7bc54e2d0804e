// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/hit.h"

#include <cstring>

namespace catena::correlate {
namespace {

// One entry: a byte, the length, the text.
constexpr std::size_t kLengthBytes = sizeof(std::uint32_t);

std::uint8_t take(std::string_view& bytes, std::string_view& text) {
  const auto kind = static_cast<std::uint8_t>(bytes[0]);
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data() + 1, kLengthBytes);
  text = bytes.substr(1 + kLengthBytes, length);
  bytes.remove_prefix(1 + kLengthBytes + length);
  return kind;
}

}  // namespace

void HitPayload::append(FieldState state, std::string_view text, std::uint32_t& count) {
  const auto length = static_cast<std::uint32_t>(text.size());
  char head[1 + kLengthBytes];
  head[0] = static_cast<char>(state);
  std::memcpy(head + 1, &length, kLengthBytes);
  bytes_.append(head, sizeof(head));
  bytes_.append(text);
  ++count;
}

void HitPayload::read(std::vector<CapturedValue>& values, std::vector<TraitView>& traits) const {
  values.resize(values_);
  traits.resize(traits_);
  std::string_view rest = bytes_;
  for (CapturedValue& value : values) {
    value.state = static_cast<FieldState>(take(rest, value.text));
  }
  for (TraitView& trait : traits) trait.kind = take(rest, trait.text);
}

}  // namespace catena::correlate
