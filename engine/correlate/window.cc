// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/window.h"

#include <algorithm>

#include "engine/correlate/count_windows.h"
#include "engine/correlate/temporal_windows.h"
#include "engine/correlate/value_windows.h"

namespace catena::correlate {

bool Window::list(std::vector<MemberReference>& /*references*/) const { return false; }

std::unique_ptr<Window> make_window(const plan::Correlation& correlation) {
  switch (correlation.type) {
    case plan::CorrelationType::kEventCount:
      return std::make_unique<EventCountWindow>(correlation);
    case plan::CorrelationType::kValueCount:
      return std::make_unique<DistinctCountWindow>(correlation);
    case plan::CorrelationType::kTemporal:
      return std::make_unique<TemporalWindow>(correlation);
    case plan::CorrelationType::kTemporalOrdered:
      return std::make_unique<OrderedWindow>(correlation);
    case plan::CorrelationType::kValueSum:
    case plan::CorrelationType::kValueAverage:
      return std::make_unique<SumWindow>(correlation);
    case plan::CorrelationType::kValuePercentile:
    case plan::CorrelationType::kValueMedian:
      return std::make_unique<PercentileWindow>(correlation);
  }
  return nullptr;
}

std::uint64_t greatest_bound(const std::vector<plan::Bound>& bounds) noexcept {
  Int128 greatest = 0;
  for (const plan::Bound& bound : bounds) greatest = std::max(greatest, bound.value.units);
  return static_cast<std::uint64_t>(greatest / Decimal::kUnitsPerOne);
}

}  // namespace catena::correlate
