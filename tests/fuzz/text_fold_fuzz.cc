// SPDX-License-Identifier: Apache-2.0
// Case folding on any bytes: stays within its announced capacity, is stable, keeps UTF-8 UTF-8.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/base/text_fold.h"

namespace {

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const std::string once = catena::folded(text);
  require(once.size() <= catena::folded_capacity(text.size()));
  require(catena::folded(once) == once);
  std::string buffer(catena::folded_capacity(text.size()), '\0');
  buffer.resize(catena::fold_into(buffer.data(), text));
  require(buffer == once);
  require(!catena::is_utf8(text) || catena::is_utf8(once));
  std::size_t position = 0;
  while (position < text.size()) {
    const std::size_t length = catena::code_point_length(text.substr(position));
    require(length >= 1 && length <= text.size() - position);
    position += length;
  }
  return 0;
}
