// SPDX-License-Identifier: Apache-2.0
#include "rules/processing/processing_context.h"

#include <utility>

#include "rules/compile/compile_options.h"
#include "rules/compile/rule_resolver.h"

namespace catena::processing {
namespace {

void count(const compile::DetectionNode& node, std::size_t& values, std::size_t& bytes) {
  for (const compile::ResolvedValue& value : node.item.values) {
    values += value.variants.size();
    for (const auto& variant : value.variants) {
      bytes += variant.text.literal_bytes() + variant.regex.size();
    }
  }
  for (const compile::DetectionNode& child : node.children) count(child, values, bytes);
}

}  // namespace

ProcessingContext::ProcessingContext(compile::ResolvedRule& resolved, const Variables& named)
    : rule(resolved), variables(named) {
  for (const compile::ResolvedIdentifier& identifier : rule.identifiers) {
    count(identifier.detection, values_, bytes_);
  }
  const auto found = rule.source->attributes.find("fields");
  fields.kind = sigma::Attribute::Kind::kList;
  if (found != rule.source->attributes.end()) fields.values = found->second.values;
}

void ProcessingContext::fail(sigma::Place place, std::string message, sigma::DiagnosticCode code) {
  if (!problem) problem = {code, place, std::move(message)};
}

bool ProcessingContext::grow(std::size_t values, std::size_t bytes, sigma::Place place) {
  values_ += values;
  bytes_ += bytes;
  if (problem) return false;
  if (values_ > compile::kMaxPredicatesPerRule) problem = compile::too_many_predicates(place);
  if (bytes_ > compile::kMaxTextBytesPerRule) problem = compile::too_much_text(place);
  return !problem;
}

const sigma::Attribute* ProcessingContext::attribute(const std::string& name) const {
  if (name == "fields") return &fields;
  const auto& own = rule.source->attributes;
  if (const auto found = own.find(name); found != own.end()) return &found->second;
  const auto set = rule.attributes.find(name);
  return set == rule.attributes.end() ? nullptr : &set->second;
}

}  // namespace catena::processing
