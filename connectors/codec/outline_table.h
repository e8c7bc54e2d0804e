// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "connectors/codec/document_cuts.h"
#include "connectors/codec/string_body.h"
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
// Outlines that start alike share their first pieces (a tree). Why comparing is enough: the table
// learns from documents that JsonWalker accepted; a line with the same pieces, and with values of
// the same kinds between them, is the same document but for these values, and each of them is
// checked as JSON demands: strings by string_body.h, literals here; UTF-8 is left to the caller.
//
// Thread safety: none; one per thread. Cost: one pass over the line with the widest instructions
// that the machine has; learning takes some ten microseconds and memory.
// Hostile records: what is kept is bounded by the constants below; an outline is learned when it is
// seen a second time, and learning is paid for by records that knew one (kFirstCredit). A table
// that no longer fits its input is forgotten.
namespace catena::codec {

// Longer lines are not compared. No value of a shorter one is longer than kMaxValueBytes.
inline constexpr std::size_t kMaxComparedLine = 1024 * 1024;

inline constexpr std::size_t kMaxOutlines = 8192;
inline constexpr std::size_t kMaxOutlineBytes = 8 * 1024 * 1024;  // of all pieces
inline constexpr std::size_t kMaxPieceBytes = 2048;               // of one
inline constexpr std::size_t kMaxOutlineValues = 1024;  // of one outline, scalars and composites
inline constexpr std::size_t kMaxBranches = 128;        // behind the same beginning
// Branches that are looked at for one record beyond the first ones.
inline constexpr std::size_t kMaxDetours = 512;
// Outlines that may be learned before any was of use; each of kHitsPerCredit uses pays for one
// more.
inline constexpr std::size_t kFirstCredit = 1024;
inline constexpr std::size_t kHitsPerCredit = 32;

// What follows from the keys of a record alone.
struct Outline {
  struct FlatValue {
    normalise::PathId path = normalise::kUnknownPath;
    std::uint16_t slot = 0;
  };

  Outline(const normalise::NormalisationTable& table, std::span<const normalise::LayoutValue> paths)
      : layout(table, paths) {}

  std::size_t scalars = 0;                 // their slots come first,
  std::vector<CompositePlace> composites;  // then those of the composites
  std::vector<FlatValue> values;           // in record order
  std::vector<std::uint32_t> embedded;     // indexes of values that may hold embedded records
  std::uint8_t flags = 0;                  // kFlagDuplicateKey or nothing
  bool unicode_escapes = false;            // in keys
  normalise::Layout layout;
};

class OutlineTable {
 public:
  explicit OutlineTable(const normalise::NormalisationTable& table,
                        BlockWidth width = widest_blocks());

  // Whether it is worth to compare the next line: not always after many that had no known outline.
  [[nodiscard]] bool worth_comparing() noexcept;

  // A line with a known outline.
  struct Known {
    Outline* outline = nullptr;    // nullptr: not known, or no JSON; nothing else is valid then
    std::size_t size = 0;          // of the document
    std::size_t line_end = 0;      // where the line ends, blanks included
    bool is_ascii = false;         // the values are
    bool unicode_escapes = false;  // some escape is "\u", not checked further
  };
  // Compares the line that `bytes` start with, which is one document. When it is known, values()
  // are those of the document, texts as received, paths not set. kBlockBytes readable bytes lie
  // behind `bytes`.
  Known find(std::string_view bytes) noexcept;
  [[nodiscard]] std::span<normalise::FlatField> values() noexcept { return values_; }

  // Learns the outline of a document that was just decoded to the fields of `record` (all of them
  // its own), is alone on its line and is not known. Does nothing when it was not seen before or
  // there is no room.
  void learn(std::string_view document, const normalise::FlatRecord& record);

  [[nodiscard]] std::size_t size() const noexcept { return outlines_.size() - 1; }

 private:
  // A way on from a node: the first bytes of the first piece there that tell it from its siblings.
  struct Branch {
    std::uint64_t bytes = 0;
    std::uint64_t mask = 0;
    std::uint32_t node = 0;
    std::uint32_t begin = 0;  // of the node's pieces: they are read without waiting for the node
  };
  // A run of pieces that follow each other in every known document that has the first of them. They
  // lie together in code_, so that the memory of a common outline is read in one go.
  struct Node {
    std::uint32_t begin = 0;  // of its pieces in code_
    std::uint32_t end = 0;
    std::uint32_t outline = 0;      // of the last piece of a document: its index
    std::uint32_t compared_at = 0;  // where Branch::bytes are
    bool is_certain = false;        // what Branch::bytes say of one branch holds for no other
    std::vector<Branch> branches;   // often taken ones first
  };
  // Before the text of a piece in code_.
  struct PieceHead {
    std::uint16_t size = 0;
    PieceEnd end = PieceEnd::kDocument;
    std::uint8_t usual = 0;  // size of the value behind it, see read_body()
  };
  static constexpr std::size_t kPieceAlignment = 4;
  static constexpr std::size_t stride(std::size_t text) noexcept {
    return (sizeof(PieceHead) + text + kPieceAlignment - 1) / kPieceAlignment * kPieceAlignment;
  }
  // A line while it is compared.
  struct Walk {
    const char* at = nullptr;
    const char* limit = nullptr;  // of what may be read as text
    bool is_cut = false;          // the line may go on behind the limit
    BodyNotes notes;
    std::size_t detours = 0;
  };

  [[nodiscard]] PieceHead head_at(std::uint32_t place) const noexcept;
  [[nodiscard]] std::string_view text_at(std::uint32_t place) const noexcept;
  template <typename Blocks>
  [[nodiscard]] std::uint32_t walk(Walk& walk) noexcept;
  [[nodiscard]] std::uint32_t walk_portable(Walk& walk) noexcept;
  [[nodiscard]] std::uint32_t walk_avx2(Walk& walk) noexcept;
  [[nodiscard]] std::uint32_t walk_avx512(Walk& walk) noexcept;
  [[nodiscard]] bool fits(std::uint32_t place, const Walk& walk) const noexcept;
  [[nodiscard]] const Branch* branch(Node& node, Walk& walk) const noexcept;
  void place_composites(const Outline& outline, std::string_view document) noexcept;
  [[nodiscard]] bool seen_before(const normalise::FlatRecord& record) noexcept;
  // Where a document leaves the tree: behind the pieces of `node` up to `place`, before its piece
  // number `next`.
  struct Fork {
    std::uint32_t node = 0;
    std::uint32_t place = 0;
    std::size_t next = 0;
  };
  [[nodiscard]] Fork fork_of(std::span<const Piece> pieces) const noexcept;
  [[nodiscard]] std::uint32_t child_with(const Node& node, const Piece& piece) const noexcept;
  void split(const Fork& fork);
  void add_branch(std::uint32_t node, std::span<const Piece> pieces, std::uint32_t outline);
  void tell_apart(Node& node) const noexcept;
  [[nodiscard]] std::unique_ptr<Outline> outline_of(DocumentCuts& cuts,
                                                    const normalise::FlatRecord& record) const;
  void forget_if_stale();
  void forget();

  static constexpr std::size_t kSeenBits = 14;
  static constexpr std::uint32_t kNone = ~0U;  // as the number of a node

  const normalise::NormalisationTable& table_;
  BlockWidth width_;
  std::vector<char> code_;  // pieces, and kBlockBytes to read behind them
  std::size_t code_size_ = 0;
  std::vector<Node> nodes_;                         // 0 is the root, which has no pieces
  std::vector<std::unique_ptr<Outline>> outlines_;  // 0 is none
  std::vector<normalise::FlatField> values_;
  std::vector<std::uint32_t> ends_;  // by scalar: where it ends in the document
  std::vector<std::uint32_t> seen_;  // digests of paths, by their lowest bits
  std::size_t credit_ = kFirstCredit * kHitsPerCredit;
  std::size_t misses_in_a_row_ = 0;
  std::size_t recent_ = 0;  // documents compared since the last look at recent_misses_
  std::size_t recent_misses_ = 0;
};

}  // namespace catena::codec
