// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/match/field_index.h"
#include "engine/match/literal_scanner.h"
#include "engine/plan/plan.h"

// PlanIndex turns the required literals of one plan into two scans: one over the fields that the
// literals name, with the field and its borders encoded as bytes around each value, and one over
// all values for keywords. Its answer is a superset of the rules that match (candidates), never
// less. Thread safety: immutable once built; one CandidateScratch per thread.
namespace catena::match {

// Working memory of one thread for candidate search.
struct CandidateScratch {
  LiteralScanner::Scratch scanner;
  std::string buffer;
  std::vector<std::uint32_t> found;
  std::vector<std::uint32_t> stamps;  // per rule position of the plan
  std::uint32_t stamp = 0;
};

class PlanIndex {
 public:
  static Result<PlanIndex> build(plan::Plan plan);

  [[nodiscard]] const plan::Plan& plan() const noexcept { return plan_; }
  // Rules without a clause, evaluated on every event: the expensive ones.
  [[nodiscard]] std::size_t unconditional_rules() const noexcept { return unconditional_.size(); }

  // Call once per thread before the first candidates().
  [[nodiscard]] Status prepare(CandidateScratch& scratch) const;

  // Sets `positions` to the positions in plan().rules worth evaluating, ascending, each once.
  void candidates(FieldIndex& index, CandidateScratch& scratch,
                  std::vector<std::uint32_t>& positions) const;

 private:
  struct Scan {
    std::optional<LiteralScanner> scanner;
    std::vector<std::vector<std::uint32_t>> rules_of;  // literal id -> rule positions
  };

  PlanIndex() = default;
  static Result<Scan> build_scan(const std::vector<std::pair<std::string, std::uint32_t>>& needles);
  static void mark(const Scan& scan, CandidateScratch& scratch,
                   std::vector<std::uint32_t>& positions);
  void encode_fields(FieldIndex& index, std::string& buffer) const;

  plan::Plan plan_;
  std::vector<std::uint32_t> unconditional_;
  std::vector<FieldId> scanned_fields_;  // position + kFirstCode is the field's code
  Scan by_field_;
  Scan keywords_;
};

}  // namespace catena::match
