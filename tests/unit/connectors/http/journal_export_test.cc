// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/journal_export.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/asked_interfaces.h"

namespace catena::http {
namespace {

using Asked = tests::AskedInterfaces;
using Texts = std::vector<std::string>;

TEST(JournalExport, MakesRecordsOfEntries) {
  Asked asked;
  std::string body = "__CURSOR=s=1\nMESSAGE=one\n_PID=7\n\nMESSAGE\n";
  body += std::string("\x07\0\0\0\0\0\0\0", 8) + "two\nbin\n_UID=0\n\n";
  const Response response = asked.post("/upload", body);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "OK.\n");
  EXPECT_EQ(asked.records, (Texts{R"({"__CURSOR":"s=1","MESSAGE":"one","_PID":"7"})",
                                  R"({"MESSAGE":"two\nbin","_UID":"0"})"}));
}

TEST(JournalExport, KeepsWhatIsBeforeABrokenField) {
  Asked asked;
  const std::string lie("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8);
  EXPECT_EQ(asked.post("/upload", "A=1\n\nMESSAGE\n" + lie + "x\n\n").status, 400);
  EXPECT_EQ(asked.records, (Texts{R"({"A":"1"})"}));
}

TEST(JournalExport, AnEntryWithTooManyFieldsIsADeadLetter) {
  std::string body;
  for (std::size_t i = 0; i <= kMaxJournalFields; ++i) body += "F" + std::to_string(i) + "=x\n";
  Asked asked;
  EXPECT_EQ(asked.post("/upload", body + "\nA=1\n").status, 200);
  EXPECT_EQ(asked.refused.size(), 1U);
  EXPECT_EQ(asked.records, (Texts{R"({"A":"1"})"}));
}

}  // namespace
}  // namespace catena::http
