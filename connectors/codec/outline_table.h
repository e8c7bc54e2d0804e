// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/codec/line_scan.h"
#include "engine/normalise/flat_record.h"
#include "engine/normalise/layout.h"
#include "engine/normalise/normalisation_table.h"

// OutlineTable remembers the outlines of JSON records: all that is between their scalar values,
// that is keys and punctuation. Producers write a few hundred of them over and over. A line that
// has a known outline is decoded by comparing it with the outline, value by value: no parser, no
// lookup of keys, and everything that follows from the keys alone was found out once. A line whose
// outline is not known takes the way through JsonWalker and Normaliser, which is the slow twin
// (tests/property/outline_twin_test.cc), and may be learned from it.
//
//   {"EventID":10,"Image":"C:\\a.exe"}
//   ~~~~~~~~~~~  ~~~~~~~~~~          ~~    three pieces between two values
//
// Outlines that start alike share their first pieces (a tree, whose branches are kept in the order
// of last use). Why comparing is enough: the table learns from documents that JsonWalker accepted;
// a line with the same pieces, and with values of the same kinds between them, is the same document
// but for these values, and each of them is checked as JSON demands: LineScan has looked at quotes,
// escapes and control characters, literals are read here; UTF-8 is left to the caller.
//
// Thread safety: none; one per thread. Cost: a comparison of at most a few dozen bytes for each
// value; learning takes some ten microseconds and memory.
// Hostile records: what is kept is bounded by the constants below; an outline is learned when it is
// seen a second time, and learning is paid for by records that knew one (kFirstCredit). A table
// that no longer fits its input is forgotten.
namespace catena::codec {

inline constexpr std::size_t kMaxOutlines = 8192;
inline constexpr std::size_t kMaxOutlineSteps = 128 * 1024;
inline constexpr std::size_t kMaxPieces = 16 * 1024;
inline constexpr std::size_t kMaxPieceBytes = 2048;     // of one
inline constexpr std::size_t kMaxOutlineValues = 1024;  // of one outline, scalars and composites
inline constexpr std::size_t kMaxBranches = 128;        // behind the same beginning
// Branches that are compared for one record beyond the first ones.
inline constexpr std::size_t kMaxDetours = 96;
// Outlines that may be learned before any was of use; each of kHitsPerCredit uses pays for one
// more.
inline constexpr std::size_t kFirstCredit = 1024;
inline constexpr std::size_t kHitsPerCredit = 32;

// What follows from the keys of a record alone.
struct Outline {
  // An object, or an array that holds containers, with a known path: from `begin` bytes behind the
  // end of the value before piece `begin_piece`, likewise its end.
  struct Composite {
    std::uint16_t begin_piece = 0;
    std::uint16_t end_piece = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  struct FlatValue {
    normalise::PathId path = normalise::kUnknownPath;
    std::uint16_t slot = 0;
  };

  Outline(const normalise::NormalisationTable& table, std::span<const normalise::LayoutValue> paths)
      : layout(table, paths) {}

  std::size_t scalars = 0;              // their slots come first,
  std::vector<Composite> composites;    // then those of the composites
  std::vector<FlatValue> values;        // in record order
  std::vector<std::uint32_t> embedded;  // indexes of values that may hold embedded records
  std::uint8_t flags = 0;               // kFlagDuplicateKey or nothing
  normalise::Layout layout;
};

class OutlineTable {
 public:
  explicit OutlineTable(const normalise::NormalisationTable& table);

  // Whether it is worth to compare the next line: not always after many that had no known outline.
  [[nodiscard]] bool worth_comparing() noexcept;

  // Compares a document that is alone on its line, as `scan` has read it. The outline when it is
  // known; then values() are those of the document, texts as received, paths not set. nullptr when
  // it is not. kEscapePadding readable bytes and more lie behind the line.
  Outline* find(const LineScan& scan, std::string_view document) noexcept;
  [[nodiscard]] std::span<normalise::FlatField> values() noexcept { return values_; }

  // Learns the outline of a document that was just decoded to the fields of `record` (all of them
  // its own) and is not known. Does nothing when it was not seen before or there is no room.
  void learn(std::string_view document, const normalise::FlatRecord& record);

  [[nodiscard]] std::size_t size() const noexcept { return outlines_.size() - 1; }

 private:
  enum class Next : std::uint8_t { kString, kLiteral, kEnd };  // what a piece is followed by

  static constexpr std::size_t kHeadBytes = 32;
  struct alignas(64) Piece {
    std::array<char, kHeadBytes> head{};  // the first bytes, zeros behind
    std::uint32_t head_mask = 0;          // a bit for each byte of head that counts
    std::uint32_t size = 0;
    const char* text = nullptr;
    Next next = Next::kEnd;
  };
  // A node of the tree: a piece behind those of its parents.
  struct Step {
    std::uint32_t piece = 0;
    std::uint32_t first_child = 0;
    std::uint32_t sibling = 0;
    std::uint32_t outline = 0;  // of an end: its index
  };
  class Learner;

  [[nodiscard]] bool fits(const Piece& piece, std::string_view document,
                          std::size_t at) const noexcept;
  [[nodiscard]] std::uint32_t branch(std::uint32_t first, std::uint32_t* link,
                                     std::string_view document, std::size_t at,
                                     std::size_t& detours) noexcept;
  static bool take_value(Next kind, const LineScan& scan, std::string_view document,
                         std::size_t& at, normalise::FlatField& field) noexcept;
  [[nodiscard]] Outline* found(Outline& outline, std::string_view document) noexcept;
  void place_composites(const Outline& outline, std::string_view document) noexcept;
  [[nodiscard]] bool seen_before(const normalise::FlatRecord& record) noexcept;
  std::uint32_t piece_of(std::string_view text, Next next);
  // The child with that piece, added when it is new; kRoot when there is no room.
  std::uint32_t child_of(std::uint32_t step, std::uint32_t piece);
  [[nodiscard]] std::unique_ptr<Outline> outline_of(Learner& learner,
                                                    const normalise::FlatRecord& record) const;
  void forget_if_stale();
  void forget();

  static constexpr std::size_t kSeenBits = 14;
  static constexpr std::uint32_t kRoot = 0;  // a step's number; as the number of a child: none
  static constexpr std::uint32_t kNoPiece = 0;

  const normalise::NormalisationTable& table_;
  std::vector<Piece> pieces_;
  std::map<std::string, std::uint32_t, std::less<>> piece_numbers_;  // by kind and text
  std::vector<Step> steps_;                                          // 0 is the root
  std::vector<std::unique_ptr<Outline>> outlines_;                   // 0 is none
  std::vector<normalise::FlatField> values_;
  std::vector<std::uint32_t> ends_;  // by scalar: where it ends in the document
  std::vector<std::uint32_t> seen_;  // digests of paths, by their lowest bits
  std::size_t credit_ = kFirstCredit * kHitsPerCredit;
  std::size_t misses_in_a_row_ = 0;
  std::size_t recent_ = 0;  // documents compared since the last look at recent_misses_
  std::size_t recent_misses_ = 0;
};

}  // namespace catena::codec
