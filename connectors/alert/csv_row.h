// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// One line of comma-separated values (RFC 4180) cut into its values. A value in quotes may hold
// commas and doubled quotes; line breaks inside of values are not supported, since records are
// lines. Thread safety: pure functions. Cost: linear.
namespace catena::alerts {

inline constexpr std::size_t kMaxCsvColumns = 256;

// nullopt when a quote is not closed, something follows a closed quote, or there are more than
// kMaxCsvColumns values.
[[nodiscard]] std::optional<std::vector<std::string>> parse_csv_row(std::string_view line);

// The inverse: values that need it are quoted.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& values);

}  // namespace catena::alerts
