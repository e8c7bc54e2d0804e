// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_cache.h"

#include <unordered_set>
#include <utility>
#include <vector>

#include "engine/base/byte_archive.h"
#include "engine/base/text_fold.h"
#include "engine/plan/rule_set_codec.h"
#include "rules/compile/regex_compiler.h"
#include "rules/compile/rule_transformer.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::compile {
namespace {

using sigma::DiagnosticCode;
using sigma::Severity;

constexpr CacheKind kRulesKind = {"rules", kRuleCacheVersion, kMaxRuleCacheBytes,
                                  kMaxRuleCacheFiles, kMaxRuleCacheFolderBytes};

// The compiler asks for a case here when an enumeration gets a new value.

bool is_severity(Severity severity) noexcept {
  switch (severity) {
    case Severity::kWarning:
    case Severity::kError:
      return true;
  }
  return false;
}

bool is_code(DiagnosticCode code) noexcept {
  switch (code) {
    case DiagnosticCode::kUnreadable:
    case DiagnosticCode::kYaml:
    case DiagnosticCode::kSchema:
    case DiagnosticCode::kUnknownModifier:
    case DiagnosticCode::kModifier:
    case DiagnosticCode::kAllWithOneValue:
    case DiagnosticCode::kValue:
    case DiagnosticCode::kNullInList:
    case DiagnosticCode::kRegex:
    case DiagnosticCode::kPlaceholder:
    case DiagnosticCode::kCondition:
    case DiagnosticCode::kNamesNothing:
    case DiagnosticCode::kCorrelation:
    case DiagnosticCode::kFilter:
    case DiagnosticCode::kLegacy:
    case DiagnosticCode::kDuplicateId:
    case DiagnosticCode::kLimit:
    case DiagnosticCode::kPipeline:
    case DiagnosticCode::kLint:
      return true;
  }
  return false;
}

template <typename Archive, typename T>
void transfer_diagnostic(Archive& archive, T& value) {
  auto& [severity, code, file, place, message] = value;
  auto& [line, column] = place;
  archive.choice(severity, is_severity);
  archive.choice(code, is_code);
  archive.text(file);
  archive.integer(line);
  archive.integer(column);
  archive.text(message);
}

template <typename Archive, typename T>
void transfer_filter_use(Archive& archive, T& value) {
  auto& [title, file, line, rules] = value;
  archive.text(title);
  archive.text(file);
  archive.integer(line);
  archive.integer(rules);
}

template <typename Archive, typename T>
void transfer_report(Archive& archive, T& value) {
  auto& [files, rules_loaded, correlations, filters, unresolved, refused, warnings] = value;
  archive.integer(files);
  archive.integer(rules_loaded);
  archive.integer(correlations);
  archive.list(filters, [](auto& a, auto& use) { transfer_filter_use(a, use); });
  archive.integer(unresolved);
  archive.list(refused, [](auto& a, auto& diagnostic) { transfer_diagnostic(a, diagnostic); });
  archive.list(warnings, [](auto& a, auto& diagnostic) { transfer_diagnostic(a, diagnostic); });
}

// The load beside its rule set, which has a codec of its own.
template <typename Archive, typename Names, typename T, typename Bytes>
void transfer_load(Archive& archive, Names& names, T& report, Bytes& rules) {
  archive.list(names, [](auto& a, auto& name) { a.text(name); });
  transfer_report(archive, report);
  archive.text(rules);
}

Status check_names(const std::vector<std::string>& names, const FieldCatalog& fields) {
  std::unordered_set<std::string_view> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second || fields.find(name) != kUnknownField) {
      return corrupt("cached rules: field '" + name + "' is known already");
    }
  }
  return ok_status();
}

}  // namespace

Result<std::string> encode_load(const LoadedRules& load, const FieldCatalog& fields,
                                FieldId first_new) {
  std::vector<std::string> names;
  for (FieldId id = first_new; id < fields.size(); ++id) names.emplace_back(fields.name(id));
  ASSIGN_OR_RETURN(const std::string rules, plan::encode_rule_set(load.rules, fields.size()));
  ByteWriter writer;
  transfer_load(writer, names, load.report, rules);
  if (!writer.ok()) return limit_exceeded("cached rules: too large");
  return writer.take();
}

Result<LoadedRules> decode_load(std::string_view bytes, FieldCatalog& fields) {
  LoadedRules load;
  std::vector<std::string> names;
  std::string_view rules;
  ByteReader reader(bytes);
  transfer_load(reader, names, load.report, rules);
  if (!reader.finished()) return corrupt("cached rules: the bytes do not make a load");
  RETURN_IF_ERROR(check_names(names, fields));
  ASSIGN_OR_RETURN(load.rules,
                   plan::decode_rule_set(rules, fields.size() + names.size(), compile_regex_text));
  for (const std::string& name : names) fields.intern(name);
  return load;
}

Id128 RuleCache::key(const RuleSources& sources, const CompileOptions& options,
                     const FieldCatalog& fields) const {
  ByteWriter writer;
  writer.integer(plan::kRuleSetCodecVersion);
  writer.text(build_);
  // Libraries that decide the outcome and can be exchanged under the same program.
  writer.text(yaml::yaml_library_version());
  writer.text(fold_table_version());
  // `strict` decides what is done with the outcome, not the outcome.
  const auto& [strict, placeholders, transformer] = options;
  static_cast<void>(strict);
  writer.integer(placeholders.size());
  for (const auto& [name, values] : placeholders) {
    writer.text(name);
    writer.list(values, [](auto& a, const auto& value) { a.text(value); });
  }
  writer.text(transformer == nullptr ? "" : transformer->identity());
  writer.integer(fields.size());
  for (FieldId id = 0; id < fields.size(); ++id) writer.text(fields.name(id));
  writer.text(sources.hash().hex());
  return hash128(writer.bytes());
}

Result<LoadedRules> RuleCache::find(const Id128& key, FieldCatalog& fields) const {
  ASSIGN_OR_RETURN(const std::string bytes, folder_.read(kRulesKind, key));
  return decode_load(bytes, fields);
}

Status RuleCache::keep(const Id128& key, const LoadedRules& load, const FieldCatalog& fields,
                       FieldId first_new) const {
  ASSIGN_OR_RETURN(const std::string bytes, encode_load(load, fields, first_new));
  RETURN_IF_ERROR(folder_.write(kRulesKind, key, bytes, CacheDurability::kSynced));
  folder_.trim(kRulesKind);
  return ok_status();
}

}  // namespace catena::compile
