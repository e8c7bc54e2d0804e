// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "rules/yaml/yaml_node.h"

// Reads YAML from people we do not trust: rules, mappings, packs. A bounded subset of YAML on top
// of libyaml's event parser: no anchors, aliases or merge keys (an alias bomb of 258 bytes can
// stand for gigabytes), no tags but those of the core schema (which are ignored; "!!str" makes a
// scalar a text), no %TAG directives, scalar keys only, no duplicate keys. UTF-8 only, a BOM is
// accepted. Thread safety: pure functions. Cost: linear in the text, at most YamlLimits::bytes of
// it. Errors: kInvalidInput, kUnsupported (refused features), kLimit, kIo, kNotFound; the message
// is "file:line:column: reason".
namespace catena::yaml {

inline constexpr std::size_t kMaxYamlBytes = 1024 * 1024;
inline constexpr std::size_t kMaxYamlScalarBytes = 256 * 1024;
inline constexpr std::size_t kMaxYamlNodes = 100'000;  // per file; keys count
inline constexpr std::size_t kMaxYamlDepth = 64;       // nested sequences and mappings
inline constexpr std::size_t kMaxYamlDocuments = 1'024;
// Lines that start with '%'. libyaml compares every directive with every other.
inline constexpr std::size_t kMaxYamlDirectiveLines = 16;

struct YamlLimits {
  std::size_t bytes = kMaxYamlBytes;
  std::size_t scalar_bytes = kMaxYamlScalarBytes;
  std::size_t nodes = kMaxYamlNodes;
  std::size_t depth = kMaxYamlDepth;
  std::size_t documents = kMaxYamlDocuments;
};

// Why a text was refused, for callers that report places themselves.
struct YamlProblem {
  StatusCode code = StatusCode::kInvalidInput;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::string reason;

  [[nodiscard]] Status to_status(std::string_view file) const;
};

// Appends the documents of `text` to `documents`; `name` becomes their file. On a problem the
// documents before it have been appended.
[[nodiscard]] std::optional<YamlProblem> parse_yaml(std::string_view text, std::string_view name,
                                                    const YamlLimits& limits,
                                                    std::vector<YamlDocument>& documents);

// All documents of `text`, or the Status of its first problem.
Result<std::vector<YamlDocument>> read_yaml(std::string_view text, std::string_view name,
                                            const YamlLimits& limits = {});

// The bytes of a regular file. kNotFound, kIo (unreadable, not a regular file), kLimit when it is
// longer than `max_bytes`; nothing is read then. Messages start with the path.
Result<std::string> read_bounded_file(const std::string& path, std::size_t max_bytes);

// read_bounded_file and read_yaml.
Result<std::vector<YamlDocument>> read_yaml_file(const std::string& path,
                                                 const YamlLimits& limits = {});

// Names the YAML library that is loaded: another one may read a text differently.
[[nodiscard]] std::string_view yaml_library_version() noexcept;

}  // namespace catena::yaml
