// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

// Why a record or a chunk of an event log file was refused. Thread safety: pure function.
namespace catena::evtx {

enum class Problem : std::uint8_t {
  kNone,
  kFileCutOff,          // the file ends inside its header
  kNoChunkSignature,    // 64 KiB that are neither a chunk nor empty
  kChunkCutOff,         // the file ends inside the chunk's header
  kNoRecordSignature,   // no record where one should begin
  kRecordCutOff,        // the file ends inside the record
  kRecordSize,          // smaller than a record's header, or larger than what is left of the chunk
  kRecordSizesDiffer,   // the size behind the record is not the one before it
  kBeyondEnd,           // a value, a name or a template reaches beyond its record or its chunk
  kUnknownToken,        // a token of binary XML that the specification does not have
  kMisplacedToken,      // a token where the grammar has no place for it
  kUnbalancedElements,  // an element is not closed, or closed twice
  kNoElement,           // not one element at the top, or more than one
  kUnknownValueType,    // a value of a type that cannot be read
  kValueSize,           // a value whose size does not fit its type
  kNoSuchValue,         // a substitution of a value that is not there
  kNameTooLong,         // kMaxNameUnits
  kTooDeep,             // elements nested deeper than kMaxElementDepth
  kNestedTemplates,     // templates and fragments nested deeper than kMaxNesting, or in a circle
  kTooManyElements,     // kMaxElements
  kTooMuchText,         // kMaxRecordText
  kChunkExpands,        // the chunk's records together are beyond kMaxChunkCost
};

// For people: "a value reaches beyond …".
[[nodiscard]] std::string_view problem_text(Problem problem) noexcept;

// Leaves the function with what the expression says, unless that is kNone.
#define RETURN_IF_PROBLEM(expression)                            \
  do {                                                           \
    const ::catena::evtx::Problem found_problem_ = (expression); \
    if (found_problem_ != ::catena::evtx::Problem::kNone) {      \
      return found_problem_;                                     \
    }                                                            \
  } while (false)

}  // namespace catena::evtx
