// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/temporal_windows.h"

#include <algorithm>
#include <bit>

namespace catena::correlate {
namespace {

// A shared link with its control block.
constexpr std::size_t kLinkBytes = 112;
constexpr std::size_t kMostSteps = 63;  // of progress()

std::uint64_t bit(std::size_t input) noexcept { return std::uint64_t{1} << input; }

std::uint64_t progress_of(std::size_t steps) noexcept {
  return std::uint64_t{1} << std::min(std::max<std::size_t>(steps, 1) - 1, kMostSteps);
}

Measure steps_measure(std::size_t steps) {
  return {static_cast<Int128>(steps) * Decimal::kUnitsPerOne, 1, false};
}

}  // namespace

void TemporalWindow::expire(Timestamp start) {
  for (std::size_t i = 0; i < newest_.size(); ++i) {
    if (newest_[i].time < start) present_ &= ~bit(i);
  }
}

void TemporalWindow::add(const Member& member) {
  for (std::size_t i = 0; i < newest_.size(); ++i) {
    if ((member.inputs & bit(i)) != 0) newest_[i] = member.event;
  }
  present_ |= member.inputs;
}

bool TemporalWindow::holds() const {
  if (!correlation_.presence.empty()) return plan::holds(correlation_.presence, present_);
  return satisfies(correlation_.bounds, measure().value, 1);
}

Measure TemporalWindow::measure() const {
  return steps_measure(static_cast<std::size_t>(std::popcount(present_)));
}

bool TemporalWindow::list(std::vector<MemberReference>& references) const {
  references.clear();
  for (std::size_t i = 0; i < newest_.size(); ++i) {
    if ((present_ & bit(i)) == 0) continue;
    references.push_back({newest_[i], static_cast<std::uint32_t>(i)});
  }
  std::stable_sort(references.begin(), references.end(),
                   [](const auto& a, const auto& b) { return before(a.event, b.event); });
  return true;
}

std::uint64_t TemporalWindow::progress() const noexcept {
  return progress_of(static_cast<std::size_t>(std::popcount(present_)));
}

std::size_t TemporalWindow::bytes() const noexcept {
  return sizeof(*this) + newest_.capacity() * sizeof(newest_[0]);
}

OrderedWindow::OrderedWindow(const plan::Correlation& correlation)
    : correlation_(correlation),
      chains_(correlation.terms.size()),
      newest_(correlation.inputs.size(), kNoTime) {
  for (std::size_t i = 0; i < chains_.size(); ++i) {
    chains_[i].resize(correlation.terms[i].steps.size());
  }
}

void OrderedWindow::expire(Timestamp start) {
  for (Chains& chains : chains_) {
    for (Chain& chain : chains) {
      if (chain != nullptr && chain->start < start) chain.reset();
    }
  }
  for (std::size_t i = 0; i < newest_.size(); ++i) {
    if (newest_[i] < start) present_ &= ~bit(i);
  }
}

void OrderedWindow::add(const Member& member) {
  for (std::size_t i = 0; i < newest_.size(); ++i) {
    if ((member.inputs & bit(i)) != 0) newest_[i] = member.event.time;
  }
  present_ |= member.inputs;
  for (std::size_t i = 0; i < chains_.size(); ++i) extend(i, member);
}

// From the last step to the first, so that what the event fills is never what it builds on.
void OrderedWindow::extend(std::size_t term, const Member& member) {
  const std::vector<std::uint32_t>& steps = correlation_.terms[term].steps;
  Chains& chains = chains_[term];
  for (std::size_t i = steps.size(); i-- > 0;) {
    if ((member.inputs & bit(steps[i])) == 0) continue;
    const MemberReference reference = {member.event, steps[i]};
    if (i == 0) {
      chains[0] = std::make_shared<const Link>(Link{reference, member.event.time, nullptr});
    } else if (chains[i - 1] != nullptr) {
      // The chain before never begins earlier than the one that filled this step so far.
      chains[i] =
          std::make_shared<const Link>(Link{reference, chains[i - 1]->start, chains[i - 1]});
    }
  }
}

const OrderedWindow::Chain* OrderedWindow::complete() const noexcept {
  for (std::size_t i = 0; i < chains_.size(); ++i) {
    if ((correlation_.terms[i].absent & present_) != 0) continue;
    if (chains_[i].back() != nullptr) return &chains_[i].back();
  }
  return nullptr;
}

bool OrderedWindow::holds() const { return complete() != nullptr; }

std::size_t OrderedWindow::longest() const noexcept {
  std::size_t longest = 0;
  for (const Chains& chains : chains_) {
    for (std::size_t i = longest; i < chains.size(); ++i) {
      if (chains[i] != nullptr) longest = i + 1;
    }
  }
  return longest;
}

Measure OrderedWindow::measure() const { return steps_measure(longest()); }

bool OrderedWindow::list(std::vector<MemberReference>& references) const {
  references.clear();
  const Chain* const chain = complete();
  if (chain == nullptr) return true;
  for (const Link* link = chain->get(); link != nullptr; link = link->before.get()) {
    references.push_back(link->member);
  }
  std::reverse(references.begin(), references.end());
  return true;
}

std::uint64_t OrderedWindow::progress() const noexcept { return progress_of(longest()); }

std::size_t OrderedWindow::bytes() const noexcept {
  std::size_t bytes = sizeof(*this) + newest_.capacity() * sizeof(Timestamp);
  for (const Chains& chains : chains_) {
    bytes += sizeof(chains) + chains.capacity() * sizeof(Chain);
    // A chain of i + 1 steps may share none of its links.
    for (std::size_t i = 0; i < chains.size(); ++i) {
      if (chains[i] != nullptr) bytes += (i + 1) * kLinkBytes;
    }
  }
  return bytes;
}

}  // namespace catena::correlate
