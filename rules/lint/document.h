// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/findings/codes.h"
#include "rules/findings/finding.h"
#include "rules/findings/source_text.h"
#include "rules/lint/read_rule.h"
#include "rules/sigma/detection_parser.h"
#include "rules/sigma/rule_parser.h"
#include "rules/yaml/yaml_node.h"

// Document is one YAML document of a rule file as the checks see it, and the list that they add
// findings to. It owns nothing but the findings.
// Thread safety: none.
namespace catena::lint {

// Findings of one file; more say no more.
inline constexpr std::size_t kMaxFindingsPerFile = 10'000;

class Document {
 public:
  Document(std::string_view file, const SourceText& source, const yaml::YamlNode& root,
           const ReadRule& rule, std::vector<Finding>& findings)
      : file_(file), source_(source), root_(root), rule_(rule), findings_(findings) {}

  [[nodiscard]] std::string_view file() const noexcept { return file_; }
  [[nodiscard]] const SourceText& source() const noexcept { return source_; }
  [[nodiscard]] const yaml::YamlNode& root() const noexcept { return root_; }
  [[nodiscard]] const ReadRule& rule() const noexcept { return rule_; }

  void add(std::string_view code, Span span, std::string message, std::optional<Fix> fix = {});

  // The bytes of parts of the document.
  [[nodiscard]] Span span_of(const yaml::YamlNode& node) const {
    return node.is_scalar() ? source_.scalar(sigma::place_of(node), node.text())
                            : source_.rest_of_line(sigma::place_of(node));
  }
  [[nodiscard]] Span span_of(const sigma::Value& value) const {
    return source_.scalar(value.place, value.text);
  }
  // The key of an item, modifiers and quotes included; a keyword's first value.
  [[nodiscard]] Span span_of(const sigma::DetectionItem& item) const;
  // The word of a modifier in an item's key.
  [[nodiscard]] Span span_of(const sigma::AppliedModifier& modifier) const;
  // The title, or what the document starts with: for findings about the rule as a whole.
  [[nodiscard]] Span headline() const;

 private:
  std::string_view file_;
  const SourceText& source_;
  const yaml::YamlNode& root_;
  const ReadRule& rule_;
  std::vector<Finding>& findings_;
};

// The edit that removes the line of a list element, when the element is alone on it; nullopt when a
// comment or anything else shares the line, or the element goes on below.
[[nodiscard]] std::optional<TextEdit> line_removal(const SourceText& source, Span element);

}  // namespace catena::lint
