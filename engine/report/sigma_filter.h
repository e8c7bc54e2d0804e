// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/report/story.h"

// A false-positive chain as Sigma filters, one for each of its rules: an event with the values that
// gave its detections away is no detection of that rule any more. As narrow as the detections were
// alike: a field counts when every detection of the rule shows it whole, with at most
// kMaxFilterValues different values. A rule whose detections have no such field gets no filter, and
// the text says so. Thread safety: pure functions. The result loads with `scan --rules`.
namespace catena::report {

inline constexpr std::size_t kMaxFilterValues = 20;

struct SigmaFilters {
  std::string text;  // YAML documents with a comment in front
  std::size_t filters = 0;
  std::vector<std::string> without;  // titles of rules that got none
};

[[nodiscard]] SigmaFilters sigma_filters(const StoryView& view);

// A value of a Sigma rule that means just this text: wildcards and backslashes are escaped.
[[nodiscard]] std::string sigma_literal(std::string_view text);

}  // namespace catena::report
