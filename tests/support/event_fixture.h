// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/event/event.h"

// Events written down in a test: EventFixture owns the strings and fields of the events it makes.
namespace catena::test {

class EventFixture {
 public:
  explicit EventFixture(FieldCatalog& catalog) : catalog_(catalog) {}

  struct Value {
    std::string_view field;
    std::string_view text;
    ValueKind kind = ValueKind::kString;
  };

  // Field names are interned; "" makes an unknown field.
  Event make(const std::vector<Value>& values, LogSourceId log_source = kUnmappedLogSource) {
    std::vector<Field>& fields = fields_.emplace_back();
    for (const Value& value : values) {
      const std::string& text = texts_.emplace_back(value.text);
      const FieldId id = value.field.empty() ? kUnknownField : catalog_.intern(value.field);
      fields.push_back({id, value.kind, false, text});
    }
    Event event;
    event.log_source = log_source;
    event.fields = fields;
    std::string& raw = texts_.emplace_back();
    for (const Field& field : fields) raw.append(field.text).push_back('\n');
    event.raw = raw;
    return event;
  }

 private:
  FieldCatalog& catalog_;
  std::deque<std::string> texts_;
  std::deque<std::vector<Field>> fields_;
};

}  // namespace catena::test
