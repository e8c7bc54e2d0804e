// SPDX-License-Identifier: Apache-2.0
#include "bench/evaluation/label_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <simdjson.h>

namespace catena::evaluation {
namespace {

namespace dom = simdjson::dom;

// The texts of an array member; none when there is no such member.
Result<std::vector<std::string>> texts(const dom::element& set, std::string_view member,
                                       const std::string& name) {
  std::vector<std::string> found;
  dom::element value;
  if (set[member].get(value) != simdjson::SUCCESS || value.is_null()) return found;
  dom::array array;
  if (value.get(array) != simdjson::SUCCESS) {
    return invalid_input("labels: " + name + ": '" + std::string(member) + "' is not an array");
  }
  for (const dom::element entry : array) {
    std::string_view text;
    if (entry.get(text) != simdjson::SUCCESS) {
      return invalid_input("labels: " + name + ": '" + std::string(member) +
                           "' holds something that is not a text");
    }
    found.emplace_back(text);
  }
  return found;
}

}  // namespace

Result<LabelFile> parse_labels(std::string_view json, const attack::AttackCatalog& attack) {
  dom::parser parser;
  dom::object sets;
  const simdjson::padded_string text(json);
  if (parser.parse(text).get(sets) != simdjson::SUCCESS) {
    return invalid_input("labels: not a JSON object");
  }
  LabelFile labels;
  for (const auto& [key, value] : sets) {
    const std::string name(key);
    if (!value.is_object()) return invalid_input("labels: " + name + " is not an object");
    SetLabel label;
    ASSIGN_OR_RETURN(const auto techniques, texts(value, "techniques", name));
    ASSIGN_OR_RETURN(label.tactics, texts(value, "tactics", name));
    for (const std::string& id : techniques) label.techniques.push_back(attack.canonical(id));
    std::sort(label.techniques.begin(), label.techniques.end());
    label.techniques.erase(std::unique(label.techniques.begin(), label.techniques.end()),
                           label.techniques.end());
    labels.insert_or_assign(name, std::move(label));
  }
  return labels;
}

Result<LabelFile> read_labels(const std::string& path, const attack::AttackCatalog& attack) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return io_error(path + ": " + error.message());
  if (size > kMaxLabelFileBytes) {
    return limit_exceeded(path + ": more than " + std::to_string(kMaxLabelFileBytes) + " bytes");
  }
  std::ifstream file(path, std::ios::binary);
  const std::string json((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.good() && !file.eof()) return io_error(path + ": cannot be read");
  auto labels = parse_labels(json, attack);
  if (!labels.ok()) return invalid_input(path + ": " + labels.status().message());
  return labels;
}

}  // namespace catena::evaluation
