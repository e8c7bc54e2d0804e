// SPDX-License-Identifier: Apache-2.0
// The indexed matcher against the reference matcher. The first bytes choose a few rules from a
// grammar (tests/support/matcher_world.h); the others are a record as received, or choose one from
// a grammar over the same texts. Any difference is a missed or an invented detection.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "connectors/codec/decoder.h"
#include "engine/match/matcher.h"
#include "engine/normalise/normalisation_table.h"
#include "engine/plan/rule_set_builder.h"
#include "rules/compile/regex_compiler.h"
#include "tests/support/matcher_world.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const catena::test::WorldMapping mapping;
  catena::test::ByteChoices choices({reinterpret_cast<const char*>(data), size});
  const std::uint32_t form = choices.pick(4);
  const catena::test::WorldRules rules(mapping, choices, 1 + choices.pick(6));
  catena::test::MatcherJudge judge(mapping, rules.rules());
  std::string text;
  if (form == 0) {
    text = choices.rest();
  } else {
    for (std::uint32_t i = 0; i < form; ++i) {
      text += catena::test::WorldRecord(choices).line() + "\n";
    }
  }
  const std::string difference = judge.judge(text);
  if (!difference.empty()) {
    std::fputs(difference.c_str(), stderr);
    std::abort();
  }
  return 0;
}
