// SPDX-License-Identifier: Apache-2.0
#include "engine/report/sigma_filter.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/base/display_text.h"
#include "engine/report/stix_object.h"

namespace catena::report {
namespace {

using incident::Detection;
using incident::TellingField;

// A YAML scalar in single quotes.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out.push_back('\'');
    out.push_back(c);
  }
  return out + "'";
}

// A value that was cut, or that no plain line can hold, says nothing certain.
bool is_usable(const TellingField& field) {
  return !field.name.empty() && field.value.size() < TellingField::kMaxValueBytes &&
         printable(field.value) == field.value && printable(field.name) == field.name &&
         field.name.find('|') == std::string::npos;
}

using Fields = std::map<std::string, std::set<std::string>>;

// The fields that all detections show, with their values.
Fields common_fields(const std::vector<const Detection*>& detections) {
  Fields fields;
  std::map<std::string, std::size_t> seen;
  for (const Detection* detection : detections) {
    std::set<std::string> names;
    for (const TellingField& field : detection->telling) {
      if (!is_usable(field)) continue;
      fields[field.name].insert(field.value);
      names.insert(field.name);
    }
    for (const std::string& name : names) ++seen[name];
  }
  std::erase_if(fields, [&](const auto& entry) {
    return seen[entry.first] != detections.size() || entry.second.size() > kMaxFilterValues;
  });
  return fields;
}

void write_filter(std::string& out, const StoryView& view, const Detection& rule,
                  const Fields& fields) {
  const std::string chain = view.chain().id.hex();
  const std::string id = stix_id("filter", chain + "\n" + rule.rule_id).substr(8);
  out += "title: " + quoted("False positive " + chain.substr(0, 12) + " of " + rule.rule_title) +
         "\nid: " + id + "\ndescription: " +
         quoted("What a chain that was judged a false positive had in common; chain " + chain) +
         "\nlogsource:\n";
  // As wide as a log source may be: the rule's own name narrows it.
  if (!rule.product.empty()) {
    out += "  product: " + quoted(rule.product) + "\n";
  } else if (!rule.categories.empty()) {
    out += "  category: " + quoted(rule.categories.front()) + "\n";
  } else if (!rule.services.empty()) {
    out += "  service: " + quoted(rule.services.front()) + "\n";
  }
  out += "filter:\n  rules:\n    - " + quoted(rule.rule_id) + "\n  selection:\n";
  for (const auto& [name, values] : fields) {
    out += "    " + quoted(name) + ":\n";
    for (const std::string& value : values) {
      out += "      - " + quoted(sigma_literal(value)) + "\n";
    }
  }
  out += "  condition: not selection\n";
}

}  // namespace

std::string sigma_literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '*' || c == '?') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

SigmaFilters sigma_filters(const StoryView& view) {
  std::map<std::string, std::vector<const Detection*>> rules;
  std::vector<std::string> order;
  for (const Detection& detection : view.detections()) {
    auto& found = rules[detection.rule_id];
    if (found.empty()) order.push_back(detection.rule_id);
    found.push_back(&detection);
  }
  SigmaFilters filters;
  filters.text = "# Sigma filters of the false positive " + view.chain().id.hex() +
                 ". Read each before you load it:\n# it hides every event that has these values.\n";
  for (const std::string& rule : order) {
    const Detection& first = *rules[rule].front();
    const Fields fields = common_fields(rules[rule]);
    // Correlations and other engines' alerts are not for filters.
    const bool is_rule = first.correlation == nullptr && rule.find(':') == std::string::npos;
    if (fields.empty() || !is_rule) {
      filters.without.push_back(first.rule_title);
      continue;
    }
    if (filters.filters++ > 0) filters.text += "---\n";
    write_filter(filters.text, view, first, fields);
  }
  return filters;
}

}  // namespace catena::report
