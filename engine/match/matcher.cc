// SPDX-License-Identifier: Apache-2.0
#include "engine/match/matcher.h"

namespace catena::match {
namespace {

// Slots of one log source: unknown event id, an id no rule asks for, then the known ids.
constexpr std::size_t kUnknownIdSlot = 0;
constexpr std::size_t kOtherIdSlot = 1;
constexpr std::size_t kFirstIdSlot = 2;

}  // namespace

Matcher::Scratch::Scratch(const Matcher& matcher)
    : evaluator_(matcher.rules_), prepared_(matcher.slots_.size(), 0) {}

Matcher::Matcher(const plan::RuleSet& rules, const LogSourceCatalog& log_sources,
                 const FieldCatalog& fields)
    : rules_(rules),
      log_sources_(log_sources),
      field_count_(fields.size()),
      event_id_(fields.find("EventID")),
      builder_(rules, event_id_),
      slots_per_source_(kFirstIdSlot + builder_.known_event_ids().size()),
      slots_(log_sources.size() * slots_per_source_) {
  for (const std::string& id : builder_.known_event_ids()) {
    event_id_slots_.emplace(id, kFirstIdSlot + event_id_slots_.size());
  }
}

std::size_t Matcher::slot_of(const Event& event, const FieldIndex& index) const {
  std::size_t id_slot = kUnknownIdSlot;
  const std::uint32_t first =
      event_id_ == kUnknownField ? FieldIndex::kNone : index.first(event_id_);
  if (first != FieldIndex::kNone && index.next(first) == FieldIndex::kNone) {
    const auto& [id, kind, text] = index.field(first);
    const bool is_value = kind == ValueKind::kString || kind == ValueKind::kNumber;
    if (is_value && plan::is_event_id(text)) {
      const auto known = event_id_slots_.find(text);
      id_slot = known == event_id_slots_.end() ? kOtherIdSlot : known->second;
    }
  }
  return event.log_source * slots_per_source_ + id_slot;
}

plan::EventIdKnowledge Matcher::knowledge_of(std::size_t event_id_slot) const {
  using Kind = plan::EventIdKnowledge::Kind;
  if (event_id_slot == kUnknownIdSlot) return {Kind::kUnknown, ""};
  if (event_id_slot == kOtherIdSlot) return {Kind::kOther, ""};
  return {Kind::kValue, builder_.known_event_ids()[event_id_slot - kFirstIdSlot]};
}

Result<const PlanIndex*> Matcher::plan_at(std::size_t slot) const {
  if (const PlanIndex* ready = slots_[slot].load(std::memory_order_acquire)) return ready;
  const std::lock_guard lock(build_mutex_);
  if (const PlanIndex* ready = slots_[slot].load(std::memory_order_acquire)) return ready;
  const auto log_source = static_cast<LogSourceId>(slot / slots_per_source_);
  ASSIGN_OR_RETURN(PlanIndex index,
                   PlanIndex::build(builder_.build(log_sources_.get(log_source),
                                                   knowledge_of(slot % slots_per_source_))));
  built_.push_back(std::make_unique<const PlanIndex>(std::move(index)));
  slots_[slot].store(built_.back().get(), std::memory_order_release);
  return built_.back().get();
}

Status Matcher::match(const Event& event, Scratch& scratch,
                      std::vector<plan::RuleIndex>& matches) const {
  matches.clear();
  ++scratch.counters_.events;
  scratch.fields_.reset(event, field_count_);
  const std::size_t slot = slot_of(event, scratch.fields_);
  ASSIGN_OR_RETURN(const PlanIndex* index, plan_at(slot));
  if (index->plan().rules.empty()) return ok_status();
  if (scratch.prepared_[slot] == 0) {
    RETURN_IF_ERROR(index->prepare(scratch.candidates_));
    scratch.prepared_[slot] = 1;
  }
  index->candidates(scratch.fields_, scratch.candidates_, scratch.positions_);
  scratch.evaluator_.reset(scratch.fields_);
  scratch.counters_.candidates += scratch.positions_.size();
  for (const std::uint32_t position : scratch.positions_) {
    const plan::PlanRule& rule = index->plan().rules[position];
    if (scratch.evaluator_.evaluate(index->plan(), rule.root)) matches.push_back(rule.rule);
  }
  scratch.counters_.matches += matches.size();
  return ok_status();
}

std::size_t Matcher::plan_count() const {
  const std::lock_guard lock(build_mutex_);
  return built_.size();
}

}  // namespace catena::match
