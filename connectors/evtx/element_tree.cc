// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/element_tree.h"

namespace catena::evtx {

void ElementTree::clear() {
  text_.clear();
  elements_.assign(1, {});
  attributes_.clear();
  items_.clear();
  open_.clear();
  shared_bytes_ = 0;
  in_attribute_ = false;
}

Problem ElementTree::check_limits() const noexcept {
  if (size() > kMaxElements) return Problem::kTooManyElements;
  return text_bytes() > kMaxRecordText ? Problem::kTooMuchText : Problem::kNone;
}

ElementTree::Index ElementTree::append_child(const Element& element) {
  const auto index = static_cast<Index>(elements_.size());
  elements_.push_back(element);
  Element& parent = elements_[open_.empty() ? 0 : open_.back()];
  (parent.last_child == kNoElement ? parent.first_child
                                   : elements_[parent.last_child].next_sibling) = index;
  parent.last_child = index;
  return index;
}

Problem ElementTree::open_element(Text name) {
  if (open_.size() == kMaxElementDepth) return Problem::kTooDeep;
  Element element;
  element.name = name;
  element.first_attribute = static_cast<std::uint32_t>(attributes_.size());
  open_.push_back(append_child(element));
  in_attribute_ = false;
  return check_limits();
}

Problem ElementTree::add_attribute(Text name) {
  attributes_.push_back({name, {}});
  ++innermost().attribute_count;
  in_attribute_ = true;
  return check_limits();
}

Problem ElementTree::close_element() {
  if (open_.empty()) return Problem::kUnbalancedElements;
  in_attribute_ = false;
  // An element whose content is an array stands for one element an item, as Windows renders it.
  Element repeated = innermost();
  open_.pop_back();
  std::size_t shared = repeated.name.size;
  for (std::uint32_t i = 0; i < repeated.attribute_count; ++i) {
    const Attribute& attribute = attributes_[repeated.first_attribute + i];
    shared += attribute.name.size + attribute.value.text.size + kAttributeCost;
  }
  for (std::uint32_t i = 0; i < repeated.item_count; ++i) {
    shared_bytes_ += shared;
    repeated.value = items_[repeated.first_item + i];
    repeated.next_sibling = kNoElement;
    append_child(repeated);
    RETURN_IF_PROBLEM(check_limits());
  }
  return Problem::kNone;
}

// The array is not alone in its element: its items become one text.
void ElementTree::flatten_items(Element& element) {
  if (element.item_count == 0) return;
  const std::size_t begin = text_.size();
  text_.append(text_, element.value.text.begin, element.value.text.size);
  for (std::uint32_t i = 0; i < element.item_count; ++i) {
    const Text item = items_[element.first_item + i].text;
    text_.push_back(',');
    text_.append(text_, item.begin, item.size);
  }
  element.value = {text_since(begin), false};
  element.item_count = 0;
}

ElementTree::Value& ElementTree::begin_value() {
  if (!in_attribute_) flatten_items(innermost());
  Value& value = in_attribute_ ? attributes_.back().value : innermost().value;
  if (value.text.begin + value.text.size != text_.size()) {
    const std::size_t begin = text_.size();
    text_.append(text_, value.text.begin, value.text.size);
    value.text = text_since(begin);
  }
  return value;
}

Problem ElementTree::end_value(Value& value, bool literal) {
  // Two numbers side by side are a text.
  value.literal = literal && value.text.size == 0;
  value.text.size = static_cast<std::uint32_t>(text_.size() - value.text.begin);
  if (!in_attribute_) innermost().has_content = true;
  return check_limits();
}

Problem ElementTree::add_value(ValueType type, std::string_view bytes) {
  if (open_.empty()) return Problem::kMisplacedToken;
  if (type == ValueType::kNull) return Problem::kNone;
  Value& value = begin_value();
  RETURN_IF_PROBLEM(append_value(type, bytes, text_));
  return end_value(value, is_literal(type));
}

Problem ElementTree::add_text(std::string_view utf8) {
  if (open_.empty()) return Problem::kMisplacedToken;
  Value& value = begin_value();
  text_.append(utf8);
  return end_value(value, false);
}

Problem ElementTree::add_array(ValueType type, std::string_view bytes) {
  if (open_.empty()) return Problem::kMisplacedToken;
  RETURN_IF_PROBLEM(split_array(type, bytes, kMaxElements, split_));
  Element& element = innermost();
  const bool alone = !in_attribute_ && !element.has_content;
  if (split_.empty()) return add_text("");
  RETURN_IF_PROBLEM(add_value(type, split_[0]));
  for (std::size_t i = 1; i < split_.size(); ++i) {
    if (!alone) {
      RETURN_IF_PROBLEM(add_text(","));
      RETURN_IF_PROBLEM(add_value(type, split_[i]));
      continue;
    }
    const std::size_t begin = text_.size();
    RETURN_IF_PROBLEM(append_value(type, split_[i], text_));
    if (element.item_count == 0) element.first_item = static_cast<std::uint32_t>(items_.size());
    items_.push_back({text_since(begin), is_literal(type)});
    ++element.item_count;
    RETURN_IF_PROBLEM(check_limits());
  }
  return Problem::kNone;
}

}  // namespace catena::evtx
