// SPDX-License-Identifier: Apache-2.0
#include "engine/event/event.h"

#include <algorithm>

#include "engine/base/json_escape.h"

namespace catena {

std::string_view plain_text(const Field& field, Arena& arena) {
  if (!field.escaped) return field.text;
  auto* out = static_cast<char*>(arena.allocate(field.text.size() + kEscapePadding, 1));
  return {out, unescape_simple(out, field.text)};
}

void make_plain(Event& event, Arena& arena) {
  const bool plain = std::none_of(event.fields.begin(), event.fields.end(),
                                  [](const Field& field) { return field.escaped; });
  if (plain) return;
  const auto fields = arena.allocate_array<Field>(event.fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    fields[i] = event.fields[i];
    fields[i].text = plain_text(event.fields[i], arena);
    fields[i].escaped = false;
  }
  event.fields = fields;
}

}  // namespace catena
