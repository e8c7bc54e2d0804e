// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/evtx/element_tree.h"
#include "connectors/evtx/layout.h"
#include "connectors/evtx/problem.h"

// BinaryXml reads one fragment of binary XML ([MS-EVEN6] 2.2.12) into an ElementTree: elements,
// attributes, text, CDATA, references, templates and what is substituted into them. It does not
// find records (chunk.h) and writes no text of its own (event_json.h).
// Names and templates are given by their offset in the chunk, so all of it must be there.
// Thread safety: none; one per thread. Cost: linear in the tokens read; what templates multiply is
// bounded by the caller's allowance and by the tree's limits. Errors: a Problem.
namespace catena::evtx {

inline constexpr std::size_t kMaxNesting = 16;  // templates and fragments in values
inline constexpr std::size_t kMaxNameUnits = 255;
inline constexpr std::size_t kTokenCost = 16;  // in bytes of text

class BinaryXml {
 public:
  // Reads the fragment at [begin, end) of the chunk into `tree` (cleared before). `allowance` is
  // what may still be spent: one for every byte of text, kTokenCost for every token and for every
  // value that a template is given. It is reduced.
  [[nodiscard]] Problem read(std::string_view chunk, std::size_t begin, std::size_t end,
                             std::size_t& allowance, ElementTree& tree);

 private:
  // Values that a template's substitutions choose from.
  struct TemplateValue {
    std::uint32_t begin = 0;
    std::uint16_t size = 0;
    std::uint8_t type = 0;
  };
  enum class Place : std::uint8_t { kContent, kStartTag, kAttribute };
  // What is being read: the bytes left, and where substitutions look.
  struct Fragment {
    std::size_t at = 0;
    std::size_t end = 0;
    std::size_t first_value = 0;
    std::size_t value_count = 0;
    std::size_t nesting = 0;
    std::size_t outer_depth = 0;  // elements that were open when it began
    // Elements begin with a dependency id, but not in fragments that are values.
    bool dependency_ids = true;
    Place place = Place::kContent;

    [[nodiscard]] bool has(std::size_t bytes) const noexcept { return end - at >= bytes; }
  };

  Problem read_fragment(Fragment fragment);
  Problem read_token(Fragment& fragment, unsigned token, bool more);
  Problem open_element(Fragment& fragment, bool has_attributes);
  Problem end_start_tag(Fragment& fragment, bool empty);
  Problem close_element(const Fragment& fragment);
  Problem read_attribute(Fragment& fragment);
  Problem read_typed_value(Fragment& fragment);
  Problem read_counted_text(Fragment& fragment);
  Problem read_character(Fragment& fragment);
  Problem read_entity(Fragment& fragment);
  Problem skip_instruction_target(Fragment& fragment);
  Problem skip_instruction_text(Fragment& fragment);
  Problem read_template(Fragment& fragment);
  Problem read_template_values(Fragment& fragment, Fragment& body);
  Problem read_substitution(Fragment& fragment);
  Problem read_name(Fragment& fragment, ElementTree::Text& name);
  [[nodiscard]] Problem spend(std::size_t cost) noexcept;
  // The caller has asked fragment.has().
  template <typename Number>
  Number take(Fragment& fragment) const noexcept {
    fragment.at += sizeof(Number);
    return load<Number>(chunk_, fragment.at - sizeof(Number));
  }

  std::string_view chunk_;
  std::vector<TemplateValue> values_;  // of all templates that are being read
  std::string entity_;
  ElementTree* tree_ = nullptr;
  std::size_t* allowance_ = nullptr;
};

}  // namespace catena::evtx
