// SPDX-License-Identifier: Apache-2.0
// The correlator against the brute-force one. The first bytes choose correlation rules from a
// grammar (tests/support/correlation_world.h), the others a stream and the order in which it
// arrives. Any difference is a missed or an invented result.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "engine/pipeline/correlation_stage.h"
#include "engine/plan/rule_set_codec.h"
#include "rules/compile/rule_loader.h"
#include "tests/support/correlation_world.h"

namespace {

constexpr std::uint32_t kMaxEvents = 48;

void report(const catena::test::CorrelationWorld& world, const std::vector<std::string>& found,
            const std::vector<std::string>& expected) {
  std::fputs(world.text().c_str(), stderr);
  for (const std::string& line : expected) std::fprintf(stderr, "expected %s\n", line.c_str());
  for (const std::string& line : found) std::fprintf(stderr, "found    %s\n", line.c_str());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  catena::test::ByteChoices choices({reinterpret_cast<const char*>(data), size});
  catena::test::CorrelationWorld world(choices);
  const std::uint32_t sources = 1 + choices.pick(3);
  const catena::test::Arrangement how = {
      choices.once_in(2) ? std::optional<catena::Timestamp>() : 2 * catena::kNanosPerSecond,
      sources, 1 + choices.pick(16), choices.pick(255)};
  const auto events = world.events(1 + choices.pick(kMaxEvents), sources);
  const auto found = catena::test::run_correlations(world, events, how, choices, nullptr);
  const auto expected = catena::test::BruteCorrelator(world.rules(), events, false).run();
  if (found != expected) {
    report(world, found, expected);
    std::abort();
  }
  return 0;
}
