// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "rules/processing/processing_pipeline.h"
#include "rules/sigma/modifier.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::processing {
namespace {

using sigma::DiagnosticCode;
using yaml::YamlEntry;
using yaml::YamlNode;

// Transformations that pySigma has and a matcher cannot have, and why.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kRefused = {{
    {"query_expression_placeholders", "makes the text of a query, and there is none here"},
    {"file_placeholders", "reads a file; give the values with --placeholders or in 'vars'"},
    {"http_placeholders", "asks a server; give the values with --placeholders or in 'vars'"},
    {"command_placeholders", "runs a program; give the values with --placeholders or in 'vars'"},
    {"field_name_transform", "calls a Python function; write a field_name_mapping"},
}};

const std::vector<std::string_view> kTransformations = {"add_condition",
                                                        "add_field",
                                                        "case",
                                                        "change_logsource",
                                                        "convert_type",
                                                        "detection_item_failure",
                                                        "drop_detection_item",
                                                        "extract_fields",
                                                        "field_name_mapping",
                                                        "field_name_prefix",
                                                        "field_name_prefix_mapping",
                                                        "field_name_suffix",
                                                        "hashes_fields",
                                                        "map_string",
                                                        "nest",
                                                        "regex",
                                                        "remove_field",
                                                        "replace_string",
                                                        "rule_failure",
                                                        "set_custom_attribute",
                                                        "set_field",
                                                        "set_state",
                                                        "set_value",
                                                        "strict_field_mapping_failure",
                                                        "value_placeholders",
                                                        "wildcard_placeholders"};

std::string unknown(std::string_view what, const std::string& name,
                    const std::vector<std::string_view>& known) {
  std::string message = "unknown " + std::string(what) + " '" + name + "'";
  const std::string_view nearest = sigma::nearest_name(name, known);
  if (!nearest.empty()) message += "; did you mean '" + std::string(nearest) + "'?";
  return message;
}

// `nest`: a list of items that apply together.
class Nest : public Transformation {
 public:
  explicit Nest(std::vector<ProcessingItem> items) : items_(std::move(items)) {}
  void apply(ProcessingContext& context, const ProcessingItem&) const override {
    for (const ProcessingItem& item : items_) {
      if (context.failed()) return;
      item.apply(context);
    }
  }

 private:
  std::vector<ProcessingItem> items_;
};

// One file; a class because problems, the file's name and the count of items belong to every step.
class PipelineReader {
 public:
  PipelineReader(const std::string& file, std::vector<sigma::Diagnostic>& problems)
      : file_(file), problems_(problems) {}

  void read(const YamlNode& root, ProcessingPipeline& pipeline) {
    YamlKeys keys(root, "the pipeline");
    pipeline.name = keys.text_or("name", "");
    if (const YamlNode* priority = keys.find("priority")) {
      if (!priority->as_integer()) keys.fail(*priority, "'priority' is not an integer");
      pipeline.priority = priority->as_integer().value_or(0);
    }
    refuse_backends(keys);
    refuse_query_steps(keys, "postprocessing");
    refuse_query_steps(keys, "finalizers");
    read_variables(keys, pipeline.variables);
    const YamlNode* items = keys.find("transformations");
    if (items != nullptr && !items->is_sequence() && !items->is_null()) {
      keys.fail(*items, "'transformations' is not a list");
    }
    report(keys.done());
    if (items != nullptr) read_items(*items, 0, pipeline.items);
  }

  void report(std::optional<sigma::RuleProblem> problem) {
    if (!problem) return;
    problems_.push_back({sigma::Severity::kError, problem->code, file_, problem->place,
                         std::move(problem->message)});
  }

 private:
  void refuse_backends(YamlKeys& keys) {
    const auto backends = keys.texts_if("allowed_backends");
    if (!backends || backends->empty()) return;
    if (std::find(backends->begin(), backends->end(), "catena") == backends->end()) {
      keys.fail(*keys.node().find("allowed_backends"),
                "the pipeline is for other backends; 'allowed_backends' does not name catena");
    }
  }

  static void refuse_query_steps(YamlKeys& keys, std::string_view key) {
    const YamlNode* steps = keys.find(key);
    if (steps == nullptr || (steps->is_sequence() && steps->items().empty()) || steps->is_null()) {
      return;
    }
    const YamlNode* type = steps->items().empty() ? nullptr : steps->items()[0].find("type");
    keys.fail(*steps, "'" + std::string(key) + "'" +
                          (type == nullptr ? "" : " ('" + type->text() + "')") +
                          " works on the text of a query, and there is none here");
  }

  static void read_variables(YamlKeys& keys, Variables& variables) {
    const YamlNode* node = keys.find("vars");
    if (node == nullptr || node->is_null()) return;
    if (!node->is_mapping()) return keys.fail(*node, "'vars' is not a mapping");
    if (node->entries().size() > kMaxVariables) {
      return keys.fail(*node, "more than " + std::to_string(kMaxVariables) + " variables");
    }
    for (const YamlEntry& entry : node->entries()) {
      std::vector<Scalar>& values = variables[entry.key.text()];
      if (entry.value.is_scalar() && !entry.value.is_null()) {
        values.push_back(Scalar::of(entry.value));
      }
      for (const YamlNode& value : entry.value.items()) {
        if (!value.is_scalar() || value.is_null()) {
          return keys.fail(value, "a value of a variable is neither a text nor a number");
        }
        values.push_back(Scalar::of(value));
      }
      if (entry.value.is_mapping()) {
        return keys.fail(entry.value, "a variable is neither a value nor a list of values");
      }
    }
  }

  void read_items(const YamlNode& list, std::size_t depth, std::vector<ProcessingItem>& items) {
    for (const YamlNode& node : list.items()) {
      if (++items_ > kMaxPipelineItems) {
        return report(sigma::RuleProblem{
            DiagnosticCode::kLimit, place_of(node),
            "more than " + std::to_string(kMaxPipelineItems) + " transformations"});
      }
      ProcessingItem item;
      item.place = place_of(node);
      YamlKeys keys(node, "the transformation");
      read_item(keys, depth, item);
      report(keys.done());
      items.push_back(std::move(item));
    }
  }

  void read_item(YamlKeys& keys, std::size_t depth, ProcessingItem& item) {
    const std::string type = keys.text("type");
    item.id = keys.text_or("id", "");
    read_conditions(keys, "rule", "rule", make_rule_condition, item.rule_conditions);
    read_conditions(keys, "detection_item", "detection item", make_item_condition,
                    item.item_conditions);
    read_conditions(keys, "field_name", "field name", make_field_condition, item.field_conditions);
    if (keys.failed()) return;
    for (const auto& [name, reason] : kRefused) {
      if (name != type) continue;
      return keys.fail(
          *keys.node().find("type"),
          "the transformation '" + type + "' is not supported: it " + std::string(reason));
    }
    item.transformation = make(type, depth, keys);
    if (item.transformation == nullptr && !keys.failed()) {
      keys.fail(*keys.node().find("type"), unknown("transformation", type, kTransformations));
    }
  }

  MadeTransformation make(const std::string& type, std::size_t depth, YamlKeys& keys) {
    if (type == "nest") return make_nest(depth, keys);
    if (auto made = make_field_transformation(type, keys)) return made;
    if (auto made = make_value_transformation(type, keys)) return made;
    if (auto made = make_placeholder_transformation(type, keys)) return made;
    if (auto made = make_item_transformation(type, keys)) return made;
    return make_rule_transformation(type, keys);
  }

  MadeTransformation make_nest(std::size_t depth, YamlKeys& keys) {
    const YamlNode* list = keys.sequence("items");
    std::vector<ProcessingItem> items;
    if (depth >= kMaxPipelineNesting) {
      keys.fail(keys.node(), "'nest' more than " + std::to_string(kMaxPipelineNesting) + " deep");
    } else if (list != nullptr) {
      read_items(*list, depth + 1, items);
    }
    return std::make_unique<Nest>(std::move(items));
  }

  // Conditions of one kind, with the keys "KIND_conditions", "KIND_cond_op", "KIND_cond_not" and
  // "KIND_cond_expr".
  template <typename Condition, typename Make>
  void read_conditions(YamlKeys& keys, const std::string& kind, const std::string& kind_text,
                       Make make_condition, ConditionSet<Condition>& set) {
    std::vector<std::string> names;
    if (const YamlNode* list = keys.find(kind + "_conditions"); list != nullptr) {
      if (list->is_scalar() && !list->is_null()) {
        keys.fail(*list, "'" + kind + "_conditions' is neither a list nor a mapping");
      }
      if (list->items().size() + list->entries().size() > kMaxConditionsPerItem) {
        return keys.fail(*list,
                         "more than " + std::to_string(kMaxConditionsPerItem) + " conditions");
      }
      for (const YamlNode& node : list->items()) {
        add_condition(keys, node, kind_text, make_condition, set);
      }
      for (const YamlEntry& entry : list->entries()) {
        names.push_back(entry.key.text());
        add_condition(keys, entry.value, kind_text, make_condition, set);
      }
    }
    set.negated = keys.flag(kind + "_cond_not");
    const bool has_link = keys.node().find(kind + "_cond_op") != nullptr;
    set.any = keys.choice(kind + "_cond_op", {"and", "or"}, "and") == "or";
    const std::string expression = keys.text_or(kind + "_cond_expr", "");
    if (expression.empty() || keys.failed()) return;
    const YamlNode& at = *keys.node().find(kind + "_cond_expr");
    if (has_link) {
      return keys.fail(at,
                       "'" + kind + "_cond_expr' and '" + kind + "_cond_op' exclude each other");
    }
    if (names.size() != set.conditions.size()) {
      return keys.fail(at, "'" + kind + "_cond_expr' needs conditions with names: a mapping");
    }
    set.expression.emplace();
    if (auto problem = set.expression->parse(expression, names)) {
      keys.fail(at, "'" + kind + "_cond_expr' " + problem->message);
    }
  }

  template <typename Condition, typename Make>
  static void add_condition(YamlKeys& keys, const YamlNode& node, const std::string& kind,
                            Make make_condition, ConditionSet<Condition>& set) {
    YamlKeys own(node, "the condition");
    const std::string type = own.text("type");
    auto condition = own.failed() ? nullptr : make_condition(type, own);
    if (condition == nullptr && !own.failed()) {
      own.fail(*node.find("type"), "unknown " + kind + " condition '" + type + "'");
    }
    if (auto problem = own.done()) return keys.fail(*std::move(problem));
    set.conditions.push_back(std::move(condition));
  }

  const std::string& file_;
  std::vector<sigma::Diagnostic>& problems_;
  std::size_t items_ = 0;
};

}  // namespace

void read_pipeline(std::string_view text, const std::string& file, ProcessingPipeline& pipeline,
                   std::vector<sigma::Diagnostic>& problems) {
  pipeline.file = file;
  PipelineReader reader(file, problems);
  std::vector<yaml::YamlDocument> documents;
  if (auto problem = yaml::parse_yaml(text, file, {}, documents)) {
    const bool limit = problem->code == StatusCode::kLimit;
    return reader.report(sigma::RuleProblem{limit ? DiagnosticCode::kLimit : DiagnosticCode::kYaml,
                                            {problem->line, problem->column},
                                            std::move(problem->reason)});
  }
  if (documents.size() != 1) {
    return reader.report(sigma::RuleProblem{
        DiagnosticCode::kPipeline, {1, 1}, "a pipeline file holds one document"});
  }
  reader.read(documents[0].root, pipeline);
}

}  // namespace catena::processing
