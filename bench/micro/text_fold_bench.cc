// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>

#include "engine/base/text_fold.h"

namespace {

constexpr std::string_view kAscii =
    "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\PowerShell.exe -NoProfile -EncodedCommand";
constexpr std::string_view kMixed = "/home/J\u00dcRGEN/B\u00dcRO/Rechnung_\u0416\u0410.PDF";

void fold(benchmark::State& state, std::string_view text) {
  std::string out(catena::folded_capacity(text.size()), '\0');
  for (auto _ : state) {
    benchmark::DoNotOptimize(catena::fold_into(out.data(), text));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(fold, ascii, kAscii);
BENCHMARK_CAPTURE(fold, mixed, kMixed);

}  // namespace
