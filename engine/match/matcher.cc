// SPDX-License-Identifier: Apache-2.0
#include "engine/match/matcher.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "engine/base/hash.h"

namespace catena::match {
namespace {

// Slots of one log source: unknown event id, an id no rule asks for, then the known ids.
constexpr std::size_t kUnknownIdSlot = 0;
constexpr std::size_t kOtherIdSlot = 1;
constexpr std::size_t kFirstIdSlot = 2;

// Event ids below this are looked up by index.
constexpr std::size_t kSmallEventIds = 65'536;

// The number of an event id as it is usually written, without leading zeros.
std::optional<std::size_t> small_event_id(std::string_view digits) noexcept {
  if (digits.empty() || digits.size() > 5 || (digits.size() > 1 && digits[0] == '0')) {
    return std::nullopt;
  }
  std::size_t number = 0;
  for (const char c : digits) number = number * 10 + static_cast<std::size_t>(c - '0');
  return number < kSmallEventIds ? std::optional(number) : std::nullopt;
}

std::uint64_t hash_of(const plan::Plan& plan) {
  std::string bytes;
  const auto add = [&](std::uint32_t number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof(number));
  };
  for (const plan::PlanRule& rule : plan.rules) {
    add(rule.rule);
    add(rule.root);
  }
  for (const plan::Node& node : plan.nodes) {
    add(static_cast<std::uint32_t>(node.kind));
    add(node.first);
  }
  return hash64(bytes);
}

}  // namespace

Matcher::Scratch::Scratch(const Matcher& matcher, std::uint64_t seed)
    : evaluator_(matcher.rules_, matcher.options_.limits),
      candidates_(seed),
      prepared_(matcher.slots_.size(), 0) {}

void Matcher::Scratch::take_work(std::vector<RuleWork>& work) {
  work.clear();
  std::sort(worked_.begin(), worked_.end());
  for (const plan::RuleIndex rule : worked_) {
    work.push_back({rule, work_[rule]});
    work_[rule] = 0;
  }
  worked_.clear();
}

Matcher::Matcher(const plan::RuleSet& rules, const LogSourceCatalog& log_sources,
                 const FieldCatalog& fields, ScannerCache* scanners, Options options)
    : rules_(rules),
      log_sources_(log_sources),
      scanners_(scanners),
      options_(options),
      field_count_(fields.size()),
      event_id_(fields.find("EventID")),
      builder_(rules, event_id_, plan::LiteralFrequency(fields)),
      codes_(rules, fields.size()),
      event_id_slots_(kSmallEventIds, 0),
      slots_per_source_(kFirstIdSlot + builder_.known_event_ids().size()),
      slots_(log_sources.size() * slots_per_source_) {
  std::size_t slot = kFirstIdSlot;
  for (const std::string& id : builder_.known_event_ids()) {
    const auto number = small_event_id(id);
    if (number && slot <= std::numeric_limits<std::uint16_t>::max()) {
      event_id_slots_[*number] = static_cast<std::uint16_t>(slot);
    } else {
      large_event_id_slots_.emplace(id, slot);
    }
    ++slot;
  }
}

std::size_t Matcher::event_id_slot(std::string_view text) const noexcept {
  if (const auto number = small_event_id(text); number && event_id_slots_[*number] != 0) {
    return event_id_slots_[*number];
  }
  if (large_event_id_slots_.empty()) return kOtherIdSlot;
  const auto known = large_event_id_slots_.find(text);
  return known == large_event_id_slots_.end() ? kOtherIdSlot : known->second;
}

std::size_t Matcher::slot_of(const Event& event) const noexcept {
  const std::size_t unknown = event.log_source * slots_per_source_ + kUnknownIdSlot;
  const Field* found = nullptr;
  if (event_id_ == kUnknownField) return unknown;
  for (const Field& field : event.fields) {
    if (field.id != event_id_) continue;
    if (found != nullptr) return unknown;
    found = &field;
  }
  if (found == nullptr || found->escaped || !plan::is_event_id(found->text) ||
      (found->kind != ValueKind::kString && found->kind != ValueKind::kNumber)) {
    return unknown;
  }
  return unknown - kUnknownIdSlot + event_id_slot(found->text);
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
  plan::Plan plan =
      builder_.build(log_sources_.get(log_source), knowledge_of(slot % slots_per_source_));
  // Many log sources and event ids come to the same rules.
  auto& alike = built_[hash_of(plan)];
  const PlanIndex* index = nullptr;
  for (const auto& other : alike) {
    if (other->plan() == plan) index = other.get();
  }
  if (index == nullptr) {
    const auto first_scope = options_.remember_values ? std::optional(scopes_) : std::nullopt;
    ASSIGN_OR_RETURN(PlanIndex made,
                     PlanIndex::build(std::move(plan), {rules_, codes_, builder_.frequency(),
                                                        scanners_, first_scope}));
    scopes_ = std::max(scopes_, made.end_scope());
    alike.push_back(std::make_unique<const PlanIndex>(std::move(made)));
    index = alike.back().get();
  }
  slots_[slot].store(index, std::memory_order_release);
  return index;
}

Status Matcher::match(const Event& event, Scratch& scratch,
                      std::vector<plan::RuleIndex>& matches) const {
  matches.clear();
  scratch.undecided_.clear();
  ++scratch.counters_.events;
  const std::size_t slot = slot_of(event);
  ASSIGN_OR_RETURN(const PlanIndex* index, plan_at(slot));
  if (index->plan().rules.empty()) return ok_status();
  if (scratch.prepared_[slot] == 0) {
    RETURN_IF_ERROR(index->prepare(scratch.candidates_));
    scratch.prepared_[slot] = 1;
  }
  index->candidates(event, scratch.candidates_, scratch.positions_);
  if (scratch.positions_.empty()) return ok_status();
  scratch.fields_.reset(event, field_count_);
  const ScanBuffer& buffer = scratch.candidates_.buffer;
  for (const ScanBuffer::Slice& slice : buffer.slices()) {
    scratch.fields_.lend_folded(slice.field, buffer.folded(slice));
  }
  scratch.evaluator_.reset(scratch.fields_);
  evaluate(*index, scratch, matches);
  return ok_status();
}

void Matcher::evaluate(const PlanIndex& index, Scratch& scratch,
                       std::vector<plan::RuleIndex>& matches) const {
  // Less is nobody's burden: summed up it would only cost time.
  constexpr std::uint64_t kLeastWork = 1024;
  const FlatProgram& program = index.program();
  scratch.counters_.candidates += scratch.positions_.size();
  for (const std::uint32_t position : scratch.positions_) {
    const plan::RuleIndex rule = index.plan().rules[position].rule;
    if (scratch.quarantine_ != nullptr && scratch.quarantine_->is_out(rule, scratch.batch_)) {
      continue;
    }
    const auto verdict = scratch.evaluator_.evaluate_rule(program, program.start(position));
    if (verdict.holds) matches.push_back(rule);
    if (!verdict.decided) scratch.undecided_.push_back(rule);
    if (verdict.work < kLeastWork) continue;
    if (scratch.work_.empty()) scratch.work_.resize(rules_.rules.size(), 0);
    if (scratch.work_[rule] == 0) scratch.worked_.push_back(rule);
    scratch.work_[rule] += std::min(verdict.work, options_.limits.event);
  }
  scratch.counters_.matches += matches.size();
  scratch.counters_.undecided += scratch.undecided_.empty() ? 0 : 1;
}

std::size_t Matcher::plan_count() const {
  const std::lock_guard lock(build_mutex_);
  std::size_t count = 0;
  for (const auto& [hash, plans] : built_) count += plans.size();
  return count;
}

}  // namespace catena::match
