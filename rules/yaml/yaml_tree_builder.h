// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "rules/yaml/yaml_node.h"
#include "rules/yaml/yaml_reader.h"

struct yaml_event_s;

// Turns libyaml's events into trees and refuses what YamlReader refuses. Part of the reader; not
// for other folders. Keeps its own stack, so depth costs no native stack.
// Thread safety: none; one builder per parse.
namespace catena::yaml {

class YamlTreeBuilder {
 public:
  YamlTreeBuilder(std::string_view name, const YamlLimits& limits,
                  std::vector<YamlDocument>& documents)
      : name_(name), limits_(limits), documents_(documents) {}

  // A problem ends the parse; the builder must not be used afterwards.
  [[nodiscard]] std::optional<YamlProblem> take(const yaml_event_s& event);

 private:
  // An open sequence or mapping.
  struct Frame {
    YamlNode node;
    bool key_is_next = true;  // mappings: the next node is a key
    YamlNode key;
    std::unordered_set<std::string> keys;
  };

  [[nodiscard]] std::optional<YamlProblem> start_document(const yaml_event_s& event);
  [[nodiscard]] std::optional<YamlProblem> scalar(const yaml_event_s& event);
  [[nodiscard]] std::optional<YamlProblem> open(YamlNode::Kind kind, const yaml_event_s& event);
  [[nodiscard]] std::optional<YamlProblem> attach(YamlNode node);
  [[nodiscard]] std::optional<YamlProblem> take_key(Frame& frame, YamlNode key);
  [[nodiscard]] std::optional<YamlProblem> check_properties(const yaml_event_s& event,
                                                            const unsigned char* anchor,
                                                            const unsigned char* tag) const;
  [[nodiscard]] std::optional<YamlProblem> count_node(const yaml_event_s& event);

  std::string name_;
  const YamlLimits& limits_;
  std::vector<YamlDocument>& documents_;
  std::vector<Frame> stack_;
  std::size_t nodes_ = 0;
  std::size_t document_count_ = 0;
};

}  // namespace catena::yaml
