// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// YamlNode is one scalar, sequence or mapping of a YAML document, with the place where it was
// written. The tree is what the author typed: scalars keep their text (there is no 0x10 -> 16, no
// yes -> true), mappings keep their order, there are no anchors and no tags.
// Thread safety: immutable after the reader made it; share freely. Ownership: a node owns its
// children. Depth is bounded by YamlLimits::depth, so walking it recursively is safe.
namespace catena::yaml {

struct YamlEntry;

class YamlNode {
 public:
  enum class Kind : std::uint8_t { kScalar, kSequence, kMapping };

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] bool is_scalar() const noexcept { return kind_ == Kind::kScalar; }
  [[nodiscard]] bool is_sequence() const noexcept { return kind_ == Kind::kSequence; }
  [[nodiscard]] bool is_mapping() const noexcept { return kind_ == Kind::kMapping; }

  // Where the node starts; both 1-based, the column in characters.
  [[nodiscard]] std::uint32_t line() const noexcept { return line_; }
  [[nodiscard]] std::uint32_t column() const noexcept { return column_; }

  // Scalars: the text after unquoting and line folding; "" for other kinds.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  // Scalars: written without quotes and not as a block. Only plain scalars can be null, a boolean
  // or a number.
  [[nodiscard]] bool is_plain() const noexcept { return plain_; }
  // Scalars: the text stands on one line, so character n of it is at column() + n (+1 if quoted).
  [[nodiscard]] bool is_one_line() const noexcept { return one_line_; }
  // A plain scalar that says null: nothing, ~, null, Null, NULL (YAML 1.2 core schema).
  [[nodiscard]] bool is_null() const noexcept;
  // A plain true, True, TRUE, false, False, FALSE; nullopt for all else ("yes" is a text).
  [[nodiscard]] std::optional<bool> as_bool() const noexcept;
  // A plain decimal integer that fits; nullopt for all else.
  [[nodiscard]] std::optional<std::int64_t> as_integer() const noexcept;
  // A plain decimal number, integer or not ("1", "-2.5", "1e3"); never hexadecimal, inf or nan.
  [[nodiscard]] bool is_number() const noexcept;

  // Children of a sequence; empty for other kinds.
  [[nodiscard]] const std::vector<YamlNode>& items() const noexcept { return items_; }
  // Entries of a mapping in the order written; empty for other kinds. Keys are unique scalars.
  [[nodiscard]] const std::vector<YamlEntry>& entries() const noexcept { return entries_; }
  // The value of a key, or nullptr. Linear in the number of entries.
  [[nodiscard]] const YamlNode* find(std::string_view key) const noexcept;

 private:
  friend class YamlTreeBuilder;

  Kind kind_ = Kind::kScalar;
  bool plain_ = false;
  bool one_line_ = true;
  std::uint32_t line_ = 0;
  std::uint32_t column_ = 0;
  std::string text_;
  std::vector<YamlNode> items_;
  std::vector<YamlEntry> entries_;
};

struct YamlEntry {
  YamlNode key;  // a scalar
  YamlNode value;
};

// One document of a file ("---" separates them).
struct YamlDocument {
  std::string file;        // the name given to the reader
  std::uint32_t line = 1;  // where its root starts
  YamlNode root;           // a null scalar when the document is empty
};

// "file:line:column: reason", the form of every message about a place in a file.
[[nodiscard]] std::string at_place(std::string_view file, std::uint32_t line, std::uint32_t column,
                                   std::string_view reason);

// True for an optional sign, digits, an optional fraction and exponent; the whole text.
[[nodiscard]] bool is_decimal_number(std::string_view text) noexcept;

}  // namespace catena::yaml
