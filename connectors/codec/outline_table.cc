// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/outline_table.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
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

constexpr std::string_view kNull = "null";

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// A character that a number, true, false or null may start with.
bool starts_literal(char c) noexcept {
  return is_digit(c) || c == '-' || c == 't' || c == 'f' || c == 'n';
}

// A character that no number, true, false or null holds but that may stand behind one.
bool ends_literal(char c) noexcept {
  return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

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

// Reads the literal at `at`; false when it is none. It ends before the document, whose last
// character is '}'.
bool read_literal(std::string_view document, std::size_t at, FlatField& field) noexcept {
  const char* const begin = document.data() + at;
  field.escaped = false;
  field.kind = ValueKind::kNumber;
  const std::size_t digits = leading_digits(begin);
  if (digits < 8 && at + digits < document.size() && ends_literal(begin[digits]) &&
      (digits == 1 || (digits != 0 && *begin != '0'))) {
    field.text = {begin, digits};
    return true;
  }
  std::size_t end = at;
  while (end < document.size() && !ends_literal(document.data()[end])) ++end;
  field.text = {begin, end - at};
  if (field.text == kNull) {
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

}  // namespace

OutlineTable::OutlineTable(const normalise::NormalisationTable& table)
    : table_(table),
      pieces_(1),
      steps_(1),
      outlines_(1),
      values_(kMaxOutlineValues + 1),  // one more to point at behind the last
      ends_(kMaxOutlineValues + 1),
      seen_(std::size_t{1} << kSeenBits) {}

bool OutlineTable::worth_comparing() noexcept {
  if (misses_in_a_row_ < kMissesInARow) return true;
  return ++misses_in_a_row_ % kMissStride == 0;
}

// Reads up to kHeadBytes behind `at`, which the batch's padding allows at its end.
inline bool OutlineTable::fits(const Piece& piece, std::string_view document,
                               std::size_t at) const noexcept {
  const char* const text = document.data() + at;
#if defined(__SSE2__)
  const auto load = [](const char* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  };
  const auto low = static_cast<std::uint32_t>(
      _mm_movemask_epi8(_mm_cmpeq_epi8(load(text), load(piece.head.data()))));
  const auto high = static_cast<std::uint32_t>(
      _mm_movemask_epi8(_mm_cmpeq_epi8(load(text + 16), load(piece.head.data() + 16))));
  if ((~(low | high << 16U) & piece.head_mask) != 0) return false;
#else
  const std::size_t head = std::min<std::size_t>(piece.size, kHeadBytes);
  if (at + head > document.size()) return false;
  if (std::memcmp(text, piece.head.data(), head) != 0) return false;
#endif
  if (piece.size > kHeadBytes) {
    if (at + piece.size > document.size()) return false;
    const std::size_t rest = piece.size - kHeadBytes;
    if (std::memcmp(text + kHeadBytes, piece.text + kHeadBytes, rest) != 0) return false;
  }
  if (piece.next == Next::kString) return true;
  if (piece.next == Next::kEnd) return at + piece.size == document.size();
  return starts_literal(text[piece.size]);
}

// The first of `first` and its siblings that fits; it then is the first child (`link`).
std::uint32_t OutlineTable::branch(std::uint32_t first, std::uint32_t* link,
                                   std::string_view document, std::size_t at,
                                   std::size_t& detours) noexcept {
  Step* const steps = steps_.data();
  std::uint32_t before = first;
  for (std::uint32_t step = steps[first].sibling; step != 0; step = steps[step].sibling) {
    if (++detours > kMaxDetours) return kRoot;
    if (fits(pieces_.data()[steps[step].piece], document, at)) {
      steps[before].sibling = steps[step].sibling;
      steps[step].sibling = first;
      *link = step;
      return step;
    }
    before = step;
  }
  return kRoot;
}

// Takes the value at `at`, which moves to its end; false when there is none of the kind.
inline bool OutlineTable::take_value(Next kind, const LineScan& scan, std::string_view document,
                                     std::size_t& at, FlatField& field) noexcept {
  if (kind == Next::kString) {
    const LineScan::Body body = scan.body(at);
    if (body.end >= document.size()) return false;
    field.kind = ValueKind::kString;
    field.escaped = body.escaped;
    field.text = {document.data() + at, body.end - at};
    at = body.end;
    return true;
  }
  if (!read_literal(document, at, field)) return false;
  at += field.kind == ValueKind::kNull ? kNull.size() : field.text.size();
  return true;
}

Outline* OutlineTable::find(const LineScan& scan, std::string_view document) noexcept {
  ++recent_;
  ++misses_in_a_row_;
  ++recent_misses_;
  Step* const steps = steps_.data();
  const Piece* const pieces = pieces_.data();
  std::size_t at = 0;
  std::size_t count = 0;
  std::size_t detours = 0;
  std::uint32_t* link = &steps[kRoot].first_child;
  while (true) {
    std::uint32_t step = *link;
    if (step == kRoot) return nullptr;
    if (!fits(pieces[steps[step].piece], document, at)) {
      step = branch(step, link, document, at, detours);
      if (step == kRoot) return nullptr;
    }
    const Piece& piece = pieces[steps[step].piece];
    if (piece.next == Next::kEnd) return found(*outlines_[steps[step].outline], document);
    at += piece.size;
    if (!take_value(piece.next, scan, document, at, values_.data()[count])) return nullptr;
    ends_.data()[count++] = static_cast<std::uint32_t>(at);
    link = &steps[step].first_child;
  }
}

Outline* OutlineTable::found(Outline& outline, std::string_view document) noexcept {
  misses_in_a_row_ = 0;
  --recent_misses_;
  credit_ = std::min(credit_ + 1, kFirstCredit * kHitsPerCredit);
  if (!outline.composites.empty()) place_composites(outline, document);
  return &outline;
}

void OutlineTable::place_composites(const Outline& outline, std::string_view document) noexcept {
  const auto start_of = [this](std::uint16_t piece) -> std::size_t {
    return piece == 0 ? 0 : ends_[piece - 1U];
  };
  std::size_t slot = outline.scalars;
  for (const Outline::Composite& composite : outline.composites) {
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
  pieces_.resize(1);
  piece_numbers_.clear();
  steps_.assign(1, Step{});
  outlines_.resize(1);
}

std::uint32_t OutlineTable::piece_of(std::string_view text, Next next) {
  std::string name(1, static_cast<char>('0' + static_cast<int>(next)));
  name.append(text);
  const auto found = piece_numbers_.find(name);
  if (found != piece_numbers_.end()) return found->second;
  if (pieces_.size() >= kMaxPieces || text.size() > kMaxPieceBytes) return kNoPiece;
  const auto number = static_cast<std::uint32_t>(pieces_.size());
  const auto added = piece_numbers_.emplace(std::move(name), number).first;
  Piece& piece = pieces_.emplace_back();
  piece.next = next;
  piece.size = static_cast<std::uint32_t>(text.size());
  piece.text = added->first.data() + 1;  // a map's keys stay where they are
  const std::size_t head = std::min(text.size(), kHeadBytes);
  std::memcpy(piece.head.data(), text.data(), head);
  piece.head_mask = head == kHeadBytes ? ~std::uint32_t{0} : (std::uint32_t{1} << head) - 1;
  return number;
}

std::uint32_t OutlineTable::child_of(std::uint32_t step, std::uint32_t piece) {
  std::size_t branches = 0;
  for (std::uint32_t child = steps_[step].first_child; child != 0; child = steps_[child].sibling) {
    if (steps_[child].piece == piece) return child;
    ++branches;
  }
  if (branches >= kMaxBranches || steps_.size() >= kMaxOutlineSteps) return kRoot;
  const auto added = static_cast<std::uint32_t>(steps_.size());
  steps_.push_back({piece, 0, steps_[step].first_child, 0});
  steps_[step].first_child = added;
  return added;
}

// Cuts a document into pieces and values, and finds their fields in the record.
class OutlineTable::Learner {
 public:
  Learner(std::string_view document, const FlatRecord& record)
      : document_(document), fields_(record.fields) {}

  // False when the fields are not those of the document as received.
  bool read() {
    for (std::size_t at = 0; at < document_.size();) {
      const char c = document_[at];
      bool taken = true;
      if (c == '"') {
        taken = take_string(at);
      } else if (c == '{' || c == '[') {
        open(at++);
      } else if (c == '}' || c == ']') {
        close(++at);
      } else if (starts_literal(c)) {
        taken = take_literal(at);
      } else {
        ++at;
      }
      if (!taken || values.size() > kMaxOutlineValues) return false;
    }
    add_piece(document_.size(), Next::kEnd);
    for (std::size_t i = 0, slot = ends_.size(); i < values.size(); ++i) {
      if (values[i].composite) values[i].slot = static_cast<std::uint16_t>(slot++);
    }
    return next_field_ == fields_.size() && open_.empty();
  }

  struct Cut {
    std::string_view text;
    Next next = Next::kEnd;
  };
  std::vector<Cut> pieces;
  std::vector<normalise::LayoutValue> values;  // in record order
  std::vector<Outline::Composite> composites;
  [[nodiscard]] std::size_t scalars() const noexcept { return ends_.size(); }

 private:
  static constexpr std::size_t kNoComposite = static_cast<std::size_t>(-1);

  [[nodiscard]] std::size_t piece_begin() const noexcept {
    return ends_.empty() ? 0 : ends_.back();
  }
  void add_piece(std::size_t end, Next next) {
    pieces.push_back({document_.substr(piece_begin(), end - piece_begin()), next});
  }
  // The scalar document[begin, end): the next field of the record.
  bool take_scalar(std::size_t begin, std::size_t end, Next next) {
    if (next_field_ == fields_.size()) return false;
    const FlatField& field = fields_[next_field_++];
    if (field.kind == ValueKind::kComposite) return false;
    values.push_back({field.path, false, static_cast<std::uint16_t>(ends_.size())});
    add_piece(begin, next);
    ends_.push_back(end);
    return true;
  }
  bool take_string(std::size_t& at) {
    const std::size_t begin = at + 1;
    std::size_t end = begin;
    while (document_[end] != '"') end += document_[end] == '\\' ? 2 : 1;
    at = end + 1;
    std::size_t next = at;
    while (next < document_.size() && document_[next] == ' ') ++next;
    const bool is_key = next < document_.size() && document_[next] == ':';
    return is_key || take_scalar(begin, end, Next::kString);
  }
  bool take_literal(std::size_t& at) {
    const std::size_t begin = at;
    while (at < document_.size() && !ends_literal(document_[at])) ++at;
    return take_scalar(begin, at, Next::kLiteral);
  }
  // A container has a field of its own when the next field's text starts with its bracket.
  void open(std::size_t at) {
    const bool has_field = next_field_ < fields_.size() &&
                           fields_[next_field_].kind == ValueKind::kComposite &&
                           fields_[next_field_].text.data() == document_.data() + at;
    open_.push_back(has_field ? composites.size() : kNoComposite);
    if (!has_field) return;
    values.push_back({fields_[next_field_++].path, true, 0});
    composites.push_back({static_cast<std::uint16_t>(ends_.size()), 0,
                          static_cast<std::uint32_t>(at - piece_begin()), 0});
  }
  void close(std::size_t end) {
    if (open_.empty()) return;
    const std::size_t index = open_.back();
    open_.pop_back();
    if (index == kNoComposite) return;
    composites[index].end_piece = static_cast<std::uint16_t>(ends_.size());
    composites[index].end = static_cast<std::uint32_t>(end - piece_begin());
  }

  std::string_view document_;
  const std::vector<FlatField>& fields_;
  std::size_t next_field_ = 0;
  std::vector<std::size_t> ends_;  // of the scalars
  std::vector<std::size_t> open_;  // the composites of the open containers
};

// Forgets all when there is no room and most documents of late were not known.
void OutlineTable::forget_if_stale() {
  if (recent_ < kRecentDocuments) return;
  const bool full =
      size() >= kMaxOutlines || steps_.size() >= kMaxOutlineSteps || pieces_.size() >= kMaxPieces;
  if (full && recent_misses_ > recent_ / 2) forget();
  recent_ = recent_misses_ = 0;
}

void OutlineTable::learn(std::string_view document, const FlatRecord& record) {
  forget_if_stale();
  if (document.size() > kMaxScannedLine || credit_ < kHitsPerCredit) return;
  if (size() >= kMaxOutlines || !seen_before(record)) return;
  credit_ -= kHitsPerCredit;
  Learner learner(document, record);
  if (!learner.read()) return;
  std::uint32_t step = kRoot;
  for (const Learner::Cut& cut : learner.pieces) {
    const std::uint32_t piece = piece_of(cut.text, cut.next);
    if (piece == kNoPiece) return;
    step = child_of(step, piece);
    if (step == kRoot) return;
  }
  if (steps_[step].outline != 0) return;  // known, but behind too many others to be found
  steps_[step].outline = static_cast<std::uint32_t>(outlines_.size());
  outlines_.push_back(outline_of(learner, record));
}

std::unique_ptr<Outline> OutlineTable::outline_of(Learner& learner,
                                                  const FlatRecord& record) const {
  auto outline = std::make_unique<Outline>(table_, learner.values);
  outline->scalars = learner.scalars();
  outline->composites = std::move(learner.composites);
  outline->flags = record.flags;
  for (std::size_t i = 0; i < learner.values.size(); ++i) {
    const normalise::LayoutValue& value = learner.values[i];
    outline->values.push_back({value.path, value.slot});
    if (!value.composite && table_.maybe_embedded(value.path)) {
      outline->embedded.push_back(static_cast<std::uint32_t>(i));
    }
  }
  return outline;
}

}  // namespace catena::codec
