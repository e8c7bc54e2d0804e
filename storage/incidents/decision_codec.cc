// SPDX-License-Identifier: Apache-2.0
#include "storage/incidents/decision_codec.h"

#include "storage/incidents/store_keys.h"
#include "storage/kv/record_bytes.h"

namespace catena::storage {

using casework::CaseState;
using casework::Decision;
using casework::DecisionKind;

std::string decision_key(std::uint64_t number) {
  std::string key(kDecisionPrefix);
  for (unsigned shift = 64; shift > 0;) {
    shift -= 8;
    key.push_back(static_cast<char>((number >> shift) & 0xffU));
  }
  return key;
}

std::optional<std::uint64_t> parse_decision_key(std::string_view key) {
  if (!key.starts_with(kDecisionPrefix) || key.size() != kDecisionPrefix.size() + 8) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  for (const char c : key.substr(kDecisionPrefix.size())) {
    number = number << 8U | static_cast<unsigned char>(c);
  }
  return number;
}

std::string encode_decision(const Decision& decision) {
  RecordWriter out;
  out.byte(kDecisionRecordVersion);
  out.time(decision.time);
  out.text(decision.author);
  out.byte(static_cast<std::uint8_t>(decision.kind));
  out.byte(static_cast<std::uint8_t>(decision.state));
  out.id(decision.subject);
  out.id(decision.chain);
  out.text(decision.note);
  out.number(decision.detections.size());
  for (const Id128& id : decision.detections) out.id(id);
  return std::move(out).take();
}

Result<Decision> decode_decision(std::uint64_t number, std::string_view value) {
  const std::string what = "decision " + std::to_string(number);
  RecordReader in(value);
  const std::uint8_t version = in.byte();
  if (in.ok() && version > kDecisionRecordVersion) {
    return version_mismatch(what + ": record version " + std::to_string(version) +
                            ", this program reads up to " + std::to_string(kDecisionRecordVersion));
  }
  if (in.ok() && version == 0) return corrupt(what + ": no record version");
  Decision decision;
  decision.number = number;
  decision.time = in.time();
  decision.author = in.text();
  decision.kind = static_cast<DecisionKind>(in.byte_up_to(casework::kDecisionKindCount - 1));
  decision.state = static_cast<CaseState>(in.byte_up_to(casework::kCaseStateCount - 1));
  decision.subject = in.id();
  decision.chain = in.id();
  decision.note = in.text();
  for (std::size_t left = in.count(kIdBytes); left > 0 && in.ok(); --left) {
    decision.detections.push_back(in.id());
  }
  RETURN_IF_ERROR(in.finish(what));
  return decision;
}

}  // namespace catena::storage
