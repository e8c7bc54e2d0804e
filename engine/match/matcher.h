// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "engine/event/event.h"
#include "engine/match/plan_index.h"
#include "engine/match/predicate_evaluator.h"
#include "engine/match/rule_quarantine.h"
#include "engine/plan/plan.h"

// Matcher says which rules match an event, the fast way: the event's log source and event id choose
// a plan, a scan of the event's text chooses the candidates, and only those are evaluated. It
// agrees with ReferenceMatcher on every event (tests/property). It does not read rules and keeps no
// state between events. Thread safety: match() may run concurrently, one Scratch per thread; plans
// are built at first use under a lock and immutable afterwards. Cost: O(event bytes + candidate
// predicates); does not allocate once its plans and scratch are warm.
namespace catena::match {

class Matcher {
 public:
  class Scratch {
   public:
    // `seed` makes the places in its cache unpredictable for who writes the logs.
    explicit Scratch(const Matcher& matcher, std::uint64_t seed = 0);

    // Since construction: events matched against, candidates evaluated, matches found, events with
    // an undecided rule.
    struct Counters {
      std::uint64_t events = 0;
      std::uint64_t candidates = 0;
      std::uint64_t matches = 0;
      std::uint64_t undecided = 0;
    };
    [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
    // Of the last event: rules that may match but would have cost more than the limits allow, by
    // number. An event with any was not evaluated as a whole.
    [[nodiscard]] const std::vector<plan::RuleIndex>& undecided() const noexcept {
      return undecided_;
    }

    // The events that follow are of this batch: rules that are out for it are not run.
    // `quarantine` outlives the scratch or the next call; nullptr: all rules run.
    void begin_batch(const RuleQuarantine* quarantine, std::uint64_t batch) noexcept {
      quarantine_ = quarantine;
      batch_ = batch;
    }
    // Moves what rules asked for since the last call into `work`, by rule. Small sums are left out.
    void take_work(std::vector<RuleWork>& work);

    // Values that were looked up instead of scanned, and those that were not.
    [[nodiscard]] const ValueCache::Counters& value_counters() const noexcept {
      return candidates_.values.counters();
    }

   private:
    friend class Matcher;
    FieldIndex fields_;
    PredicateEvaluator evaluator_;
    CandidateScratch candidates_;
    std::vector<std::uint32_t> positions_;
    std::vector<plan::RuleIndex> undecided_;
    const RuleQuarantine* quarantine_ = nullptr;
    std::uint64_t batch_ = 0;
    std::vector<std::uint64_t> work_;      // by rule, since take_work()
    std::vector<plan::RuleIndex> worked_;  // the rules with work
    std::vector<std::uint8_t> prepared_;   // per plan slot: scratch is large enough
    Counters counters_;
  };

  struct Options {
    // Answers for values that come again; false is its slow twin.
    bool remember_values = true;
    WorkLimits limits;
  };

  // All must outlive the matcher; the catalogs must not grow any more. `scanners` keeps compiled
  // literal scanners from run to run; nullptr for none.
  Matcher(const plan::RuleSet& rules, const LogSourceCatalog& log_sources,
          const FieldCatalog& fields, ScannerCache* scanners, Options options);
  Matcher(const plan::RuleSet& rules, const LogSourceCatalog& log_sources,
          const FieldCatalog& fields, ScannerCache* scanners = nullptr)
      : Matcher(rules, log_sources, fields, scanners, Options()) {}

  // Sets `matches` to the indices of the matching rules, ascending; scratch.undecided() has those
  // that were given up. Fails only when a plan cannot
  // be built (out of memory).
  [[nodiscard]] Status match(const Event& event, Scratch& scratch,
                             std::vector<plan::RuleIndex>& matches) const;

  // Different plans built so far.
  [[nodiscard]] std::size_t plan_count() const;

 private:
  // Which plan an event needs: slot = log source * slots_per_source_ + event id slot.
  [[nodiscard]] std::size_t slot_of(const Event& event) const noexcept;
  [[nodiscard]] std::size_t event_id_slot(std::string_view text) const noexcept;
  [[nodiscard]] Result<const PlanIndex*> plan_at(std::size_t slot) const;
  void evaluate(const PlanIndex& index, Scratch& scratch,
                std::vector<plan::RuleIndex>& matches) const;
  [[nodiscard]] plan::EventIdKnowledge knowledge_of(std::size_t event_id_slot) const;

  const plan::RuleSet& rules_;
  const LogSourceCatalog& log_sources_;
  ScannerCache* scanners_;
  Options options_;
  std::size_t field_count_;
  FieldId event_id_;
  plan::PlanBuilder builder_;
  ScanCodes codes_;
  std::vector<std::uint16_t> event_id_slots_;  // by event id; 0 where no rule asks for it
  std::unordered_map<std::string_view, std::size_t> large_event_id_slots_;
  std::size_t slots_per_source_;
  mutable std::vector<std::atomic<const PlanIndex*>> slots_;
  mutable std::mutex build_mutex_;
  // Guarded by build_mutex_: every plan once, by a hash of what it says; the scopes given out.
  mutable std::unordered_map<std::uint64_t, std::vector<std::unique_ptr<const PlanIndex>>> built_;
  mutable std::uint32_t scopes_ = 0;
};

}  // namespace catena::match
