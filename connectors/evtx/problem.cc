// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/problem.h"

namespace catena::evtx {

std::string_view problem_text(Problem problem) noexcept {
  switch (problem) {
    case Problem::kNone:
      return "nothing wrong";
    case Problem::kFileCutOff:
      return "the file ends inside its header";
    case Problem::kNoChunkSignature:
      return "neither a chunk nor empty";
    case Problem::kChunkCutOff:
      return "the file ends inside the chunk header";
    case Problem::kNoRecordSignature:
      return "no record where one should begin";
    case Problem::kRecordCutOff:
      return "the file ends inside the record";
    case Problem::kRecordSize:
      return "the record's size does not fit into its chunk";
    case Problem::kRecordSizesDiffer:
      return "the two sizes of the record differ";
    case Problem::kBeyondEnd:
      return "a reference or a length reaches beyond the record or the chunk";
    case Problem::kUnknownToken:
      return "unknown token";
    case Problem::kMisplacedToken:
      return "a token where it may not be";
    case Problem::kUnbalancedElements:
      return "elements are not closed as they were opened";
    case Problem::kNoElement:
      return "not exactly one element at the top";
    case Problem::kUnknownValueType:
      return "a value of an unknown type";
    case Problem::kValueSize:
      return "a value whose size does not fit its type";
    case Problem::kNoSuchValue:
      return "a template asks for a value that is not there";
    case Problem::kNameTooLong:
      return "a name is too long";
    case Problem::kTooDeep:
      return "elements are nested too deep";
    case Problem::kNestedTemplates:
      return "templates are nested too deep or in a circle";
    case Problem::kTooManyElements:
      return "too many elements";
    case Problem::kTooMuchText:
      return "the record expands too much";
    case Problem::kChunkExpands:
      return "the records of the chunk expand too much";
  }
  return "unknown";
}

}  // namespace catena::evtx
