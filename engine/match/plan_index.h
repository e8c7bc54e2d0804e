// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/match/flat_program.h"
#include "engine/match/literal_scanner.h"
#include "engine/match/raw_text_filter.h"
#include "engine/match/scan_buffer.h"
#include "engine/match/scanner_cache.h"
#include "engine/plan/plan.h"

// PlanIndex turns the guards of one plan into two scans: one over the fields that their literals
// name, with the field and its borders encoded as bytes around each value (ScanBuffer), and one
// over all values for keywords, which most events are spared (RawTextFilter). Its answer is a
// superset of the rules that match (candidates), never less. Thread safety: immutable once built;
// one CandidateScratch per thread.
namespace catena::match {

// Working memory of one thread for candidate search.
struct CandidateScratch {
  struct Progress {
    std::uint32_t event = 0;    // the event that wrote `clauses`
    std::uint32_t clauses = 0;  // bit n: clause n of the guard holds
  };
  LiteralScanner::Scratch scanner;
  ScanBuffer buffer;
  std::vector<std::uint32_t> found;
  std::vector<Progress> guards;      // per guard of the plan
  std::vector<std::uint32_t> rules;  // per rule position: the event that made it a candidate
  std::uint32_t event = 0;
};

class PlanIndex {
 public:
  // What a plan's index is made with; all must outlive it.
  struct Context {
    const plan::RuleSet& rules;
    const ScanCodes& codes;
    const plan::LiteralFrequency& frequency;
    ScannerCache* scanners = nullptr;  // nullptr: every scanner is compiled
  };
  static Result<PlanIndex> build(plan::Plan plan, const Context& context);

  [[nodiscard]] const plan::Plan& plan() const noexcept { return plan_; }
  [[nodiscard]] const FlatProgram& program() const noexcept { return program_; }
  // Rules without a guard, evaluated on every event: the expensive ones.
  [[nodiscard]] std::size_t unconditional_rules() const noexcept { return unconditional_.size(); }

  // Call once per thread before the first candidates().
  [[nodiscard]] Status prepare(CandidateScratch& scratch) const;

  // Sets `positions` to the positions in plan().rules worth evaluating, ascending, each once.
  // scratch.buffer then holds the folded values that were scanned.
  void candidates(const Event& event, CandidateScratch& scratch,
                  std::vector<std::uint32_t>& positions) const;

 private:
  // One clause of one guard that a literal satisfies.
  struct Use {
    std::uint32_t guard = 0;
    std::uint32_t clause_bit = 0;
  };
  struct Scan {
    std::optional<LiteralScanner> scanner;
    std::vector<std::uint32_t> first_use;  // literal id -> index into uses; one more at the end
    std::vector<Use> uses;
  };
  struct GuardCode {
    std::uint32_t rule = 0;  // position in the plan
    std::uint32_t all_clauses = 0;
  };
  using Needles = std::vector<std::pair<std::string, Use>>;

  PlanIndex(plan::Plan plan, const Context& context);
  static Result<Scan> build_scan(Needles needles, ScannerCache* scanners);
  struct AllNeedles {
    std::map<ScanCodes::Code, Needles> by_field;
    Needles keywords;
  };
  void add_guard(const plan::Guard& guard, std::uint32_t rule, AllNeedles& needles);
  Status build_field_scans(std::map<ScanCodes::Code, Needles> by_field, ScannerCache* scanners);
  void begin(CandidateScratch& scratch) const;
  void mark(const Scan& scan, std::string_view text, CandidateScratch& scratch,
            std::vector<std::uint32_t>& positions) const;
  void scan_fields(const Event& event, CandidateScratch& scratch,
                   std::vector<std::uint32_t>& positions) const;
  [[nodiscard]] bool may_hold_keywords(const Event& event) const noexcept;

  plan::Plan plan_;
  FlatProgram program_;
  const ScanCodes* codes_;
  std::vector<std::uint32_t> unconditional_;
  std::vector<GuardCode> guards_;
  // A field with many literals has a scan of its own: what a byte costs grows with the number of
  // literals that are looked for, and most of an event's bytes are in other fields. (Process
  // creation: 5,200 literals, 870 bytes; scanning fell from 10.3 to 6.9 times simdjson's stage 1.)
  static constexpr std::size_t kManyLiterals = 48;
  std::vector<std::uint8_t> own_scan_;  // by code: 1 + the place in own_scans_; 0 for none
  std::vector<Scan> own_scans_;
  ScanCodes::Set own_fields_;
  ScanCodes::Set shared_fields_;  // the others that literals name
  Scan shared_scan_;
  Scan keywords_;
  std::optional<RawTextFilter> raw_filter_;  // of the keywords
};

}  // namespace catena::match
