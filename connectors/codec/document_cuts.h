// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/normalise/flat_record.h"
#include "engine/normalise/layout.h"

// DocumentCuts takes a JSON document that was decoded apart into its scalar values and what is
// between them (the pieces, which OutlineTable learns), and finds the field of the decoded record
// for each value. Thread safety: none. Lifetime: within those of document and record.
namespace catena::codec {

// What a piece is followed by.
enum class PieceEnd : std::uint8_t { kString, kLiteral, kDocument };

// A character that a number, true, false or null may start with.
[[nodiscard]] inline bool starts_literal(char c) noexcept {
  return (c >= '0' && c <= '9') || c == '-' || c == 't' || c == 'f' || c == 'n';
}
// A character that no number, true, false or null holds but that may stand behind one.
[[nodiscard]] inline bool ends_literal(char c) noexcept {
  return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct Piece {
  std::string_view text;
  PieceEnd end = PieceEnd::kDocument;
};

// An object, or an array that holds containers, with a known path: from `begin` bytes behind the
// end of the value before piece `begin_piece`, likewise its end.
struct CompositePlace {
  std::uint16_t begin_piece = 0;
  std::uint16_t end_piece = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

class DocumentCuts {
 public:
  // `record` are the document's fields as JsonWalker made them.
  DocumentCuts(std::string_view document, const normalise::FlatRecord& record)
      : document_(document), fields_(record.fields) {}

  // False when the fields are not those of the document as received, or more than `most`.
  [[nodiscard]] bool read(std::size_t most);

  std::vector<Piece> pieces;
  std::vector<normalise::LayoutValue> values;  // in record order
  std::vector<CompositePlace> composites;
  [[nodiscard]] std::size_t scalars() const noexcept { return ends_.size(); }

 private:
  [[nodiscard]] std::size_t piece_begin() const noexcept {
    return ends_.empty() ? 0 : ends_.back();
  }
  void add_piece(std::size_t end, PieceEnd kind) {
    pieces.push_back({document_.substr(piece_begin(), end - piece_begin()), kind});
  }
  bool take_scalar(std::size_t begin, std::size_t end, PieceEnd kind);
  bool take_string(std::size_t& at);
  bool take_literal(std::size_t& at);
  void open(std::size_t at);
  void close(std::size_t end);

  std::string_view document_;
  const std::vector<normalise::FlatField>& fields_;
  std::size_t next_field_ = 0;
  std::vector<std::size_t> ends_;  // of the scalars
  std::vector<std::size_t> open_;  // the composites of the open containers
};

}  // namespace catena::codec
