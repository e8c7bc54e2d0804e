// SPDX-License-Identifier: Apache-2.0
#include "rules/findings/finding_json.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "engine/base/hash.h"
#include "engine/base/json_writer.h"

namespace catena::lint {
namespace {

void add_place(JsonWriter& json, std::string_view line, std::string_view column,
               const sigma::Place& place) {
  json.key(line).unsigned_integer(place.line);
  json.key(column).unsigned_integer(place.column);
}

// RFC 3986: all but unreserved characters and "/" as %XX.
std::string as_uri(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string uri;
  if (path.starts_with('/')) uri = "file://";
  while (path.starts_with("./")) path.remove_prefix(2);
  for (const char c : path) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') ||
                          std::string_view("-._~/").find(c) != std::string_view::npos;
    if (is_plain) {
      uri += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    uri += '%';
    uri += kHex[byte >> 4];
    uri += kHex[byte & 15];
  }
  return uri;
}

class SarifWriter {
 public:
  explicit SarifWriter(const std::vector<Finding>& findings) : findings_(findings) {
    for (const Finding& finding : findings) rule_index_.try_emplace(finding.code, 0);
    int index = 0;
    for (auto& [code, number] : rule_index_) number = index++;
  }

  std::string run(const SarifTool& tool) {
    json_.begin_object();
    json_.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_.member("version", "2.1.0").key("runs").begin_array().begin_object();
    json_.key("tool").begin_object().key("driver").begin_object();
    json_.member("name", "catena").member("version", tool.version);
    json_.key("rules").begin_array();
    for (const auto& [code, number] : rule_index_) rule(code);
    json_.end_array().end_object().end_object();
    json_.member("columnKind", "unicodeCodePoints");
    json_.key("results").begin_array();
    for (const Finding& finding : findings_) result(finding);
    json_.end_array().end_object().end_array().end_object();
    return json_.take();
  }

 private:
  void rule(std::string_view code) {
    const CodeInfo* info = find_code(code);
    json_.begin_object().member("id", code);
    if (info != nullptr) {
      json_.key("shortDescription").begin_object().member("text", info->about).end_object();
      json_.key("defaultConfiguration").begin_object();
      json_.member("level", level_name(info->level)).end_object();
    }
    json_.end_object();
  }

  void result(const Finding& finding) {
    json_.begin_object().member("ruleId", finding.code);
    json_.key("ruleIndex").integer(rule_index_[finding.code]);
    json_.member("level", level_name(finding.level));
    json_.key("message").begin_object().member("text", finding.message).end_object();
    json_.key("locations").begin_array().begin_object().key("physicalLocation").begin_object();
    artifact(finding.file);
    if (finding.place.line > 0) region("region", finding.place, finding.end);
    json_.end_object().end_object().end_array();
    json_.key("partialFingerprints").begin_object();
    json_.member("findingHash/v1", fingerprint(finding)).end_object();
    if (finding.is_suppressed) {
      json_.key("suppressions").begin_array().begin_object();
      json_.member("kind", "inSource").end_object().end_array();
    }
    if (finding.fix) fix(finding);
    json_.end_object();
  }

  void artifact(const std::string& file) {
    json_.key("artifactLocation").begin_object().member("uri", as_uri(file)).end_object();
  }

  void region(std::string_view name, const sigma::Place& from, const sigma::Place& to) {
    json_.key(name).begin_object();
    add_place(json_, "startLine", "startColumn", from);
    add_place(json_, "endLine", "endColumn", to.line == 0 ? from : to);
    json_.end_object();
  }

  void fix(const Finding& finding) {
    json_.key("fixes").begin_array().begin_object();
    json_.key("description").begin_object().member("text", finding.fix->title).end_object();
    json_.key("artifactChanges").begin_array().begin_object();
    artifact(finding.file);
    json_.key("replacements").begin_array();
    for (const TextEdit& edit : finding.fix->edits) {
      json_.begin_object();
      region("deletedRegion", edit.from, edit.to);
      json_.key("insertedContent").begin_object().member("text", edit.replacement).end_object();
      json_.end_object();
    }
    json_.end_array().end_object().end_array().end_object().end_array();
  }

  // Stays the same when other lines of the file change.
  std::string fingerprint(const Finding& finding) {
    const std::string what = finding.file + "\n" + std::string(finding.code) + "\n" +
                             finding.message + "\n" + finding.line;
    const std::string hash = hash128(what).hex();
    return hash + ":" + std::to_string(++occurrences_[hash]);
  }

  const std::vector<Finding>& findings_;
  std::map<std::string_view, int> rule_index_;
  std::map<std::string, int> occurrences_;
  JsonWriter json_;
};

}  // namespace

std::string finding_as_json(const Finding& finding) {
  JsonWriter json;
  json.begin_object();
  json.member("kind", finding.is_refusal ? "refused_rule" : "rule_finding");
  json.key("schema").integer(kFindingSchemaVersion);
  json.member("file", finding.file);
  add_place(json, "line", "column", finding.place);
  add_place(json, "end_line", "end_column", finding.end);
  json.member("code", finding.code).member("level", level_name(finding.level));
  json.member("message", finding.message);
  json.key("suppressed").boolean(finding.is_suppressed);
  if (finding.fix) {
    json.key("fix").begin_object().member("title", finding.fix->title);
    json.key("safe").boolean(finding.fix->is_safe).key("edits").begin_array();
    for (const TextEdit& edit : finding.fix->edits) {
      json.begin_object();
      add_place(json, "line", "column", edit.from);
      add_place(json, "end_line", "end_column", edit.to);
      json.member("text", edit.replacement).end_object();
    }
    json.end_array().end_object();
  }
  json.end_object();
  return json.take();
}

std::string findings_as_sarif(const std::vector<Finding>& findings, const SarifTool& tool) {
  return SarifWriter(findings).run(tool);
}

}  // namespace catena::lint
