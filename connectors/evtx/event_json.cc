// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/event_json.h"

#include <algorithm>
#include <bit>

#include "engine/base/hash.h"

namespace catena::evtx {
namespace {

constexpr std::string_view kData = "Data";
constexpr std::size_t kSmallestTable = 16;
constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;

bool is_container(std::string_view name) noexcept {
  return name == "EventData" || name == "UserData";
}

}  // namespace

void EventJson::append(const ElementTree& tree, std::string& out) {
  tree_ = &tree;
  out_ = &out;
  members_.clear();
  next_of_same_key_.assign(tree.size() + 1, ElementTree::kNoElement);
  const ElementTree::Element& root = tree[tree.root()];
  out.push_back('{');
  write_key(tree.view(root.name));
  write_element(root, false);
  out.push_back('}');
}

void EventJson::write_key(std::string_view key) {
  out_->push_back('"');
  out_->append(key);
  out_->append("\":");
}

void EventJson::write_value(const ElementTree::Value& value) {
  const std::string_view text = tree_->view(value.text);
  if (value.literal) {
    out_->append(text);
    return;
  }
  out_->push_back('"');
  out_->append(text);
  out_->push_back('"');
}

bool EventJson::has_attributes(const ElementTree::Element& element) const noexcept {
  const auto* const attributes = tree_->attributes(element);
  return std::any_of(attributes, attributes + element.attribute_count,
                     [](const auto& attribute) { return attribute.value.text.size != 0; });
}

std::string_view EventJson::data_name(const ElementTree::Element& element) const noexcept {
  const auto* const attributes = tree_->attributes(element);
  for (std::uint32_t i = 0; i < element.attribute_count; ++i) {
    if (tree_->view(attributes[i].name) == "Name") return tree_->view(attributes[i].value.text);
  }
  return {};
}

// `is_data`: its name is the key already, and an empty text is one.
void EventJson::write_element(const ElementTree::Element& element, bool is_data) {
  const bool is_object =
      element.first_child != ElementTree::kNoElement || (!is_data && has_attributes(element));
  if (is_object) {
    write_object(element);
  } else if (element.value.text.size != 0 || is_data) {
    write_value(element.value);
  } else {
    out_->append("null");
  }
}

void EventJson::write_object(const ElementTree::Element& element) {
  out_->push_back('{');
  const std::size_t begin = out_->size();
  write_attributes(element);
  if (element.value.text.size != 0) {
    if (out_->size() != begin) out_->push_back(',');
    write_key("#text");
    write_value(element.value);
  }
  if (out_->size() != begin && element.first_child != ElementTree::kNoElement) {
    out_->push_back(',');
  }
  write_members(element);
  out_->push_back('}');
}

// Attributes without a value are left out.
void EventJson::write_attributes(const ElementTree::Element& element) {
  if (!has_attributes(element)) return;
  const auto* const attributes = tree_->attributes(element);
  write_key("#attributes");
  char before = '{';
  for (std::uint32_t i = 0; i < element.attribute_count; ++i) {
    if (attributes[i].value.text.size == 0) continue;
    out_->push_back(before);
    before = ',';
    write_key(tree_->view(attributes[i].name));
    write_value(attributes[i].value);
  }
  out_->push_back('}');
}

// Appends the members of `element` to members_. One look-up a child, whatever the names are: the
// table is twice as large as there are children.
void EventJson::find_members(const ElementTree::Element& element, bool in_container) {
  std::size_t children = 0;
  for (auto child = element.first_child; child != ElementTree::kNoElement;
       child = (*tree_)[child].next_sibling) {
    ++children;
  }
  const std::size_t first = members_.size();
  slots_.assign(std::bit_ceil(std::max(2 * children, kSmallestTable)), 0);
  for (auto child = element.first_child; child != ElementTree::kNoElement;
       child = (*tree_)[child].next_sibling) {
    Member member{tree_->view((*tree_)[child].name), child, child, false};
    if (in_container && member.key == kData) {
      const std::string_view name = data_name((*tree_)[child]);
      member.nameless = name.empty();
      if (!name.empty()) member.key = name;
    }
    // The upper bits of the product depend on all bits of the hash and of the seed.
    std::size_t slot = (hash64(member.key) ^ seed_) * kOdd >> 32U & (slots_.size() - 1);
    while (slots_[slot] != 0 && members_[first + slots_[slot] - 1].key != member.key) {
      slot = (slot + 1) & (slots_.size() - 1);
    }
    if (slots_[slot] == 0) {
      members_.push_back(member);
      slots_[slot] = static_cast<std::uint32_t>(members_.size() - first);
      continue;
    }
    Member& same = members_[first + slots_[slot] - 1];
    next_of_same_key_[same.last] = child;
    same.last = child;
  }
}

void EventJson::write_member(const Member& member, bool in_container) {
  write_key(member.key);
  if (member.nameless) out_->append("{\"#text\":");
  const bool is_array = member.first != member.last;
  if (is_array) out_->push_back('[');
  for (auto child = member.first; child != ElementTree::kNoElement;
       child = next_of_same_key_[child]) {
    if (child != member.first) out_->push_back(',');
    const ElementTree::Element& element = (*tree_)[child];
    write_element(element, in_container && tree_->view(element.name) == kData);
  }
  if (is_array) out_->push_back(']');
  if (member.nameless) out_->push_back('}');
}

void EventJson::write_members(const ElementTree::Element& element) {
  const bool in_container = is_container(tree_->view(element.name));
  const std::size_t first = members_.size();
  find_members(element, in_container);
  const std::size_t end = members_.size();
  for (std::size_t i = first; i < end; ++i) {
    if (i != first) out_->push_back(',');
    write_member(Member(members_[i]), in_container);
  }
  members_.resize(first);
}

}  // namespace catena::evtx
