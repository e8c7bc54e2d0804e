// SPDX-License-Identifier: Apache-2.0
#include "engine/match/scan_buffer.h"

#include "engine/base/json_escape.h"
#include "engine/base/text_fold.h"

namespace catena::match {
namespace {

using plan::PlanLiteral;

constexpr char kOpen = '\xff';
constexpr char kClose = '\xfe';
constexpr unsigned kCodeBase = 126;  // the bytes 1 to 126, away from the borders

char low_byte(ScanCodes::Code code) noexcept { return static_cast<char>(1 + code % kCodeBase); }
char high_byte(ScanCodes::Code code) noexcept { return static_cast<char>(1 + code / kCodeBase); }

bool starts(PlanLiteral::Anchor anchor) noexcept {
  return anchor == PlanLiteral::Anchor::kStart || anchor == PlanLiteral::Anchor::kBoth;
}

bool ends(PlanLiteral::Anchor anchor) noexcept {
  return anchor == PlanLiteral::Anchor::kEnd || anchor == PlanLiteral::Anchor::kBoth;
}

}  // namespace

ScanCodes::ScanCodes(const plan::RuleSet& rules, std::size_t field_count)
    : codes_(field_count, kNone) {
  std::size_t next = 0;
  for (const plan::Predicate& predicate : rules.predicates) {
    if (predicate.any_field || codes_[predicate.field] != kNone) continue;
    codes_[predicate.field] = static_cast<Code>(1 + next++ % kMaxCodes);
  }
}

void ScanCodes::Set::insert(Code code) {
  if (words_.size() <= code / 64U) words_.resize(code / 64U + 1, 0);
  words_[code / 64U] |= 1ULL << (code % 64U);
}

std::string ScanCodes::encode(const PlanLiteral& literal, Code code) {
  std::string out;
  if (starts(literal.anchor)) {
    out.push_back(kOpen);
    if (code != kNone) out.append({low_byte(code), high_byte(code)});
  }
  out += literal.text;
  if (ends(literal.anchor)) {
    out.push_back(kClose);
    if (code != kNone) out.append({low_byte(code), high_byte(code)});
  }
  return out;
}

void ScanBuffer::take(const Field& field, std::uint32_t position, ScanCodes::Code code) {
  const std::size_t room =
      size_ + 2 * kBorderBytes + folded_capacity(field.text.size()) + kEscapePadding;
  if (bytes_.size() < room) bytes_.resize(room * 2);
  char* out = bytes_.data() + size_;
  *out++ = kOpen;
  if (code != ScanCodes::kNone) {
    *out++ = low_byte(code);
    *out++ = high_byte(code);
  }
  const auto begin = static_cast<std::uint32_t>(out - bytes_.data());
  const std::size_t size =
      field.escaped ? fold_simple(out, field.text) : fold_into(out, field.text);
  out += size;
  *out++ = kClose;
  if (code != ScanCodes::kNone) {
    *out++ = low_byte(code);
    *out++ = high_byte(code);
  }
  size_ = static_cast<std::size_t>(out - bytes_.data());
  slices_.push_back({position, begin, static_cast<std::uint32_t>(size)});
}

void ScanBuffer::take_fields(const Event& event, const ScanCodes& codes,
                             const ScanCodes::Set& wanted) {
  for (std::size_t i = 0; i < event.fields.size(); ++i) {
    const Field& field = event.fields[i];
    const ScanCodes::Code code = codes.of(field.id);
    if (code == ScanCodes::kNone || !wanted.contains(code) || field.kind == ValueKind::kNull) {
      continue;
    }
    take(field, static_cast<std::uint32_t>(i), code);
  }
}

void ScanBuffer::take_all(const Event& event) {
  clear();
  for (std::size_t i = 0; i < event.fields.size(); ++i) {
    const Field& field = event.fields[i];
    if (field.kind == ValueKind::kComposite || field.kind == ValueKind::kNull) continue;
    take(field, static_cast<std::uint32_t>(i), ScanCodes::kNone);
  }
}

}  // namespace catena::match
