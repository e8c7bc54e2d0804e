// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace re2 {
class RE2;
}

// What a byte of a value may cost an expression, as the matcher's limits count it
// (engine/match/work_limits.h). RE2 takes about a nanosecond a byte as long as the states that it
// meets fit in its memory; "a[ab]{20}c" and its like make it meet too many, and then it walks the
// program, some nanoseconds for each instruction and byte. An expression is taken for one of these
// when its program is large, or when it counts many repetitions of characters that may begin it
// anew: of a class that also holds what stands before it, or of a group of more than one character.
// A guess from the pattern alone, the same everywhere; never a false "no match". Expressions that
// write their repetitions out are not recognised. Thread safety: pure function. Cost: microseconds.
namespace catena::compile {

// From how many instructions on an expression is dear whatever it says.
inline constexpr int kLargeProgram = 512;
// From how many repetitions on.
inline constexpr unsigned kManyRepetitions = 12;
// Nanoseconds of one instruction for one byte when the states do not fit.
inline constexpr std::uint32_t kInstructionWork = 6;

[[nodiscard]] std::uint32_t regex_work(const re2::RE2& regex);

}  // namespace catena::compile
