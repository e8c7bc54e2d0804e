// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/evtx/element_tree.h"

// EventJson writes an ElementTree as one line of JSON, in the form that exports of event logs have
// (evtx_dump and its kin) and that the mapping pack 10-windows.yml calls "evtx":
//   * an element is a member named like it: null when empty, its text or number, or an object with
//     its attributes under "#attributes", its text under "#text", and its children;
//   * <Data Name="x"> in EventData and UserData is a member "x"; what has no name is in
//     {"Data": {"#text": …}};
//   * elements of one name in one parent are an array, so that no key comes twice.
// Thread safety: none; one per thread. Cost: linear in the tree; `seed` keeps who writes the logs
// from choosing names that collide.
namespace catena::evtx {

class EventJson {
 public:
  explicit EventJson(std::uint64_t seed = 0) noexcept : seed_(seed) {}

  // Appends the line, without a line end. `tree` has a root.
  void append(const ElementTree& tree, std::string& out);

 private:
  // The members of one object: children that share a key are one.
  struct Member {
    std::string_view key;
    ElementTree::Index first = ElementTree::kNoElement;
    ElementTree::Index last = ElementTree::kNoElement;
    bool nameless = false;  // <Data> without a name
  };

  void write_element(const ElementTree::Element& element, bool is_data);
  void write_object(const ElementTree::Element& element);
  void write_attributes(const ElementTree::Element& element);
  void write_members(const ElementTree::Element& element);
  void write_member(const Member& member, bool in_container);
  void write_value(const ElementTree::Value& value);
  void write_key(std::string_view key);
  void find_members(const ElementTree::Element& element, bool in_container);
  [[nodiscard]] bool has_attributes(const ElementTree::Element& element) const noexcept;
  [[nodiscard]] std::string_view data_name(const ElementTree::Element& element) const noexcept;

  std::uint64_t seed_;
  const ElementTree* tree_ = nullptr;
  std::string* out_ = nullptr;
  std::vector<Member> members_;                       // of all objects that are being written
  std::vector<std::uint32_t> slots_;                  // open addressing over the latest members
  std::vector<ElementTree::Index> next_of_same_key_;  // by element
};

}  // namespace catena::evtx
