// SPDX-License-Identifier: Apache-2.0
#include "connectors/alert/csv_row.h"

#include <gtest/gtest.h>

namespace catena::alerts {
namespace {

using Values = std::vector<std::string>;

TEST(CsvRow, CutsAtCommasOutsideOfQuotes) {
  EXPECT_EQ(parse_csv_row("a,b,c"), (Values{"a", "b", "c"}));
  EXPECT_EQ(parse_csv_row(""), (Values{""}));
  EXPECT_EQ(parse_csv_row(",,"), (Values{"", "", ""}));
  EXPECT_EQ(parse_csv_row("\"a,\"\"b\"\"\",c"), (Values{"a,\"b\"", "c"}));
  EXPECT_EQ(parse_csv_row("a\"b,c"), (Values{"a\"b", "c"}));
}

TEST(CsvRow, RefusesWhatIsNoRow) {
  EXPECT_FALSE(parse_csv_row("\"open"));
  EXPECT_FALSE(parse_csv_row("\"a\"b,c"));
  EXPECT_TRUE(parse_csv_row(std::string(kMaxCsvColumns - 1, ',')));
  EXPECT_FALSE(parse_csv_row(std::string(kMaxCsvColumns, ',')));
}

TEST(CsvRow, IsWrittenSoThatItReadsBack) {
  const Values values = {"a", "b,c", "say \"x\"", ""};
  EXPECT_EQ(parse_csv_row(csv_row(values)), values);
}

}  // namespace
}  // namespace catena::alerts
