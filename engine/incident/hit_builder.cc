// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/hit_builder.h"

#include "engine/base/hash.h"
#include "engine/base/text_fold.h"

namespace catena::incident {
namespace {

using correlate::FieldState;

// The one value of a field. Several equal ones (a repeated key) are one.
FieldState one_value(const Event& event, FieldId wanted, std::string_view& text) {
  const Field* found = nullptr;
  for (const Field& field : event.fields) {
    if (field.id != wanted || field.kind == ValueKind::kNull) continue;
    if (field.kind == ValueKind::kComposite) return FieldState::kSeveral;
    if (found == nullptr) {
      found = &field;
    } else if (found->text != field.text && folded(found->text) != folded(field.text)) {
      return FieldState::kSeveral;
    }
  }
  if (found == nullptr) return FieldState::kMissing;
  text = found->text;
  return FieldState::kOne;
}

void add_value(std::string_view text, FieldState state, correlate::HitPayload& payload) {
  if (text.size() <= HitBuilder::kMaxValueBytes) return payload.add_value(state, text);
  // Case does not count, in the hash neither.
  const std::string hash = hash128(folded(text)).hex();
  std::size_t end = HitBuilder::kMaxValueBytes - hash.size() - 1;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  payload.add_value(state, std::string(text.substr(0, end)) + "#" + hash);
}

}  // namespace

HitBuilder::HitBuilder(const plan::RuleSet& rules, std::span<const std::uint32_t> source_ranks)
    : program_(rules.correlation), source_ranks_(source_ranks), inputs_(rules.rules.size(), kNone) {
  for (std::uint32_t i = 0; i < program_.rules.size(); ++i) inputs_[program_.rules[i].rule] = i;
}

correlate::Hit HitBuilder::build(const Event& event, std::uint32_t number, plan::RuleIndex rule,
                                 std::span<const Entity> entities) const {
  correlate::Hit hit;
  hit.event = {event.id(),
               event.time,
               {source_ranks_[event.origin.source], event.origin.offset, number},
               event.origin.line};
  hit.rule = inputs_[rule];
  hit.log_source = event.log_source;
  for (const FieldId field : program_.rules[hit.rule].captures) {
    std::string_view text;
    const FieldState state = one_value(event, field, text);
    add_value(text, state, hit.payload);
  }
  for (const Entity& entity : entities) {
    hit.payload.add_trait(static_cast<std::uint8_t>(entity.type), entity.value);
  }
  return hit;
}

}  // namespace catena::incident
