// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/evtx/problem.h"
#include "connectors/evtx/value_text.h"

// ElementTree holds the elements of one record while it is read: BinaryXml builds it, EventJson
// reads it. All texts are bodies of JSON strings and lie in one buffer. It is not a DOM: it keeps
// what an event needs and can only grow.
// Thread safety: none; one per reader, reused for every record. Memory: bounded by the limits
// below. Errors: a Problem; the tree is then in no state to be read.
namespace catena::evtx {

inline constexpr std::size_t kMaxElementDepth = 32;
inline constexpr std::size_t kMaxElements = 4096;  // of a record, attributes and array items too
inline constexpr std::size_t kMaxRecordText = 1024 * 1024;  // bytes; a record has at most 64 KiB
// What an attribute counts for beside its texts, each time it is written.
inline constexpr std::size_t kAttributeCost = 8;

class ElementTree {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNoElement = ~Index{0};

  // A piece of the text buffer.
  struct Text {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };
  struct Value {
    Text text;
    bool literal = false;  // a number or a boolean: JSON without quotes
  };
  struct Attribute {
    Text name;
    Value value;
  };
  struct Element {
    Text name;
    Value value;  // all text directly in it
    Index first_child = kNoElement;
    Index last_child = kNoElement;
    Index next_sibling = kNoElement;
    std::uint32_t first_attribute = 0;
    std::uint32_t attribute_count = 0;
    std::uint32_t first_item = 0;  // of an array that is all its content: the items behind `value`
    std::uint32_t item_count = 0;
    bool has_content = false;  // some value was added, an empty one too
  };

  void clear();

  // --- Writing, in document order.
  // The text in the buffer that a name is made of: append to text(), then take what was appended.
  [[nodiscard]] std::string& text() noexcept { return text_; }
  [[nodiscard]] Text text_since(std::size_t begin) const noexcept {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(text_.size() - begin)};
  }
  Problem open_element(Text name);
  // Of the element that was opened last. Values go there until end_attributes().
  Problem add_attribute(Text name);
  void end_attributes() noexcept { in_attribute_ = false; }
  Problem close_element();
  // A value, or an array of values, of the innermost open element or of its last attribute.
  Problem add_value(ValueType type, std::string_view bytes);
  Problem add_array(ValueType type, std::string_view bytes);
  // Text that is not a value: a character reference, an entity.
  Problem add_text(std::string_view utf8);

  [[nodiscard]] std::size_t depth() const noexcept { return open_.size(); }
  // Bytes of all texts so far, those that the elements of an array share once for each.
  [[nodiscard]] std::size_t text_bytes() const noexcept { return text_.size() + shared_bytes_; }
  // Elements, attributes and items so far.
  [[nodiscard]] std::size_t size() const noexcept {
    return elements_.size() + attributes_.size() + items_.size();
  }

  // --- Reading.
  // The only element at the top; kNoElement when there is none or more than one.
  [[nodiscard]] Index root() const noexcept {
    return elements_[0].first_child == elements_[0].last_child ? elements_[0].first_child
                                                               : kNoElement;
  }
  [[nodiscard]] const Element& operator[](Index index) const noexcept { return elements_[index]; }
  [[nodiscard]] const Attribute* attributes(const Element& element) const noexcept {
    return attributes_.data() + element.first_attribute;
  }
  [[nodiscard]] std::string_view view(Text text) const noexcept {
    return {text_.data() + text.begin, text.size};
  }

 private:
  Problem check_limits() const noexcept;
  Index append_child(const Element& element);
  [[nodiscard]] Element& innermost() noexcept { return elements_[open_.back()]; }
  void flatten_items(Element& element);
  // Where the next piece of text goes; earlier pieces of the same value are moved to the end of the
  // buffer so that the value stays in one piece.
  Value& begin_value();
  Problem end_value(Value& value, bool literal);

  std::string text_;
  std::vector<Element> elements_{
      1};  // the first one is nobody's child and holds what is at the top
  std::vector<Attribute> attributes_;
  std::vector<Value> items_;
  std::vector<Index> open_;
  std::vector<std::string_view> split_;
  std::size_t shared_bytes_ = 0;
  bool in_attribute_ = false;
};

}  // namespace catena::evtx
