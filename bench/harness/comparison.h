// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/harness/result.h"

// Compares a result with an earlier one of the same benchmark and says better, worse or same. What
// is compared is the time as a multiple of the JSON walk of the same repetition, so that a faster
// or busier machine cancels out; where there was no walk, the time per event. A difference counts
// when it is larger than the noise of both. Thread safety: pure functions.
namespace catena::harness {

enum class Verdict : std::uint8_t { kBetter, kSame, kWorse };
[[nodiscard]] std::string_view verdict_name(Verdict verdict) noexcept;

struct Comparison {
  Verdict verdict = Verdict::kSame;
  double change = 0;    // new cost / old cost
  double noise = 0;     // smallest |change - 1| that counts
  bool by_walk = true;  // false: by time, which a change of machine alters too
};

// Never believe less than this difference, however quiet the repetitions were: code that moves in
// memory makes as much.
inline constexpr double kLeastNoise = 0.02;
// How many times the spread (as standard deviation) of the quotient counts as noise.
inline constexpr double kNoiseSpreads = 3.0;

[[nodiscard]] Comparison compare(const BenchResult& before, const BenchResult& now);

// The earlier result to compare with: the last with the same benchmark, lane and threads; none.
[[nodiscard]] const BenchResult* find_earlier(const std::vector<BenchResult>& earlier,
                                              const BenchResult& now);

[[nodiscard]] std::string comparison_text(const Comparison& comparison, const BenchResult& before,
                                          const BenchResult& now);
[[nodiscard]] std::string comparison_json(const Comparison& comparison, const BenchResult& before,
                                          const BenchResult& now);

}  // namespace catena::harness
