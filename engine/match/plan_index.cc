// SPDX-License-Identifier: Apache-2.0
#include "engine/match/plan_index.h"

#include <algorithm>
#include <map>

namespace catena::match {
namespace {

using plan::PlanLiteral;

// Neither byte occurs in UTF-8, so a border cannot be forged by a value.
constexpr char kOpen = '\xff';
constexpr char kClose = '\xfe';

// A field's code is two bytes, base 128, away from the border bytes.
void append_code(std::string& out, std::size_t field_position) {
  out.push_back(static_cast<char>(1 + (field_position & 0x3f)));
  out.push_back(static_cast<char>(1 + ((field_position >> 6U) & 0x3f)));
}

std::string encode(const PlanLiteral& literal, std::size_t field_position) {
  const bool start =
      literal.anchor == PlanLiteral::Anchor::kStart || literal.anchor == PlanLiteral::Anchor::kBoth;
  const bool end =
      literal.anchor == PlanLiteral::Anchor::kEnd || literal.anchor == PlanLiteral::Anchor::kBoth;
  std::string out;
  if (start) {
    out.push_back(kOpen);
    append_code(out, field_position);
  }
  out += literal.text;
  if (end) {
    out.push_back(kClose);
    append_code(out, field_position);
  }
  return out;
}

// A keyword literal is anchored to the borders of a value, whichever value it is.
std::string encode_keyword(const PlanLiteral& literal) {
  std::string out;
  if (literal.anchor == PlanLiteral::Anchor::kStart ||
      literal.anchor == PlanLiteral::Anchor::kBoth) {
    out.push_back(kOpen);
  }
  out += literal.text;
  if (literal.anchor == PlanLiteral::Anchor::kEnd || literal.anchor == PlanLiteral::Anchor::kBoth) {
    out.push_back(kClose);
  }
  return out;
}

std::size_t position_of(const std::vector<FieldId>& fields, FieldId field) {
  return static_cast<std::size_t>(std::lower_bound(fields.begin(), fields.end(), field) -
                                  fields.begin());
}

}  // namespace

Result<PlanIndex::Scan> PlanIndex::build_scan(
    const std::vector<std::pair<std::string, std::uint32_t>>& needles) {
  Scan scan;
  if (needles.empty()) return scan;
  std::map<std::string, std::vector<std::uint32_t>> rules_of;
  for (const auto& [text, rule] : needles) {
    auto& rules = rules_of[text];
    if (rules.empty() || rules.back() != rule) rules.push_back(rule);
  }
  std::vector<std::string> literals;
  for (auto& [text, rules] : rules_of) {
    literals.push_back(text);
    scan.rules_of.push_back(std::move(rules));
  }
  ASSIGN_OR_RETURN(auto scanner, LiteralScanner::compile(literals));
  scan.scanner.emplace(std::move(scanner));
  return scan;
}

Result<PlanIndex> PlanIndex::build(plan::Plan plan) {
  PlanIndex index;
  index.plan_ = std::move(plan);
  const auto& rules = index.plan_.rules;
  for (const auto& rule : rules) {
    for (const PlanLiteral& literal : rule.any_of) {
      if (literal.field != kUnknownField) index.scanned_fields_.push_back(literal.field);
    }
  }
  auto& fields = index.scanned_fields_;
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());

  std::vector<std::pair<std::string, std::uint32_t>> by_field;
  std::vector<std::pair<std::string, std::uint32_t>> keywords;
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    if (rules[i].any_of.empty()) index.unconditional_.push_back(i);
    for (const PlanLiteral& literal : rules[i].any_of) {
      if (literal.field == kUnknownField) {
        keywords.emplace_back(encode_keyword(literal), i);
      } else {
        by_field.emplace_back(encode(literal, position_of(fields, literal.field)), i);
      }
    }
  }
  ASSIGN_OR_RETURN(index.by_field_, build_scan(by_field));
  ASSIGN_OR_RETURN(index.keywords_, build_scan(keywords));
  return index;
}

Status PlanIndex::prepare(CandidateScratch& scratch) const {
  if (by_field_.scanner) RETURN_IF_ERROR(by_field_.scanner->prepare(scratch.scanner));
  if (keywords_.scanner) RETURN_IF_ERROR(keywords_.scanner->prepare(scratch.scanner));
  return ok_status();
}

void PlanIndex::encode_fields(FieldIndex& index, std::string& buffer) const {
  buffer.clear();
  for (std::size_t i = 0; i < scanned_fields_.size(); ++i) {
    for (std::uint32_t p = index.first(scanned_fields_[i]); p != FieldIndex::kNone;
         p = index.next(p)) {
      if (index.field(p).kind == ValueKind::kNull) continue;
      buffer.push_back(kOpen);
      append_code(buffer, i);
      buffer.append(index.folded_text(p));
      buffer.push_back(kClose);
      append_code(buffer, i);
    }
  }
}

void PlanIndex::mark(const Scan& scan, CandidateScratch& scratch,
                     std::vector<std::uint32_t>& positions) {
  scan.scanner->scan(scratch.buffer, scratch.scanner, scratch.found);
  for (const std::uint32_t literal : scratch.found) {
    for (const std::uint32_t rule : scan.rules_of[literal]) {
      if (scratch.stamps[rule] == scratch.stamp) continue;
      scratch.stamps[rule] = scratch.stamp;
      positions.push_back(rule);
    }
  }
}

void PlanIndex::candidates(FieldIndex& index, CandidateScratch& scratch,
                           std::vector<std::uint32_t>& positions) const {
  positions.assign(unconditional_.begin(), unconditional_.end());
  if (scratch.stamps.size() < plan_.rules.size()) scratch.stamps.resize(plan_.rules.size(), 0);
  if (++scratch.stamp == 0) {
    std::fill(scratch.stamps.begin(), scratch.stamps.end(), 0);
    scratch.stamp = 1;
  }
  if (by_field_.scanner) {
    encode_fields(index, scratch.buffer);
    mark(by_field_, scratch, positions);
  }
  if (keywords_.scanner) {
    scratch.buffer.clear();
    for (std::uint32_t p = 0; p < index.event().fields.size(); ++p) {
      const ValueKind kind = index.field(p).kind;
      if (kind == ValueKind::kComposite || kind == ValueKind::kNull) continue;
      scratch.buffer.push_back(kOpen);
      scratch.buffer.append(index.folded_text(p));
      scratch.buffer.push_back(kClose);
    }
    mark(keywords_, scratch, positions);
  }
  std::sort(positions.begin(), positions.end());
}

}  // namespace catena::match
