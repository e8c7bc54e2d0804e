// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/outline_table.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

#include "connectors/codec/json_text.h"
#include "engine/base/hash.h"

namespace catena::codec {
namespace {

using normalise::FlatField;
using normalise::FlatRecord;

// After so many misses in a row, one line in kMissStride is compared.
constexpr std::size_t kMissesInARow = 32;
constexpr std::size_t kMissStride = 16;
// A full table is forgotten when more than half of this many documents had no known outline.
constexpr std::size_t kRecentDocuments = 8192;

// How many of the eight bytes at `text` are digits before the first that is none.
std::size_t leading_digits(const char* text) noexcept {
  constexpr std::uint64_t kEach = 0x0101010101010101ULL;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof(bytes));
  if constexpr (std::endian::native == std::endian::big) bytes = __builtin_bswap64(bytes);
  // The top bit of a byte: it is below '0', above '9', or not ASCII. A carry or borrow goes
  // upwards, behind the first such byte.
  const std::uint64_t others =
      ((bytes + 0x46 * kEach) | (bytes - 0x30 * kEach) | bytes) & 0x80 * kEach;
  return others == 0 ? 8 : static_cast<std::size_t>(std::countr_zero(others)) / 8;
}

// Reads the literal at `at`, which moves behind it; false when it is none. It ends before the
// document, whose last character is '}'.
bool read_literal(const char*& at, const char* limit, FlatField& field) noexcept {
  const char* const begin = at;
  field.escaped = false;
  field.kind = ValueKind::kNumber;
  const std::size_t digits = leading_digits(begin);
  if (digits < 8 && begin + digits < limit && ends_literal(begin[digits]) &&
      (digits == 1 || (digits != 0 && *begin != '0'))) {
    field.text = {begin, digits};
    at += digits;
    return true;
  }
  while (at < limit && !ends_literal(*at)) ++at;
  field.text = {begin, static_cast<std::size_t>(at - begin)};
  if (field.text == "null") {
    field.kind = ValueKind::kNull;
    field.text = {};
    return true;
  }
  if (field.text == "true" || field.text == "false") {
    field.kind = ValueKind::kBool;
    return true;
  }
  return is_json_number(field.text);
}

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

// Behind the blanks at `at`, before `limit`.
const char* skip_blanks(const char* at, const char* limit) noexcept {
  while (at < limit && is_blank(*at)) ++at;
  return at;
}

// A key of the piece is written with "\u" escapes.
bool has_unicode_escape(std::string_view text) noexcept {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '\\') continue;
    if (text[++i] == 'u') return true;
  }
  return false;
}

std::uint64_t load8(const char* text) noexcept {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof(bytes));
  return bytes;
}

}  // namespace

OutlineTable::OutlineTable(const normalise::NormalisationTable& table, BlockWidth width)
    : table_(table),
      width_(std::min(width, widest_blocks())),
      code_(kBlockBytes),
      nodes_(1),
      outlines_(1),
      values_(kMaxOutlineValues + 1),  // one more to point at behind the last
      ends_(kMaxOutlineValues + 1),
      seen_(std::size_t{1} << kSeenBits) {}

bool OutlineTable::worth_comparing() noexcept {
  if (misses_in_a_row_ < kMissesInARow) return true;
  return ++misses_in_a_row_ % kMissStride == 0;
}

inline OutlineTable::PieceHead OutlineTable::head_at(std::uint32_t place) const noexcept {
  PieceHead head;
  std::memcpy(&head, code_.data() + place, sizeof(head));
  return head;
}

inline std::string_view OutlineTable::text_at(std::uint32_t place) const noexcept {
  return {code_.data() + place + sizeof(PieceHead), head_at(place).size};
}

// Whether the piece stands at `walk.at`, with a value of its kind behind it.
bool OutlineTable::fits(std::uint32_t place, const Walk& walk) const noexcept {
  const PieceHead head = head_at(place);
  if (head.size > walk.limit - walk.at) return false;
  if (std::memcmp(walk.at, text_at(place).data(), head.size) != 0) return false;
  const char* const behind = walk.at + head.size;
  if (head.end == PieceEnd::kString) return true;
  if (head.end == PieceEnd::kLiteral) return starts_literal(*behind);
  const char* const end = skip_blanks(behind, walk.limit);
  return end == walk.limit ? !walk.is_cut : *end == '\n';
}

// The way on from the end of a node, or nullptr. A branch that was taken moves up by one.
inline const OutlineTable::Branch* OutlineTable::branch(Node& node, Walk& walk) const noexcept {
  const std::uint64_t bytes = load8(walk.at + node.compared_at);
  Branch* const branches = node.branches.data();
  const std::size_t count = node.branches.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0 && ++walk.detours > kMaxDetours) return nullptr;
    if (((bytes ^ branches[i].bytes) & branches[i].mask) != 0) continue;
    // The walk compares all of the piece.
    if (!node.is_certain && !fits(branches[i].begin, walk)) continue;
    if (i == 0) return branches;
    std::swap(branches[i - 1], branches[i]);
    return branches + i - 1;
  }
  return nullptr;
}

// The outline of the line at `walk.at`, or 0.
template <typename Blocks>
[[gnu::always_inline]] inline std::uint32_t OutlineTable::walk(Walk& walk) noexcept {
  const char* const line = walk.at;
  FlatField* value = values_.data();
  std::uint32_t* end = ends_.data();
  char* const code = code_.data();
  Node* node = nodes_.data();
  char* piece = code + node->begin;
  while (true) {
    const char* const pieces_end = code + node->end;
    while (piece != pieces_end) {
      PieceHead head;
      std::memcpy(&head, piece, sizeof(head));
      if (head.size > walk.limit - walk.at) return 0;
      if (!Blocks::same(walk.at, piece + sizeof(head), head.size)) return 0;
      walk.at += head.size;
      auto& usual = reinterpret_cast<std::uint8_t&>(piece[offsetof(PieceHead, usual)]);
      piece += stride(head.size);
      if (head.end == PieceEnd::kString) {
        const char* const begin = walk.at;
        walk.at = read_body<Blocks>(begin, walk.limit, usual, value->escaped, walk.notes);
        if (walk.at == nullptr) return 0;
        value->kind = ValueKind::kString;
        value->text = {begin, static_cast<std::size_t>(walk.at - begin)};
      } else if (head.end == PieceEnd::kLiteral) {
        if (!starts_literal(*walk.at) || !read_literal(walk.at, walk.limit, *value)) return 0;
      } else {
        return node->outline;
      }
      ++value;
      *end++ = static_cast<std::uint32_t>(walk.at - line);
    }
    const Branch* const next = branch(*node, walk);
    if (next == nullptr) return 0;
    piece = code + next->begin;
    node = nodes_.data() + next->node;
  }
}

std::uint32_t OutlineTable::walk_portable(Walk& line) noexcept {
  return walk<PortableBlocks>(line);
}
#if defined(__x86_64__)
CATENA_AVX2 std::uint32_t OutlineTable::walk_avx2(Walk& line) noexcept {
  return walk<Avx2Blocks>(line);
}
CATENA_AVX512 std::uint32_t OutlineTable::walk_avx512(Walk& line) noexcept {
  return walk<Avx512Blocks>(line);
}
#else
std::uint32_t OutlineTable::walk_avx2(Walk& line) noexcept { return walk_portable(line); }
std::uint32_t OutlineTable::walk_avx512(Walk& line) noexcept { return walk_portable(line); }
#endif

OutlineTable::Known OutlineTable::find(std::string_view bytes) noexcept {
  ++recent_;
  ++misses_in_a_row_;
  ++recent_misses_;
  Walk walk;
  walk.at = bytes.data();
  walk.limit = bytes.data() + std::min(bytes.size(), kMaxComparedLine);
  walk.is_cut = bytes.size() > kMaxComparedLine;
  const std::uint32_t number = width_ == BlockWidth::k64   ? walk_avx512(walk)
                               : width_ == BlockWidth::k32 ? walk_avx2(walk)
                                                           : walk_portable(walk);
  if (number == 0) return {};
  // Behind the document only blanks may follow on its line.
  const char* const end = skip_blanks(walk.at, walk.limit);
  if (end == walk.limit ? walk.is_cut : *end != '\n') return {};
  misses_in_a_row_ = 0;
  --recent_misses_;
  credit_ = std::min(credit_ + 1, kFirstCredit * kHitsPerCredit);
  Known known;
  known.outline = outlines_[number].get();
  known.size = static_cast<std::size_t>(walk.at - bytes.data());
  known.line_end = static_cast<std::size_t>(end - bytes.data());
  known.is_ascii = walk.notes.high == 0;
  known.unicode_escapes = walk.notes.unicode != 0 || known.outline->unicode_escapes;
  if (!known.outline->composites.empty()) {
    place_composites(*known.outline, bytes.substr(0, known.size));
  }
  return known;
}

void OutlineTable::place_composites(const Outline& outline, std::string_view document) noexcept {
  const auto start_of = [this](std::uint16_t piece) -> std::size_t {
    return piece == 0 ? 0 : ends_[piece - 1U];
  };
  std::size_t slot = outline.scalars;
  for (const CompositePlace& composite : outline.composites) {
    const std::size_t begin = start_of(composite.begin_piece) + composite.begin;
    const std::size_t end = start_of(composite.end_piece) + composite.end;
    FlatField& field = values_[slot++];
    field.kind = ValueKind::kComposite;
    field.escaped = false;
    field.text = document.substr(begin, end - begin);
  }
}

// Whether a record with these paths was among the last ones that were not learned.
bool OutlineTable::seen_before(const FlatRecord& record) noexcept {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;
  std::uint64_t digest = record.fields.size();
  for (const FlatField& field : record.fields) {
    digest = (digest ^ field.path) * kOdd;
    digest ^= digest >> 29U;
  }
  const auto known = static_cast<std::uint32_t>(digest >> 32U) | 1U;
  std::uint32_t& place = seen_[digest & ((std::size_t{1} << kSeenBits) - 1)];
  if (place == known) return true;
  place = known;
  return false;
}

void OutlineTable::forget() {
  code_size_ = 0;
  nodes_.assign(1, Node{});
  outlines_.resize(1);
}

std::uint32_t OutlineTable::child_with(const Node& node, const Piece& piece) const noexcept {
  for (const Branch& branch : node.branches) {
    const PieceEnd end = head_at(branch.begin).end;
    if (end == piece.end && text_at(branch.begin) == piece.text) return branch.node;
  }
  return kNone;
}

OutlineTable::Fork OutlineTable::fork_of(std::span<const Piece> pieces) const noexcept {
  Fork fork;
  while (fork.next < pieces.size()) {
    const Piece& piece = pieces[fork.next];
    const Node& node = nodes_[fork.node];
    if (fork.place == node.end) {
      const std::uint32_t child = child_with(node, piece);
      if (child == kNone) return fork;
      fork.node = child;
      fork.place = nodes_[child].begin;
    } else if (head_at(fork.place).end != piece.end || text_at(fork.place) != piece.text) {
      return fork;
    }
    fork.place += static_cast<std::uint32_t>(stride(piece.text.size()));
    ++fork.next;
  }
  return fork;
}

// Makes the pieces behind the fork a node of their own.
void OutlineTable::split(const Fork& fork) {
  const auto number = static_cast<std::uint32_t>(nodes_.size());
  Node& tail = nodes_.emplace_back();
  Node& node = nodes_[fork.node];
  std::swap(tail, node);
  node.begin = tail.begin;
  node.end = tail.begin = fork.place;
  node.branches.push_back({0, 0, number, fork.place});
}

// Chooses where the branches are compared: where their first pieces differ first.
void OutlineTable::tell_apart(Node& node) const noexcept {
  // Within what may be read behind any text.
  constexpr std::size_t kFurthest = kBlockBytes - sizeof(std::uint64_t);
  const std::string_view first = text_at(node.branches.front().begin);
  std::size_t common = std::min(first.size(), kFurthest);
  for (const Branch& branch : node.branches) {
    const std::string_view text = text_at(branch.begin);
    common = std::min(common, text.size());
    while (first.substr(0, common) != text.substr(0, common)) --common;
  }
  node.compared_at = static_cast<std::uint32_t>(common);
  for (Branch& branch : node.branches) {
    const std::string_view text = text_at(branch.begin).substr(common, 8);
    branch.bytes = branch.mask = 0;
    std::memcpy(&branch.bytes, text.data(), text.size());
    std::memset(&branch.mask, 0xFF, text.size());
  }
  node.is_certain = true;
  for (const Branch& a : node.branches) {
    for (const Branch& b : node.branches) {
      const bool differ = ((a.bytes ^ b.bytes) & a.mask & b.mask) != 0;
      node.is_certain = node.is_certain && (differ || &a == &b);
    }
  }
}

void OutlineTable::add_branch(std::uint32_t parent, std::span<const Piece> pieces,
                              std::uint32_t outline) {
  const auto number = static_cast<std::uint32_t>(nodes_.size());
  Node& node = nodes_.emplace_back();
  node.begin = static_cast<std::uint32_t>(code_size_);
  node.outline = outline;
  for (const Piece& piece : pieces) {
    const PieceHead head{static_cast<std::uint16_t>(piece.text.size()), piece.end, 0};
    const std::size_t place = code_size_;
    code_size_ += stride(piece.text.size());
    if (code_.size() < code_size_ + kBlockBytes) code_.resize(2 * code_size_ + kBlockBytes);
    std::memcpy(code_.data() + place, &head, sizeof(head));
    std::memcpy(code_.data() + place + sizeof(head), piece.text.data(), piece.text.size());
  }
  node.end = static_cast<std::uint32_t>(code_size_);
  nodes_[parent].branches.push_back({0, 0, number, node.begin});
  tell_apart(nodes_[parent]);
}

// Forgets all when there is no room and most documents of late were not known.
void OutlineTable::forget_if_stale() {
  if (recent_ < kRecentDocuments) return;
  const bool full = size() >= kMaxOutlines || code_size_ + kMaxComparedLine > kMaxOutlineBytes;
  if (full && recent_misses_ > recent_ / 2) forget();
  recent_ = recent_misses_ = 0;
}

void OutlineTable::learn(std::string_view document, const FlatRecord& record) {
  forget_if_stale();
  if (document.size() > kMaxComparedLine || credit_ < kHitsPerCredit) return;
  if (size() >= kMaxOutlines || !seen_before(record)) return;
  credit_ -= kHitsPerCredit;
  DocumentCuts cuts(document, record);
  if (!cuts.read(kMaxOutlineValues)) return;
  std::size_t bytes = 0;
  for (const Piece& piece : cuts.pieces) {
    if (piece.text.size() > kMaxPieceBytes) return;
    bytes += stride(piece.text.size());
  }
  if (code_size_ + bytes > kMaxOutlineBytes) return;
  const Fork fork = fork_of(cuts.pieces);
  if (fork.next == cuts.pieces.size()) return;  // known, but behind too many others to be found
  const bool is_inside = fork.place != nodes_[fork.node].end;
  if (!is_inside && nodes_[fork.node].branches.size() >= kMaxBranches) return;
  if (is_inside) split(fork);
  add_branch(fork.node, std::span(cuts.pieces).subspan(fork.next),
             static_cast<std::uint32_t>(outlines_.size()));
  outlines_.push_back(outline_of(cuts, record));
}

std::unique_ptr<Outline> OutlineTable::outline_of(DocumentCuts& cuts,
                                                  const FlatRecord& record) const {
  auto outline = std::make_unique<Outline>(table_, cuts.values);
  outline->scalars = cuts.scalars();
  outline->composites = std::move(cuts.composites);
  outline->flags = record.flags;
  outline->unicode_escapes = std::any_of(cuts.pieces.begin(), cuts.pieces.end(),
                                         [](const Piece& p) { return has_unicode_escape(p.text); });
  for (std::size_t i = 0; i < cuts.values.size(); ++i) {
    const normalise::LayoutValue& value = cuts.values[i];
    outline->values.push_back({value.path, value.slot});
    if (!value.composite && table_.maybe_embedded(value.path)) {
      outline->embedded.push_back(static_cast<std::uint32_t>(i));
    }
  }
  return outline;
}

}  // namespace catena::codec
