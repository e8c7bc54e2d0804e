// SPDX-License-Identifier: Apache-2.0
#include "rules/yaml/yaml_tree_builder.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <yaml.h>

namespace catena::yaml {
namespace {

constexpr std::string_view kCoreTagPrefix = "tag:yaml.org,2002:";
constexpr std::array<std::string_view, 7> kCoreTags = {"str",  "int", "float", "bool",
                                                       "null", "map", "seq"};

std::uint32_t one_based(std::size_t zero_based) noexcept {
  return static_cast<std::uint32_t>(zero_based + 1);
}

YamlProblem problem_at(const yaml_mark_t& mark, StatusCode code, std::string reason) {
  return {code, one_based(mark.line), one_based(mark.column), std::move(reason)};
}

std::string_view text_of(const unsigned char* text) noexcept {
  return reinterpret_cast<const char*>(text);
}

bool is_core_tag(std::string_view tag) noexcept {
  if (!tag.starts_with(kCoreTagPrefix)) return false;
  tag.remove_prefix(kCoreTagPrefix.size());
  return std::find(kCoreTags.begin(), kCoreTags.end(), tag) != kCoreTags.end();
}

}  // namespace

std::optional<YamlProblem> YamlTreeBuilder::take(const yaml_event_s& event) {
  switch (event.type) {
    case YAML_DOCUMENT_START_EVENT:
      return start_document(event);
    case YAML_SCALAR_EVENT:
      return scalar(event);
    case YAML_SEQUENCE_START_EVENT:
      return open(YamlNode::Kind::kSequence, event);
    case YAML_MAPPING_START_EVENT:
      return open(YamlNode::Kind::kMapping, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: {
      YamlNode node = std::move(stack_.back().node);
      stack_.pop_back();
      return attach(std::move(node));
    }
    case YAML_ALIAS_EVENT:
      return problem_at(event.start_mark, StatusCode::kUnsupported, "aliases are not supported");
    default:
      return std::nullopt;
  }
}

std::optional<YamlProblem> YamlTreeBuilder::start_document(const yaml_event_s& event) {
  const auto& start = event.data.document_start;
  if (start.tag_directives.start != start.tag_directives.end) {
    return problem_at(event.start_mark, StatusCode::kUnsupported,
                      "%TAG directives are not supported");
  }
  if (++document_count_ > limits_.documents) {
    return problem_at(event.start_mark, StatusCode::kLimit,
                      "more than " + std::to_string(limits_.documents) + " documents in one file");
  }
  return std::nullopt;
}

std::optional<YamlProblem> YamlTreeBuilder::scalar(const yaml_event_s& event) {
  const auto& scalar = event.data.scalar;
  if (auto problem = check_properties(event, scalar.anchor, scalar.tag)) return problem;
  if (auto problem = count_node(event)) return problem;
  if (scalar.length > limits_.scalar_bytes) {
    return problem_at(event.start_mark, StatusCode::kLimit,
                      "a text longer than " + std::to_string(limits_.scalar_bytes) + " bytes");
  }
  YamlNode node;
  node.line_ = one_based(event.start_mark.line);
  node.column_ = one_based(event.start_mark.column);
  node.text_.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
  node.plain_ = scalar.style == YAML_PLAIN_SCALAR_STYLE;
  node.one_line_ = event.start_mark.line == event.end_mark.line;
  if (scalar.tag != nullptr && text_of(scalar.tag).ends_with(":str")) node.plain_ = false;
  return attach(std::move(node));
}

std::optional<YamlProblem> YamlTreeBuilder::open(YamlNode::Kind kind, const yaml_event_s& event) {
  const bool sequence = kind == YamlNode::Kind::kSequence;
  const unsigned char* anchor =
      sequence ? event.data.sequence_start.anchor : event.data.mapping_start.anchor;
  const unsigned char* tag =
      sequence ? event.data.sequence_start.tag : event.data.mapping_start.tag;
  if (auto problem = check_properties(event, anchor, tag)) return problem;
  if (auto problem = count_node(event)) return problem;
  if (stack_.size() >= limits_.depth) {
    return problem_at(event.start_mark, StatusCode::kLimit,
                      "nested deeper than " + std::to_string(limits_.depth) + " levels");
  }
  Frame frame;
  frame.node.kind_ = kind;
  frame.node.line_ = one_based(event.start_mark.line);
  frame.node.column_ = one_based(event.start_mark.column);
  stack_.push_back(std::move(frame));
  return std::nullopt;
}

std::optional<YamlProblem> YamlTreeBuilder::attach(YamlNode node) {
  if (stack_.empty()) {
    YamlDocument document;
    document.file = name_;
    document.line = node.line();
    document.root = std::move(node);
    documents_.push_back(std::move(document));
    return std::nullopt;
  }
  Frame& frame = stack_.back();
  if (frame.node.kind_ == YamlNode::Kind::kSequence) {
    frame.node.items_.push_back(std::move(node));
    return std::nullopt;
  }
  if (frame.key_is_next) return take_key(frame, std::move(node));
  frame.node.entries_.push_back({std::move(frame.key), std::move(node)});
  frame.key_is_next = true;
  return std::nullopt;
}

std::optional<YamlProblem> YamlTreeBuilder::take_key(Frame& frame, YamlNode key) {
  const auto refuse = [&key](StatusCode code, std::string reason) {
    return YamlProblem{code, key.line(), key.column(), std::move(reason)};
  };
  if (!key.is_scalar()) {
    return refuse(StatusCode::kUnsupported, "a key that is a sequence or mapping is not supported");
  }
  if (key.is_plain() && key.text() == "<<") {
    return refuse(StatusCode::kUnsupported, "merge keys are not supported");
  }
  if (!frame.keys.insert(key.text()).second) {
    return refuse(StatusCode::kInvalidInput, "key '" + key.text() + "' occurs twice");
  }
  frame.key = std::move(key);
  frame.key_is_next = false;
  return std::nullopt;
}

std::optional<YamlProblem> YamlTreeBuilder::check_properties(const yaml_event_s& event,
                                                             const unsigned char* anchor,
                                                             const unsigned char* tag) const {
  if (anchor != nullptr) {
    return problem_at(event.start_mark, StatusCode::kUnsupported, "anchors are not supported");
  }
  if (tag != nullptr && !is_core_tag(text_of(tag))) {
    return problem_at(event.start_mark, StatusCode::kUnsupported,
                      "tag '" + std::string(text_of(tag)) + "' is not supported");
  }
  return std::nullopt;
}

std::optional<YamlProblem> YamlTreeBuilder::count_node(const yaml_event_s& event) {
  if (++nodes_ > limits_.nodes) {
    return problem_at(event.start_mark, StatusCode::kLimit,
                      "more than " + std::to_string(limits_.nodes) + " values in one file");
  }
  return std::nullopt;
}

}  // namespace catena::yaml
