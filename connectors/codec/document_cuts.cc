// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/document_cuts.h"

namespace catena::codec {
namespace {

using normalise::FlatField;

constexpr std::size_t kNoComposite = static_cast<std::size_t>(-1);

}  // namespace

bool DocumentCuts::read(std::size_t most) {
  for (std::size_t at = 0; at < document_.size();) {
    const char c = document_[at];
    bool taken = true;
    if (c == '"') {
      taken = take_string(at);
    } else if (c == '{' || c == '[') {
      open(at++);
    } else if (c == '}' || c == ']') {
      close(++at);
    } else if (starts_literal(c)) {
      taken = take_literal(at);
    } else {
      ++at;
    }
    if (!taken || values.size() > most) return false;
  }
  add_piece(document_.size(), PieceEnd::kDocument);
  for (std::size_t i = 0, slot = ends_.size(); i < values.size(); ++i) {
    if (values[i].composite) values[i].slot = static_cast<std::uint16_t>(slot++);
  }
  return next_field_ == fields_.size() && open_.empty();
}

// The scalar document[begin, end): the next field of the record.
bool DocumentCuts::take_scalar(std::size_t begin, std::size_t end, PieceEnd kind) {
  if (next_field_ == fields_.size()) return false;
  const FlatField& field = fields_[next_field_++];
  if (field.kind == ValueKind::kComposite) return false;
  values.push_back({field.path, false, static_cast<std::uint16_t>(ends_.size())});
  add_piece(begin, kind);
  ends_.push_back(end);
  return true;
}

bool DocumentCuts::take_string(std::size_t& at) {
  const std::size_t begin = at + 1;
  std::size_t end = begin;
  while (document_[end] != '"') end += document_[end] == '\\' ? 2 : 1;
  at = end + 1;
  std::size_t next = at;
  while (next < document_.size() && document_[next] == ' ') ++next;
  const bool is_key = next < document_.size() && document_[next] == ':';
  return is_key || take_scalar(begin, end, PieceEnd::kString);
}

bool DocumentCuts::take_literal(std::size_t& at) {
  const std::size_t begin = at;
  while (at < document_.size() && !ends_literal(document_[at])) ++at;
  return take_scalar(begin, at, PieceEnd::kLiteral);
}

// A container has a field of its own when the next field's text starts with its bracket.
void DocumentCuts::open(std::size_t at) {
  const bool has_field = next_field_ < fields_.size() &&
                         fields_[next_field_].kind == ValueKind::kComposite &&
                         fields_[next_field_].text.data() == document_.data() + at;
  open_.push_back(has_field ? composites.size() : kNoComposite);
  if (!has_field) return;
  values.push_back({fields_[next_field_++].path, true, 0});
  composites.push_back({static_cast<std::uint16_t>(ends_.size()), 0,
                        static_cast<std::uint32_t>(at - piece_begin()), 0});
}

void DocumentCuts::close(std::size_t end) {
  if (open_.empty()) return;
  const std::size_t index = open_.back();
  open_.pop_back();
  if (index == kNoComposite) return;
  composites[index].end_piece = static_cast<std::uint16_t>(ends_.size());
  composites[index].end = static_cast<std::uint32_t>(end - piece_begin());
}

}  // namespace catena::codec
