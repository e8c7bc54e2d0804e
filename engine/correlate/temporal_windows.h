// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/correlate/window.h"

// Windows of temporal and temporal_ordered. Neither keeps the events of the window, only the newest
// of what could still matter, so both are exact at any rate and bounded by the rule.
namespace catena::correlate {

// temporal: the newest event of each rule. A rule is present while that one is in the window.
// Cost of an event: O(rules of the correlation).
class TemporalWindow final : public Window {
 public:
  explicit TemporalWindow(const plan::Correlation& correlation)
      : correlation_(correlation), newest_(correlation.inputs.size()) {}
  void expire(Timestamp start) override;
  void add(const Member& member) override;
  [[nodiscard]] bool holds() const override;
  [[nodiscard]] Measure measure() const override;
  bool list(std::vector<MemberReference>& references) const override;
  [[nodiscard]] std::uint64_t progress() const noexcept override;
  [[nodiscard]] std::size_t bytes() const noexcept override;

 private:
  const plan::Correlation& correlation_;
  std::vector<EventReference> newest_;  // by input; those of `present_` mean something
  std::uint64_t present_ = 0;
};

// temporal_ordered: for every first part of every order, the chain of events that fills it and that
// begins latest. That one is in the window if any is, so nothing has to be tried twice: an event
// extends the best chain of the step before its own. Steps follow one another strictly in (time,
// place): one event fills one step.
// Cost of an event: O(steps), for each of the condition's alternatives.
class OrderedWindow final : public Window {
 public:
  explicit OrderedWindow(const plan::Correlation& correlation);
  void expire(Timestamp start) override;
  void add(const Member& member) override;
  [[nodiscard]] bool holds() const override;
  [[nodiscard]] Measure measure() const override;
  bool list(std::vector<MemberReference>& references) const override;
  [[nodiscard]] std::uint64_t progress() const noexcept override;
  [[nodiscard]] std::size_t bytes() const noexcept override;

 private:
  // The last event of a chain and the chain before it.
  struct Link {
    MemberReference member;
    Timestamp start = kNoTime;  // time of the chain's first event
    std::shared_ptr<const Link> before;
  };
  using Chain = std::shared_ptr<const Link>;
  // Of one alternative: best chains that fill its first 1, 2, … steps.
  using Chains = std::vector<Chain>;

  void extend(std::size_t term, const Member& member);
  [[nodiscard]] std::size_t longest() const noexcept;
  // The alternative that holds, or nullptr.
  [[nodiscard]] const Chain* complete() const noexcept;

  const plan::Correlation& correlation_;
  std::vector<Chains> chains_;     // by term
  std::vector<Timestamp> newest_;  // by input, for what must be absent
  std::uint64_t present_ = 0;
};

}  // namespace catena::correlate
