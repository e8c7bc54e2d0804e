// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/element_tree.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::evtx {
namespace {

ElementTree::Text named(ElementTree& tree, const std::string& name) {
  const std::size_t begin = tree.text().size();
  tree.text().append(name);
  return tree.text_since(begin);
}

TEST(ElementTree, WantsAnOpenElementForAValue) {
  ElementTree tree;
  EXPECT_EQ(tree.add_value(ValueType::kUInt8, "1"), Problem::kMisplacedToken);
  EXPECT_EQ(tree.add_array(ValueType::kUInt8, "1"), Problem::kMisplacedToken);
  EXPECT_EQ(tree.add_text("1"), Problem::kMisplacedToken);
  EXPECT_EQ(tree.close_element(), Problem::kUnbalancedElements);
  EXPECT_EQ(tree.root(), ElementTree::kNoElement);
}

TEST(ElementTree, KeepsOrderAndForgetsAll) {
  ElementTree tree;
  for (int round = 0; round < 2; ++round) {
    tree.clear();
    EXPECT_EQ(tree.open_element(named(tree, "E")), Problem::kNone);
    for (const char* name : {"A", "B"}) {
      EXPECT_EQ(tree.open_element(named(tree, name)), Problem::kNone);
      EXPECT_EQ(tree.close_element(), Problem::kNone);
    }
    EXPECT_EQ(tree.depth(), 1U);
    EXPECT_EQ(tree.close_element(), Problem::kNone);
    const auto& root = tree[tree.root()];
    EXPECT_EQ(tree.view(root.name), "E");
    EXPECT_EQ(tree.view(tree[root.first_child].name), "A");
    EXPECT_EQ(tree.view(tree[tree[root.first_child].next_sibling].name), "B");
    EXPECT_EQ(tree[root.first_child].next_sibling, root.last_child);
  }
  EXPECT_EQ(tree.open_element(named(tree, "second")), Problem::kNone);
  EXPECT_EQ(tree.root(), ElementTree::kNoElement);
}

// A null value is no content: an array behind it is still alone.
TEST(ElementTree, NullIsNoContent) {
  ElementTree tree;
  EXPECT_EQ(tree.open_element(named(tree, "E")), Problem::kNone);
  EXPECT_EQ(tree.open_element(named(tree, "A")), Problem::kNone);
  EXPECT_EQ(tree.add_value(ValueType::kNull, ""), Problem::kNone);
  EXPECT_EQ(tree.add_array(ValueType::kUInt8, "\x01\x02"), Problem::kNone);
  EXPECT_EQ(tree.add_value(ValueType::kNull, ""), Problem::kNone);
  EXPECT_EQ(tree.close_element(), Problem::kNone);
  EXPECT_EQ(tree.close_element(), Problem::kNone);
  const auto& root = tree[tree.root()];
  const auto& first = tree[root.first_child];
  EXPECT_EQ(tree.view(first.value.text), "1");
  EXPECT_EQ(tree.view(tree[first.next_sibling].value.text), "2");
}

// Text in pieces is moved to the end of the buffer; that counts as text.
TEST(ElementTree, BoundsTextInPieces) {
  ElementTree tree;
  EXPECT_EQ(tree.open_element(named(tree, "E")), Problem::kNone);
  EXPECT_EQ(tree.add_text(std::string(64 * 1024, 'x')), Problem::kNone);
  Problem problem = Problem::kNone;
  std::size_t pieces = 0;
  while (problem == Problem::kNone) {
    ++pieces;
    EXPECT_EQ(tree.open_element(named(tree, "F")), Problem::kNone);
    EXPECT_EQ(tree.close_element(), Problem::kNone);
    problem = tree.add_text("y");
  }
  EXPECT_EQ(problem, Problem::kTooMuchText);
  EXPECT_LT(pieces, 17U);
}

}  // namespace
}  // namespace catena::evtx
