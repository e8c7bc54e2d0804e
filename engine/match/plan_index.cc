// SPDX-License-Identifier: Apache-2.0
#include "engine/match/plan_index.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "engine/plan/guards.h"

namespace catena::match {

using plan::PlanLiteral;

std::unique_ptr<const RawTextFilter> PlanIndex::filter_of(const Needles& needles,
                                                          std::size_t most) {
  std::vector<std::string> texts;
  for (const Needle& needle : needles) texts.push_back(needle.text);
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  if (texts.size() > most) return nullptr;
  auto filter = RawTextFilter::build(texts);
  return filter ? std::make_unique<const RawTextFilter>(*std::move(filter)) : nullptr;
}

Result<PlanIndex::Scan> PlanIndex::build_scan(Needles needles, ScannerCache* scanners) {
  Scan scan;
  if (needles.empty()) return scan;
  // A text that two fields ask for is two literals: each counts in its own field only.
  std::stable_sort(needles.begin(), needles.end(), [](const Needle& a, const Needle& b) {
    return std::tie(a.encoded, a.code) < std::tie(b.encoded, b.code);
  });
  std::vector<std::string> literals;
  for (Needle& needle : needles) {
    if (literals.empty() || literals.back() != needle.encoded || scan.codes.back() != needle.code) {
      scan.first_use.push_back(static_cast<std::uint32_t>(scan.uses.size()));
      scan.codes.push_back(needle.code);
      literals.push_back(std::move(needle.encoded));
    }
    scan.uses.push_back(needle.use);
  }
  scan.first_use.push_back(static_cast<std::uint32_t>(scan.uses.size()));
  ASSIGN_OR_RETURN(auto scanner, compile_scanner(literals, scanners));
  scan.scanner.emplace(std::move(scanner));
  return scan;
}

PlanIndex::PlanIndex(plan::Plan plan, const Context& context)
    : plan_(std::move(plan)),
      program_(plan_, context.rules, context.frequency),
      codes_(&context.codes) {}

void PlanIndex::add_guard(const plan::Guard& guard, std::uint32_t rule,
                          const plan::LiteralFrequency& frequency, AllNeedles& needles) {
  const auto index = static_cast<std::uint32_t>(guards_.size());
  guards_.push_back({rule, (1U << guard.size()) - 1});
  for (std::size_t i = 0; i < guard.size(); ++i) {
    const Use use{index, 1U << i};
    for (const PlanLiteral& literal : guard[i]) {
      if (literal.field == kUnknownField) {
        needles.keywords.push_back(
            {ScanCodes::encode(literal, ScanCodes::kNone), literal.text, ScanCodes::kNone, use});
        continue;
      }
      const ScanCodes::Code code = codes_->of(literal.field);
      needles.by_field[code].push_back({ScanCodes::encode(literal, code), literal.text, code, use});
      if (frequency.kind_of(literal.field) == plan::FieldKind::kCommand) {
        needles.free_text.insert(code);
      }
    }
  }
}

Status PlanIndex::build_field_scans(AllNeedles& needles, const Context& context) {
  Needles shared;
  end_scope_ = context.first_scope.value_or(0);
  for (auto& [code, of_field] : needles.by_field) {
    if (places_.size() <= code) places_.resize(std::size_t{code} + 1);
    FieldPlace& place = places_[code];
    named_.insert(code);
    place.filter = filter_of(of_field, kFewLiterals);
    if (context.first_scope && !needles.free_text.contains(code)) place.scope = end_scope_++;
    if (of_field.size() < kManyLiterals || own_scans_.size() == kMaxOwnScans) {
      std::move(of_field.begin(), of_field.end(), std::back_inserter(shared));
      continue;
    }
    ASSIGN_OR_RETURN(Scan scan, build_scan(std::move(of_field), context.scanners));
    own_scans_.push_back(std::move(scan));
    place.own_scan = static_cast<std::uint16_t>(own_scans_.size());
  }
  ASSIGN_OR_RETURN(shared_scan_, build_scan(std::move(shared), context.scanners));
  return ok_status();
}

Result<PlanIndex> PlanIndex::build(plan::Plan plan, const Context& context) {
  static_assert(plan::kMaxClauses < 32, "clauses are bits of a word");
  PlanIndex index(std::move(plan), context);
  AllNeedles needles;
  for (std::uint32_t i = 0; i < index.plan_.rules.size(); ++i) {
    const plan::PlanRule& rule = index.plan_.rules[i];
    if (rule.guards.empty()) index.unconditional_.push_back(i);
    for (const plan::Guard& guard : rule.guards) {
      index.add_guard(guard, i, context.frequency, needles);
    }
  }
  RETURN_IF_ERROR(index.build_field_scans(needles, context));
  index.keyword_filter_ = filter_of(needles.keywords, RawTextFilter::kMaxTexts);
  ASSIGN_OR_RETURN(index.keywords_, build_scan(std::move(needles.keywords), context.scanners));
  return index;
}

Status PlanIndex::prepare(CandidateScratch& scratch) const {
  scratch.values.add_scopes(end_scope_);
  if (scratch.filters.size() < end_scope_) scratch.filters.resize(end_scope_);
  for (const Scan& scan : own_scans_) RETURN_IF_ERROR(scan.scanner->prepare(scratch.scanner));
  if (shared_scan_.scanner) RETURN_IF_ERROR(shared_scan_.scanner->prepare(scratch.scanner));
  if (keywords_.scanner) RETURN_IF_ERROR(keywords_.scanner->prepare(scratch.scanner));
  return ok_status();
}

void PlanIndex::begin(CandidateScratch& scratch) const {
  scratch.buffer.clear();
  if (scratch.guards.size() < guards_.size()) scratch.guards.resize(guards_.size());
  if (scratch.rules.size() < plan_.rules.size()) scratch.rules.resize(plan_.rules.size(), 0);
  if (++scratch.event == 0) {
    std::fill(scratch.guards.begin(), scratch.guards.end(), CandidateScratch::Progress{});
    std::fill(scratch.rules.begin(), scratch.rules.end(), 0);
    scratch.event = 1;
  }
}

void PlanIndex::mark(const Scan& scan, std::span<const std::uint32_t> literals,
                     CandidateScratch& scratch, std::vector<std::uint32_t>& positions) const {
  for (const std::uint32_t literal : literals) {
    for (std::uint32_t i = scan.first_use[literal]; i < scan.first_use[literal + 1]; ++i) {
      const Use use = scan.uses[i];
      CandidateScratch::Progress& progress = scratch.guards[use.guard];
      if (progress.event != scratch.event) progress = {scratch.event, 0};
      progress.clauses |= use.clause_bit;
      const GuardCode& guard = guards_[use.guard];
      if (progress.clauses != guard.all_clauses || scratch.rules[guard.rule] == scratch.event) {
        continue;
      }
      scratch.rules[guard.rule] = scratch.event;
      positions.push_back(guard.rule);
    }
  }
}

void PlanIndex::scan(const Scan& scan, std::string_view text, CandidateScratch& scratch,
                     std::vector<std::uint32_t>& positions) const {
  scan.scanner->scan(text, scratch.scanner, scratch.found);
  mark(scan, scratch.found, scratch, positions);
}

bool PlanIndex::is_answered(const FieldPlace& place, const Event& event, std::uint32_t position,
                            CandidateScratch& scratch,
                            std::vector<std::uint32_t>& positions) const {
  const Field& field = event.fields[position];
  if (place.scope == kNoScope) return !may_hold(place, field);
  bool is_filtered = !place.filter;
  if (place.filter && scratch.filters[place.scope].is_worth_asking()) {
    is_filtered = true;
    const bool passes = place.filter->may_contain(field.text);
    scratch.filters[place.scope].note(passes);
    if (!passes) return true;
  }
  const Scan& scan = scan_of(place);
  switch (scratch.values.look_up(place.scope, field)) {
    case ValueCache::Outcome::kFound:
      mark(scan, scratch.values.literals(), scratch, positions);
      return true;
    case ValueCache::Outcome::kLeft:
      return !is_filtered && !may_hold(place, field);
    case ValueCache::Outcome::kMissed:
      break;
  }
  if (!is_filtered && !may_hold(place, field)) {
    scratch.values.keep(field, {});
    return true;
  }
  const ScanCodes::Code code = codes_->of(field.id);
  scratch.buffer.take(field, position, code);
  scan.scanner->scan(scratch.buffer.bordered(scratch.buffer.slices().back()), scratch.scanner,
                     scratch.found);
  // The literals of other fields do not count here.
  std::erase_if(scratch.found, [&](std::uint32_t literal) { return scan.codes[literal] != code; });
  scratch.values.keep(field, scratch.found);
  mark(scan, scratch.found, scratch, positions);
  return true;
}

void PlanIndex::scan_fields(const Event& event, CandidateScratch& scratch,
                            std::vector<std::uint32_t>& positions) const {
  scratch.buffer.clear();
  scratch.together.clear();
  for (std::uint32_t i = 0; i < event.fields.size(); ++i) {
    const Field& field = event.fields[i];
    const ScanCodes::Code code = codes_->of(field.id);
    if (code == ScanCodes::kNone || !named_.contains(code) || field.kind == ValueKind::kNull) {
      continue;
    }
    const FieldPlace& place = places_[code];
    if (is_answered(place, event, i, scratch, positions)) continue;
    if (place.own_scan == 0) {
      scratch.together.push_back(i);
      continue;
    }
    scratch.buffer.take(field, i, code);
    scan(own_scans_[place.own_scan - 1U], scratch.buffer.bordered(scratch.buffer.slices().back()),
         scratch, positions);
  }
  if (scratch.together.empty()) return;
  const std::size_t begin = scratch.buffer.text().size();
  for (const std::uint32_t i : scratch.together) {
    scratch.buffer.take(event.fields[i], i, codes_->of(event.fields[i].id));
  }
  scan(shared_scan_, scratch.buffer.text().substr(begin), scratch, positions);
}

bool PlanIndex::may_hold_keywords(const Event& event) const noexcept {
  if (!keywords_.scanner) return false;
  return !event.raw_holds_values || !keyword_filter_ || keyword_filter_->may_contain(event.raw);
}

void PlanIndex::candidates(const Event& event, CandidateScratch& scratch,
                           std::vector<std::uint32_t>& positions) const {
  positions.assign(unconditional_.begin(), unconditional_.end());
  begin(scratch);
  if (may_hold_keywords(event)) {
    scratch.buffer.take_all(event);
    scan(keywords_, scratch.buffer.text(), scratch, positions);
  }
  scan_fields(event, scratch, positions);
  if (positions.size() > 1) std::sort(positions.begin(), positions.end());
}

}  // namespace catena::match
