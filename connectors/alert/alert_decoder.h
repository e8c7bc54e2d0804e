// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/alert/alert_record.h"
#include "engine/base/result.h"

// AlertDecoder makes flat records of what other engines write: JSON documents, and lines of
// comma-separated values below a header line. Columns that are somebody's verdict after the fact
// (labels of a recorded attack) are taken out first: neither the record's text nor its values have
// them. Thread safety: none; one per source, fed in order. Errors: a record that cannot be read
// gives kInvalidInput with the reason; reading goes on behind it.
namespace catena::alerts {

// Of one JSON record.
inline constexpr std::size_t kMaxAlertFields = 2048;  // what follows them is left out
inline constexpr std::size_t kMaxAlertDepth = 24;
inline constexpr std::size_t kMaxAlertPathBytes = 512;
inline constexpr std::size_t kMaxAlertValueBytes = 16 * 1024;  // longer ones are cut

class AlertDecoder {
 public:
  explicit AlertDecoder(const std::vector<std::string>& verdict_columns);
  ~AlertDecoder();
  AlertDecoder(const AlertDecoder&) = delete;
  AlertDecoder& operator=(const AlertDecoder&) = delete;

  // A document, from '{' to '}'.
  [[nodiscard]] Result<alert::AlertRecord> document(std::string_view text);

  // A line of text. The first one of a source is the header; `is_header` says that there is no
  // record.
  [[nodiscard]] Result<alert::AlertRecord> line(std::string_view text, bool& is_header);

 private:
  struct Json;

  const std::vector<std::string>& verdict_columns_;
  std::vector<std::string> columns_;  // of the header; empty before it
  std::unique_ptr<Json> json_;
};

}  // namespace catena::alerts
