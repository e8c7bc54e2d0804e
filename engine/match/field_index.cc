// SPDX-License-Identifier: Apache-2.0
#include "engine/match/field_index.h"

#include <algorithm>

#include "engine/base/json_escape.h"
#include "engine/base/text_fold.h"

namespace catena::match {

void FieldIndex::reset(const Event& event, std::size_t field_count) {
  event_ = &event;
  if (stamps_.size() < field_count) {
    stamps_.resize(field_count, 0);
    heads_.resize(field_count, kNone);
    tails_.resize(field_count, kNone);
  }
  if (++stamp_ == 0) {
    std::fill(stamps_.begin(), stamps_.end(), 0);
    stamp_ = 1;
  }
  texts_.clear();
  values_.resize(event.fields.size());
  for (std::uint32_t i = 0; i < event.fields.size(); ++i) {
    const FieldId id = event.fields[i].id;
    values_[i] = Value{};
    if (stamps_[id] != stamp_) {
      stamps_[id] = stamp_;
      heads_[id] = i;
    } else {
      values_[tails_[id]].next = i;
    }
    tails_[id] = i;
  }
}

std::string_view FieldIndex::folded_text(std::uint32_t position) {
  Value& value = values_[position];
  if (!value.is_folded) {
    const Field& field = event_->fields[position];
    const std::size_t room = folded_capacity(field.text.size()) + kEscapePadding;
    auto* out = static_cast<char*>(texts_.allocate(room, 1));
    value.folded = {out, field.escaped ? fold_simple(out, field.text) : fold_into(out, field.text)};
    value.is_folded = true;
  }
  return value.folded;
}

std::string_view FieldIndex::plain_text(std::uint32_t position) {
  const Field& field = event_->fields[position];
  if (!field.escaped) return field.text;
  Value& value = values_[position];
  if (!value.is_plain) {
    value.plain = catena::plain_text(field, texts_);
    value.is_plain = true;
  }
  return value.plain;
}

}  // namespace catena::match
