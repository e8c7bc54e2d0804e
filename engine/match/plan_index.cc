// SPDX-License-Identifier: Apache-2.0
#include "engine/match/plan_index.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/plan/guards.h"

namespace catena::match {

using plan::PlanLiteral;

Result<PlanIndex::Scan> PlanIndex::build_scan(Needles needles, ScannerCache* scanners) {
  Scan scan;
  if (needles.empty()) return scan;
  std::stable_sort(needles.begin(), needles.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> literals;
  for (auto& [text, use] : needles) {
    if (literals.empty() || literals.back() != text) {
      scan.first_use.push_back(static_cast<std::uint32_t>(scan.uses.size()));
      literals.push_back(std::move(text));
    }
    scan.uses.push_back(use);
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

void PlanIndex::add_guard(const plan::Guard& guard, std::uint32_t rule, AllNeedles& needles) {
  const auto index = static_cast<std::uint32_t>(guards_.size());
  guards_.push_back({rule, (1U << guard.size()) - 1});
  for (std::size_t i = 0; i < guard.size(); ++i) {
    const Use use{index, 1U << i};
    for (const PlanLiteral& literal : guard[i]) {
      if (literal.field == kUnknownField) {
        needles.keywords.emplace_back(ScanCodes::encode(literal, ScanCodes::kNone), use);
      } else {
        const ScanCodes::Code code = codes_->of(literal.field);
        needles.by_field[code].emplace_back(ScanCodes::encode(literal, code), use);
      }
    }
  }
}

Status PlanIndex::build_field_scans(std::map<ScanCodes::Code, Needles> by_field,
                                    ScannerCache* scanners) {
  constexpr std::size_t kMaxOwnScans = 255;
  Needles shared;
  for (auto& [code, needles] : by_field) {
    if (needles.size() < kManyLiterals || own_scans_.size() == kMaxOwnScans) {
      shared_fields_.insert(code);
      std::move(needles.begin(), needles.end(), std::back_inserter(shared));
      continue;
    }
    own_fields_.insert(code);
    if (own_scan_.size() <= code) own_scan_.resize(std::size_t{code} + 1, 0);
    ASSIGN_OR_RETURN(Scan scan, build_scan(std::move(needles), scanners));
    own_scans_.push_back(std::move(scan));
    own_scan_[code] = static_cast<std::uint8_t>(own_scans_.size());
  }
  ASSIGN_OR_RETURN(shared_scan_, build_scan(std::move(shared), scanners));
  return ok_status();
}

Result<PlanIndex> PlanIndex::build(plan::Plan plan, const Context& context) {
  static_assert(plan::kMaxClauses < 32, "clauses are bits of a word");
  PlanIndex index(std::move(plan), context);
  AllNeedles needles;
  std::vector<std::string> keyword_texts;
  for (std::uint32_t i = 0; i < index.plan_.rules.size(); ++i) {
    const plan::PlanRule& rule = index.plan_.rules[i];
    if (rule.guards.empty()) index.unconditional_.push_back(i);
    for (const plan::Guard& guard : rule.guards) {
      index.add_guard(guard, i, needles);
      for (const plan::Clause& clause : guard) {
        for (const PlanLiteral& literal : clause) {
          if (literal.field == kUnknownField) keyword_texts.push_back(literal.text);
        }
      }
    }
  }
  index.raw_filter_ = RawTextFilter::build(keyword_texts);
  RETURN_IF_ERROR(index.build_field_scans(std::move(needles.by_field), context.scanners));
  ASSIGN_OR_RETURN(index.keywords_, build_scan(std::move(needles.keywords), context.scanners));
  return index;
}

Status PlanIndex::prepare(CandidateScratch& scratch) const {
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

void PlanIndex::mark(const Scan& scan, std::string_view text, CandidateScratch& scratch,
                     std::vector<std::uint32_t>& positions) const {
  scan.scanner->scan(text, scratch.scanner, scratch.found);
  for (const std::uint32_t literal : scratch.found) {
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

void PlanIndex::scan_fields(const Event& event, CandidateScratch& scratch,
                            std::vector<std::uint32_t>& positions) const {
  scratch.buffer.clear();
  if (shared_scan_.scanner) {
    scratch.buffer.take_fields(event, *codes_, shared_fields_);
    mark(shared_scan_, scratch.buffer.text(), scratch, positions);
  }
  if (own_scans_.empty()) return;
  const std::size_t first = scratch.buffer.slices().size();
  scratch.buffer.take_fields(event, *codes_, own_fields_);
  for (std::size_t i = first; i < scratch.buffer.slices().size(); ++i) {
    const ScanBuffer::Slice& slice = scratch.buffer.slices()[i];
    const ScanCodes::Code code = codes_->of(event.fields[slice.field].id);
    mark(own_scans_[own_scan_[code] - std::size_t{1}], scratch.buffer.bordered(slice), scratch,
         positions);
  }
}

bool PlanIndex::may_hold_keywords(const Event& event) const noexcept {
  if (!keywords_.scanner) return false;
  return !event.raw_holds_values || !raw_filter_ || raw_filter_->may_contain(event.raw);
}

void PlanIndex::candidates(const Event& event, CandidateScratch& scratch,
                           std::vector<std::uint32_t>& positions) const {
  positions.assign(unconditional_.begin(), unconditional_.end());
  begin(scratch);
  if (may_hold_keywords(event)) {
    scratch.buffer.take_all(event);
    mark(keywords_, scratch.buffer.text(), scratch, positions);
  }
  scan_fields(event, scratch, positions);
  if (positions.size() > 1) std::sort(positions.begin(), positions.end());
}

}  // namespace catena::match
