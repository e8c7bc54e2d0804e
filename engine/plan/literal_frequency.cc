// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/literal_frequency.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <unordered_map>

namespace catena::plan {
namespace {

constexpr std::size_t kPieceBytes = 3;
constexpr unsigned kRareLevel = 9;  // of a piece that the table does not have
constexpr double kShortText = 0.5;  // shorter than a piece

using Levels = std::unordered_map<std::uint32_t, std::uint8_t>;

std::uint32_t piece_key(FieldKind kind, std::string_view piece) noexcept {
  std::uint32_t key = static_cast<std::uint32_t>(kind);
  for (const char c : piece) key = key << 8U | static_cast<unsigned char>(c);
  return key;
}

const Levels& levels() {
  static const Levels kLevels = [] {
    Levels all;
    for (const FrequentPieces& common : frequent_pieces()) {
      for (std::size_t i = 0; i + kPieceBytes <= common.pieces.size(); i += kPieceBytes) {
        all.emplace(piece_key(common.kind, common.pieces.substr(i, kPieceBytes)), common.level);
      }
    }
    return all;
  }();
  return kLevels;
}

bool names_one_of(std::string_view name, std::initializer_list<std::string_view> parts) noexcept {
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return std::search(name.begin(), name.end(), part.begin(), part.end(), [](char a, char b) {
             return (a >= 'A' && a <= 'Z' ? a | 0x20 : a) == b;
           }) != name.end();
  });
}

}  // namespace

FieldKind field_kind(std::string_view name) {
  if (names_one_of(name, {"commandline", "script", "payload", "context", "message"})) {
    return FieldKind::kCommand;
  }
  if (names_one_of(name, {"targetobject", "details"})) return FieldKind::kRegistry;
  if (names_one_of(name, {"image", "file", "path", "direct", "module"})) return FieldKind::kPath;
  return FieldKind::kOther;
}

LiteralFrequency::LiteralFrequency(const FieldCatalog& fields) {
  kinds_.reserve(fields.size());
  for (std::size_t id = 0; id < fields.size(); ++id) {
    kinds_.push_back(field_kind(fields.name(static_cast<FieldId>(id))));
  }
}

double LiteralFrequency::of(const PlanLiteral& literal) const {
  using Anchor = PlanLiteral::Anchor;
  // A keyword looks at every value; command lines have the most to say.
  const FieldKind kind =
      literal.field == kUnknownField ? FieldKind::kCommand : kind_of(literal.field);
  std::string text;
  if (literal.anchor == Anchor::kStart || literal.anchor == Anchor::kBoth) text.push_back('^');
  text += literal.text;
  if (literal.anchor == Anchor::kEnd || literal.anchor == Anchor::kBoth) text.push_back('$');
  if (text.size() < kPieceBytes) return kShortText;
  unsigned rarest = 0;
  unsigned unknown = 0;
  for (std::size_t i = 0; i + kPieceBytes <= text.size(); ++i) {
    const auto found =
        levels().find(piece_key(kind, std::string_view(text).substr(i, kPieceBytes)));
    if (found == levels().end()) ++unknown;
    rarest = std::max<unsigned>(rarest, found == levels().end() ? kRareLevel : found->second);
  }
  // Each further piece that is not common makes a chance hit less likely.
  return std::ldexp(1.0, -static_cast<int>(rarest + std::min(unknown, 15U)) - 1);
}

}  // namespace catena::plan
