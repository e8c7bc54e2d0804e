// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/binary_xml.h"

#include "connectors/evtx/utf16_text.h"

namespace catena::evtx {
namespace {

// [MS-EVEN6] 2.2.12, the grammar's tokens.
enum Token : unsigned {
  kEndOfFragment = 0x00,
  kOpenStartElement = 0x01,
  kCloseStartElement = 0x02,
  kCloseEmptyElement = 0x03,
  kEndElement = 0x04,
  kValue = 0x05,
  kAttribute = 0x06,
  kCdata = 0x07,
  kCharacterReference = 0x08,
  kEntityReference = 0x09,
  kInstructionTarget = 0x0A,
  kInstructionText = 0x0B,
  kTemplateInstance = 0x0C,
  kSubstitution = 0x0D,
  kOptionalSubstitution = 0x0E,
  kFragmentHeader = 0x0F,
};
constexpr unsigned kMoreFlag = 0x40;  // attributes or text follow

constexpr std::size_t kFragmentHeaderBytes = 3;     // behind the token: version and flags
constexpr std::size_t kInstanceHeaderBytes = 9;     // behind the token: version, id, offset
constexpr std::size_t kDefinitionHeaderBytes = 24;  // next definition, GUID, size
constexpr std::size_t kDefinitionSizeAt = 20;
constexpr std::size_t kDescriptorBytes = 4;  // of a template's value
constexpr std::size_t kNameHeaderBytes = 8;  // next name, hash, length
constexpr std::size_t kNameLengthAt = 6;
constexpr std::size_t kNameTrailerBytes = 2;  // a NUL

}  // namespace

Problem BinaryXml::spend(std::size_t cost) noexcept {
  if (*allowance_ < cost) return Problem::kChunkExpands;
  *allowance_ -= cost;
  return Problem::kNone;
}

Problem BinaryXml::read(std::string_view chunk, std::size_t begin, std::size_t end,
                        std::size_t& allowance, ElementTree& tree) {
  chunk_ = chunk;
  tree_ = &tree;
  allowance_ = &allowance;
  values_.clear();
  tree.clear();
  Fragment fragment;
  fragment.at = begin;
  fragment.end = end;
  RETURN_IF_PROBLEM(read_fragment(fragment));
  RETURN_IF_PROBLEM(spend(tree.text_bytes()));
  return tree.root() == ElementTree::kNoElement ? Problem::kNoElement : Problem::kNone;
}

Problem BinaryXml::read_fragment(Fragment fragment) {
  if (fragment.nesting > kMaxNesting) return Problem::kNestedTemplates;
  fragment.outer_depth = tree_->depth();
  while (fragment.at < fragment.end) {
    RETURN_IF_PROBLEM(spend(kTokenCost));
    const auto byte = unsigned{take<std::uint8_t>(fragment)};
    const unsigned token = byte & ~kMoreFlag;
    if (token == kEndOfFragment) break;
    RETURN_IF_PROBLEM(read_token(fragment, token, (byte & kMoreFlag) != 0));
  }
  const bool closed = tree_->depth() == fragment.outer_depth && fragment.place == Place::kContent;
  return closed ? Problem::kNone : Problem::kUnbalancedElements;
}

Problem BinaryXml::read_token(Fragment& fragment, unsigned token, bool more) {
  switch (token) {
    case kOpenStartElement:
      return open_element(fragment, more);
    case kCloseStartElement:
      return end_start_tag(fragment, false);
    case kCloseEmptyElement:
      return end_start_tag(fragment, true);
    case kEndElement:
      return close_element(fragment);
    case kValue:
      return read_typed_value(fragment);
    case kAttribute:
      return read_attribute(fragment);
    case kCdata:
      return read_counted_text(fragment);
    case kCharacterReference:
      return read_character(fragment);
    case kEntityReference:
      return read_entity(fragment);
    case kInstructionTarget:
      return skip_instruction_target(fragment);
    case kInstructionText:
      return skip_instruction_text(fragment);
    case kTemplateInstance:
      return read_template(fragment);
    case kSubstitution:
    case kOptionalSubstitution:
      return read_substitution(fragment);
    case kFragmentHeader:
      if (!fragment.has(kFragmentHeaderBytes)) return Problem::kBeyondEnd;
      fragment.at += kFragmentHeaderBytes;
      return Problem::kNone;
    default:
      return Problem::kUnknownToken;
  }
}

// A name is given by its offset in the chunk; the first time it is used it stands right there.
Problem BinaryXml::read_name(Fragment& fragment, ElementTree::Text& name) {
  if (!fragment.has(4)) return Problem::kBeyondEnd;
  const auto offset = std::size_t{take<std::uint32_t>(fragment)};
  if (offset > chunk_.size() || chunk_.size() - offset < kNameHeaderBytes) {
    return Problem::kBeyondEnd;
  }
  const std::size_t units = load16(chunk_, offset + kNameLengthAt);
  if (units > kMaxNameUnits) return Problem::kNameTooLong;
  const std::size_t bytes = kNameHeaderBytes + 2 * units + kNameTrailerBytes;
  if (chunk_.size() - offset < bytes) return Problem::kBeyondEnd;
  if (offset == fragment.at) {
    if (!fragment.has(bytes)) return Problem::kBeyondEnd;
    fragment.at += bytes;
  }
  const std::size_t begin = tree_->text().size();
  append_utf16(chunk_.substr(offset + kNameHeaderBytes, 2 * units), tree_->text());
  name = tree_->text_since(begin);
  return Problem::kNone;
}

Problem BinaryXml::open_element(Fragment& fragment, bool has_attributes) {
  if (fragment.place != Place::kContent) return Problem::kMisplacedToken;
  // The size of the element, which its tokens show as well.
  const std::size_t skipped = (fragment.dependency_ids ? 2 : 0) + std::size_t{4};
  if (!fragment.has(skipped)) return Problem::kBeyondEnd;
  fragment.at += skipped;
  ElementTree::Text name;
  RETURN_IF_PROBLEM(read_name(fragment, name));
  if (has_attributes) {
    if (!fragment.has(4)) return Problem::kBeyondEnd;
    fragment.at += 4;  // the size of the list, the same
  }
  fragment.place = Place::kStartTag;
  return tree_->open_element(name);
}

Problem BinaryXml::end_start_tag(Fragment& fragment, bool empty) {
  if (fragment.place == Place::kContent) return Problem::kMisplacedToken;
  fragment.place = Place::kContent;
  tree_->end_attributes();
  return empty ? tree_->close_element() : Problem::kNone;
}

Problem BinaryXml::close_element(const Fragment& fragment) {
  if (fragment.place != Place::kContent) return Problem::kMisplacedToken;
  if (tree_->depth() == fragment.outer_depth) return Problem::kUnbalancedElements;
  return tree_->close_element();
}

Problem BinaryXml::read_attribute(Fragment& fragment) {
  if (fragment.place == Place::kContent) return Problem::kMisplacedToken;
  fragment.place = Place::kAttribute;
  ElementTree::Text name;
  RETURN_IF_PROBLEM(read_name(fragment, name));
  return tree_->add_attribute(name);
}

Problem BinaryXml::read_typed_value(Fragment& fragment) {
  if (!fragment.has(1)) return Problem::kBeyondEnd;
  const auto type = static_cast<ValueType>(take<std::uint8_t>(fragment));
  if (type == ValueType::kString) return read_counted_text(fragment);
  const std::size_t size = fixed_size(type);
  if (size == 0) return Problem::kUnknownValueType;
  if (!fragment.has(size)) return Problem::kBeyondEnd;
  if (fragment.place == Place::kStartTag) return Problem::kMisplacedToken;
  const std::string_view bytes = chunk_.substr(fragment.at, size);
  fragment.at += size;
  return tree_->add_value(type, bytes);
}

Problem BinaryXml::read_counted_text(Fragment& fragment) {
  if (!fragment.has(2)) return Problem::kBeyondEnd;
  const auto size = 2 * std::size_t{take<std::uint16_t>(fragment)};
  if (!fragment.has(size)) return Problem::kBeyondEnd;
  if (fragment.place == Place::kStartTag) return Problem::kMisplacedToken;
  const std::string_view bytes = chunk_.substr(fragment.at, size);
  fragment.at += size;
  return tree_->add_value(ValueType::kString, bytes);
}

Problem BinaryXml::read_character(Fragment& fragment) {
  if (!fragment.has(2)) return Problem::kBeyondEnd;
  if (fragment.place == Place::kStartTag) return Problem::kMisplacedToken;
  entity_.clear();
  append_code_unit(take<std::uint16_t>(fragment), entity_);
  return tree_->add_text(entity_);
}

// The five that XML defines; another one stays as it is.
Problem BinaryXml::read_entity(Fragment& fragment) {
  static constexpr struct {
    std::string_view name;
    std::string_view text;  // body of a JSON string
  } kEntities[] = {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\\\""}, {"apos", "'"}};
  ElementTree::Text name;
  RETURN_IF_PROBLEM(read_name(fragment, name));
  if (fragment.place == Place::kStartTag) return Problem::kMisplacedToken;
  const std::string_view found = tree_->view(name);
  entity_.assign("&").append(found).append(";");
  for (const auto& entity : kEntities) {
    if (found == entity.name) entity_ = entity.text;
  }
  tree_->text().resize(name.begin);
  return tree_->add_text(entity_);
}

Problem BinaryXml::skip_instruction_target(Fragment& fragment) {
  ElementTree::Text name;
  RETURN_IF_PROBLEM(read_name(fragment, name));
  tree_->text().resize(name.begin);
  return Problem::kNone;
}

Problem BinaryXml::skip_instruction_text(Fragment& fragment) {
  if (!fragment.has(2)) return Problem::kBeyondEnd;
  const auto size = 2 * std::size_t{take<std::uint16_t>(fragment)};
  if (!fragment.has(size)) return Problem::kBeyondEnd;
  fragment.at += size;
  return Problem::kNone;
}

// A definition is given by its offset in the chunk; the first time it is used it stands right
// there, between the instance's header and its values.
Problem BinaryXml::read_template(Fragment& fragment) {
  if (fragment.place != Place::kContent) return Problem::kMisplacedToken;
  if (!fragment.has(kInstanceHeaderBytes)) return Problem::kBeyondEnd;
  const std::size_t offset = load32(chunk_, fragment.at + kInstanceHeaderBytes - 4);
  fragment.at += kInstanceHeaderBytes;
  if (offset > chunk_.size() || chunk_.size() - offset < kDefinitionHeaderBytes) {
    return Problem::kBeyondEnd;
  }
  Fragment body;
  body.at = offset + kDefinitionHeaderBytes;
  const std::size_t size = load32(chunk_, offset + kDefinitionSizeAt);
  if (size > chunk_.size() - body.at) return Problem::kBeyondEnd;
  body.end = body.at + size;
  body.nesting = fragment.nesting + 1;
  if (offset == fragment.at) {
    if (!fragment.has(kDefinitionHeaderBytes + size)) return Problem::kBeyondEnd;
    fragment.at += kDefinitionHeaderBytes + size;
  }
  const std::size_t outer_values = values_.size();
  RETURN_IF_PROBLEM(read_template_values(fragment, body));
  RETURN_IF_PROBLEM(read_fragment(body));
  values_.resize(outer_values);
  return Problem::kNone;
}

Problem BinaryXml::read_template_values(Fragment& fragment, Fragment& body) {
  if (!fragment.has(4)) return Problem::kBeyondEnd;
  const auto count = std::size_t{take<std::uint32_t>(fragment)};
  if (count > (fragment.end - fragment.at) / kDescriptorBytes) return Problem::kBeyondEnd;
  RETURN_IF_PROBLEM(spend(count * kTokenCost));
  body.first_value = values_.size();
  body.value_count = count;
  std::size_t begin = fragment.at + count * kDescriptorBytes;
  for (std::size_t i = 0; i < count; ++i) {
    const auto size = take<std::uint16_t>(fragment);
    const auto type = take<std::uint8_t>(fragment);
    fragment.at += 1;  // not used
    if (size > fragment.end - begin) return Problem::kBeyondEnd;
    values_.push_back({static_cast<std::uint32_t>(begin), size, type});
    begin += size;
  }
  fragment.at = begin;
  return Problem::kNone;
}

Problem BinaryXml::read_substitution(Fragment& fragment) {
  if (!fragment.has(3)) return Problem::kBeyondEnd;
  if (fragment.place == Place::kStartTag) return Problem::kMisplacedToken;
  const auto index = std::size_t{take<std::uint16_t>(fragment)};
  fragment.at += 1;  // the type that the template expects; what counts is the value's own
  if (index >= fragment.value_count) return Problem::kNoSuchValue;
  const TemplateValue value = values_[fragment.first_value + index];
  const std::string_view bytes = chunk_.substr(value.begin, value.size);
  const auto type = static_cast<ValueType>(value.type & ~kArrayFlag & 0xFFU);
  if ((value.type & kArrayFlag) != 0) return tree_->add_array(type, bytes);
  if (type != ValueType::kBinaryXml) return tree_->add_value(type, bytes);
  if (fragment.place != Place::kContent) return Problem::kMisplacedToken;
  Fragment body;
  body.at = value.begin;
  body.end = body.at + value.size;
  body.nesting = fragment.nesting + 1;
  body.dependency_ids = false;
  return read_fragment(body);
}

}  // namespace catena::evtx
