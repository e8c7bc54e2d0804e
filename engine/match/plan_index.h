// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
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
#include "engine/match/value_cache.h"
#include "engine/plan/plan.h"

// PlanIndex turns the guards of one plan into two scans: one over the fields that their literals
// name, with the field and its borders encoded as bytes around each value (ScanBuffer), and one
// over all values for keywords, which most events are spared (RawTextFilter). Its answer is a
// superset of the rules that match (candidates), never less. Values that come again are answered by
// a ValueCache and not scanned again. Thread safety: immutable once built; one CandidateScratch per
// thread.
namespace catena::match {

// Working memory of one thread for candidate search.
struct CandidateScratch {
  struct Progress {
    std::uint32_t event = 0;    // the event that wrote `clauses`
    std::uint32_t clauses = 0;  // bit n: clause n of the guard holds
  };
  // A filter that lets most values of its field through only costs: for a while they are looked up
  // first, and the filter is asked about those that are not remembered. The candidates are the
  // same.
  class FilterHabit {
   public:
    // Whether to ask the filter first.
    [[nodiscard]] bool is_worth_asking() noexcept {
      if (pause_ == 0) return true;
      --pause_;
      return false;
    }
    void note(bool passed) noexcept {
      passed_ = static_cast<std::uint8_t>(passed_ + (passed ? 1 : 0));
      if (++asked_ < kTrial) return;
      if (passed_ * 2 > kTrial) pause_ = kPause;
      asked_ = passed_ = 0;
    }

   private:
    static constexpr std::uint8_t kTrial = 64;     // values
    static constexpr std::uint16_t kPause = 4096;  // values
    std::uint8_t asked_ = 0;
    std::uint8_t passed_ = 0;
    std::uint16_t pause_ = 0;
  };
  explicit CandidateScratch(std::uint64_t seed) : values(seed) {}

  LiteralScanner::Scratch scanner;
  ScanBuffer buffer;
  ValueCache values;
  std::vector<FilterHabit> filters;     // by scope
  std::vector<std::uint32_t> together;  // positions of the fields that are scanned together
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
    // The first number that no other plan's ValueCache scopes have; nullopt: no value is
    // remembered.
    std::optional<std::uint32_t> first_scope = 0;
  };
  static Result<PlanIndex> build(plan::Plan plan, const Context& context);

  [[nodiscard]] const plan::Plan& plan() const noexcept { return plan_; }
  [[nodiscard]] const FlatProgram& program() const noexcept { return program_; }
  // Rules without a guard, evaluated on every event: the expensive ones.
  [[nodiscard]] std::size_t unconditional_rules() const noexcept { return unconditional_.size(); }
  // Behind the last number of this plan's scopes.
  [[nodiscard]] std::uint32_t end_scope() const noexcept { return end_scope_; }

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
    std::vector<ScanCodes::Code> codes;  // of the literals' fields
  };
  // More literals of one field let too many values through a filter.
  static constexpr std::size_t kFewLiterals = 64;
  // Where the values of one field are looked for.
  static constexpr std::uint32_t kNoScope = ~0U;
  struct FieldPlace {
    std::uint16_t own_scan = 0;      // 1 + the place in own_scans_; 0: scanned together with others
    std::uint32_t scope = kNoScope;  // in the ValueCache
    // Of the field's literals where they are few. Behind a pointer: most fields have none.
    std::unique_ptr<const RawTextFilter> filter;
  };
  struct GuardCode {
    std::uint32_t rule = 0;  // position in the plan
    std::uint32_t all_clauses = 0;
  };
  struct Needle {
    std::string encoded;
    std::string text;  // of the literal, without borders
    ScanCodes::Code code;
    Use use;
  };
  using Needles = std::vector<Needle>;

  PlanIndex(plan::Plan plan, const Context& context);
  static std::unique_ptr<const RawTextFilter> filter_of(const Needles& needles, std::size_t most);
  static Result<Scan> build_scan(Needles needles, ScannerCache* scanners);
  struct AllNeedles {
    std::map<ScanCodes::Code, Needles> by_field;
    Needles keywords;
    ScanCodes::Set free_text;  // fields whose values hardly come twice
  };
  void add_guard(const plan::Guard& guard, std::uint32_t rule,
                 const plan::LiteralFrequency& frequency, AllNeedles& needles);
  Status build_field_scans(AllNeedles& needles, const Context& context);
  void begin(CandidateScratch& scratch) const;
  void mark(const Scan& scan, std::span<const std::uint32_t> literals, CandidateScratch& scratch,
            std::vector<std::uint32_t>& positions) const;
  void scan(const Scan& scan, std::string_view text, CandidateScratch& scratch,
            std::vector<std::uint32_t>& positions) const;
  [[nodiscard]] const Scan& scan_of(const FieldPlace& place) const noexcept {
    return place.own_scan != 0 ? own_scans_[place.own_scan - 1U] : shared_scan_;
  }
  // Whether a literal of the field may be in a value as received.
  [[nodiscard]] static bool may_hold(const FieldPlace& place, const Field& field) noexcept {
    return !place.filter || place.filter->may_contain(field.text);
  }
  // Whether the filter or what is remembered of values answers for one value, which is marked then.
  // The answer for a new value is found and remembered.
  [[nodiscard]] bool is_answered(const FieldPlace& place, const Event& event,
                                 std::uint32_t position, CandidateScratch& scratch,
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
  static constexpr std::size_t kMaxOwnScans = 65'535;
  ScanCodes::Set named_;            // by literals of fields
  std::vector<FieldPlace> places_;  // by code
  std::vector<Scan> own_scans_;
  Scan shared_scan_;  // of all other fields
  std::uint32_t end_scope_ = 0;
  Scan keywords_;
  std::unique_ptr<const RawTextFilter> keyword_filter_;
};

}  // namespace catena::match
