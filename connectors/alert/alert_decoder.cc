// SPDX-License-Identifier: Apache-2.0
#include "connectors/alert/alert_decoder.h"

#include <algorithm>

#include <simdjson.h>

#include "connectors/alert/csv_row.h"

namespace catena::alerts {
namespace {

using alert::AlertRecord;
namespace dom = simdjson::dom;

// A number, true, false or null as it is written.
std::string literal(const dom::element& element) {
  if (element.is_null()) return "";
  return simdjson::minify(element);
}

// Adds everything below `element` under `path`.
void flatten(const dom::element& element, const std::string& path, std::size_t depth,
             AlertRecord& record) {
  if (record.fields.size() >= kMaxAlertFields || depth > kMaxAlertDepth ||
      path.size() > kMaxAlertPathBytes) {
    return;
  }
  dom::object object;
  dom::array array;
  std::string_view text;
  if (!element.get(object)) {
    for (const auto& member : object) {
      const std::string below =
          path.empty() ? std::string(member.key) : path + "." + std::string(member.key);
      flatten(member.value, below, depth + 1, record);
    }
  } else if (!element.get(array)) {
    for (const dom::element item : array) flatten(item, path, depth + 1, record);
  } else if (!element.get(text)) {
    record.fields.push_back({path, std::string(text.substr(0, kMaxAlertValueBytes))});
  } else {
    record.fields.push_back({path, literal(element)});
  }
}

}  // namespace

struct AlertDecoder::Json {
  dom::parser parser;
};

AlertDecoder::AlertDecoder(const std::vector<std::string>& verdict_columns)
    : verdict_columns_(verdict_columns), json_(std::make_unique<Json>()) {}

AlertDecoder::~AlertDecoder() = default;

Result<AlertRecord> AlertDecoder::document(std::string_view text) {
  dom::element root;
  if (json_->parser.parse(text.data(), text.size(), true).get(root)) {
    return invalid_input("not JSON");
  }
  AlertRecord record;
  flatten(root, "", 0, record);
  record.text = text;
  return record;
}

Result<AlertRecord> AlertDecoder::line(std::string_view text, bool& is_header) {
  is_header = columns_.empty();
  auto values = parse_csv_row(text);
  if (!values) return invalid_input("not a line of comma-separated values");
  if (is_header) {
    columns_ = *std::move(values);
    return AlertRecord{};
  }
  if (values->size() != columns_.size()) {
    return invalid_input(std::to_string(values->size()) + " values below a header of " +
                         std::to_string(columns_.size()));
  }
  AlertRecord record;
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (std::find(verdict_columns_.begin(), verdict_columns_.end(), columns_[i]) !=
        verdict_columns_.end()) {
      continue;
    }
    std::string& value = (*values)[i];
    kept.push_back(value);
    if (value.size() > kMaxAlertValueBytes) value.resize(kMaxAlertValueBytes);
    record.fields.push_back({columns_[i], std::move(value)});
  }
  record.text = csv_row(kept);
  return record;
}

}  // namespace catena::alerts
