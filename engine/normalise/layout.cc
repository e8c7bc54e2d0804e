// SPDX-License-Identifier: Apache-2.0
#include "engine/normalise/layout.h"

#include <algorithm>

namespace catena::normalise {
namespace {

bool is_among(FieldId id, const std::vector<FieldId>& ids) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

Layout::Layout(const NormalisationTable& table, std::span<const LayoutValue> values) {
  MarkerSet markers;
  for (const LayoutValue& value : values) markers |= table.marker(value.path);
  shape_ = table.detect_shape(markers);
  std::vector<Push> derived;
  for (const LayoutValue& value : values) {
    const NormalisationTable::Target* target = table.target(value.path, shape_);
    std::span<const FieldId> fields;
    FieldId field = kUnknownField;
    if (target == nullptr) {
      field = table.own_field(value.path);
    } else {
      has_embedded_ = has_embedded_ || target->embedded;
      if (target->time_slot != 0) times_.push_back({target->time_slot, value.slot});
      fields = table.target_fields(*target);
      if (!fields.empty()) field = fields[0];
    }
    // Nobody can name an unknown composite, and its leaves carry its text.
    if (field == kUnknownField && value.composite) continue;
    pushes_.push_back({field, value.slot});
    for (std::size_t k = 1; k < fields.size(); ++k) derived.push_back({fields[k], value.slot});
  }
  pushes_.insert(pushes_.end(), derived.begin(), derived.end());
  for (const Push& push : pushes_) names_.pushed.push_back(push.id);
  if (shape_ >= table.shape_count()) return;
  const NormalisationTable::ShapeCode& shape = table.shape(shape_);
  aliases_ = plan_aliases(table, shape.aliases, names_);
  log_source_table_ = shape.table;
  if (log_source_table_ == 0) return;
  for (const FieldId key : table.key_fields(log_source_table_)) {
    keys_.push_back(places_of(key, names_.pushed));
  }
}

Layout::Places Layout::places_of(FieldId id, const std::vector<FieldId>& pushed) {
  Places places;
  places.id = id;
  places.first = static_cast<std::uint32_t>(places_.size());
  for (std::size_t i = 0; id != kUnknownField && i < pushed.size(); ++i) {
    if (pushed[i] == id) places_.push_back(static_cast<std::uint16_t>(i));
  }
  places.count = static_cast<std::uint32_t>(places_.size()) - places.first;
  return places;
}

// Leaves out the aliases of which no source can be there.
std::vector<Layout::AliasPlan> Layout::plan_aliases(
    const NormalisationTable& table, const std::vector<NormalisationTable::AliasCode>& aliases,
    Names& names) {
  std::vector<AliasPlan> plans;
  for (const NormalisationTable::AliasCode& alias : aliases) {
    AliasPlan plan;
    for (const FieldId source : table.alias_sources(alias)) {
      const Places places = places_of(source, names.pushed);
      if (places.count != 0 || is_among(source, names.added)) plan.sources.push_back(places);
    }
    if (plan.sources.empty()) continue;
    plan.target = places_of(alias.target, names.pushed);
    names.added.push_back(alias.target);
    plans.push_back(std::move(plan));
  }
  return plans;
}

const Layout::Decision& Layout::decision(const NormalisationTable& table,
                                         std::span<const NormalisationTable::Outcome> outcomes) {
  const auto found = std::find_if(decisions_.begin(), decisions_.end(), [&](const auto& known) {
    return known->outcomes == outcomes.data();
  });
  if (found != decisions_.end()) return **found;
  auto decision = std::make_unique<Decision>();
  decision->outcomes = outcomes.data();
  for (const NormalisationTable::Outcome& outcome : outcomes) {
    OutcomePlan plan;
    plan.outcome = &outcome;
    for (const NormalisationTable::ConditionCode& condition : outcome.conditions) {
      plan.conditions.push_back({&condition, places_of(condition.field, names_.pushed)});
    }
    Names names = names_;
    for (const auto& [from, to] : outcome.moves) {
      const Places places = places_of(from, names.pushed);
      if (places.count == 0 && !is_among(from, names.added)) continue;
      std::replace(names.pushed.begin(), names.pushed.end(), from, to);
      std::replace(names.added.begin(), names.added.end(), from, to);
      plan.moves.push_back({places, to});
    }
    plan.aliases = plan_aliases(table, outcome.aliases, names);
    decision->plans.push_back(std::move(plan));
  }
  const OutcomePlan& first = decision->plans.front();
  decision->log_source = first.outcome->log_source;
  decision->is_plain = first.conditions.empty() && first.moves.empty() && first.aliases.empty();
  decisions_.push_back(std::move(decision));
  return *decisions_.back();
}

}  // namespace catena::normalise
