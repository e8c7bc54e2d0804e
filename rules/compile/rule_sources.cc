// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_sources.h"

#include <utility>

#include "engine/base/byte_archive.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::compile {

using sigma::DiagnosticCode;

RuleSource read_rule_source(const std::string& file) {
  RuleSource source;
  source.name = file;
  auto text = yaml::read_bounded_file(file, yaml::kMaxYamlBytes);
  if (text.ok()) {
    source.text = *std::move(text);
    return source;
  }
  std::string reason = text.status().message();
  if (reason.starts_with(file + ": ")) reason.erase(0, file.size() + 2);
  const bool limit = text.status().code() == StatusCode::kLimit;
  source.problem = {
      limit ? DiagnosticCode::kLimit : DiagnosticCode::kUnreadable, {}, std::move(reason)};
  return source;
}

Status RuleSources::add_path(const std::string& path) {
  RETURN_IF_ERROR(finder_.find(path));
  for (const sigma::Diagnostic& problem : finder_.problems()) {
    sources_.push_back({problem.file, "",
                        sigma::RuleProblem{problem.code, problem.place, problem.message}, false});
  }
  for (const std::string& file : finder_.files()) {
    sources_.push_back(read_rule_source(file));
    bytes_ += sources_.back().text.size();
    if (bytes_ > max_bytes_) {
      return limit_exceeded("more than " + std::to_string(max_bytes_) + " bytes of rules");
    }
  }
  finder_.clear();
  return ok_status();
}

void RuleSources::add_text(std::string_view text, std::string_view name) {
  sources_.push_back({std::string(name), std::string(text), std::nullopt, true});
}

Id128 RuleSources::hash() const {
  ByteWriter writer;
  for (const RuleSource& source : sources_) {
    writer.text(source.name);
    writer.flag(source.is_file);
    writer.text(hash128(source.text).hex());
    writer.flag(source.problem.has_value());
    if (!source.problem) continue;
    writer.integer(static_cast<std::uint8_t>(source.problem->code));
    writer.integer(source.problem->place.line);
    writer.integer(source.problem->place.column);
    writer.text(source.problem->message);
  }
  return hash128(writer.bytes());
}

}  // namespace catena::compile
