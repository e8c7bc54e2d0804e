// SPDX-License-Identifier: Apache-2.0
#include "rules/lint/filename_convention.h"

#include <gtest/gtest.h>

namespace catena::lint {
namespace {

TEST(FilenameConvention, KnowsTheStartOfALogSource) {
  EXPECT_EQ(filename_prefix({"windows", "process_creation", ""}), "proc_creation_win_");
  EXPECT_EQ(filename_prefix({"linux", "process_creation", ""}), "proc_creation_lnx_");
  EXPECT_EQ(filename_prefix({"windows", "", "bits-client"}), "win_bits_client_");
  EXPECT_EQ(filename_prefix({"linux", "", "sshd"}), "lnx_sshd_");
  EXPECT_EQ(filename_prefix({"aws", "", "cloudtrail"}), "aws_");
  EXPECT_EQ(filename_prefix({"", "webserver", ""}), "web_");
  EXPECT_EQ(filename_prefix({"windows", "", "ntlm"}), "");
}

TEST(FilenameConvention, SaysWhatIsWrong) {
  const LogSourceSelector processes = {"windows", "process_creation", ""};
  EXPECT_EQ(filename_problem("a/proc_creation_win_a_b.yml", processes), "");
  EXPECT_NE(filename_problem("a/proc_creation_win_a_b.yaml", processes).find(".yml"),
            std::string::npos);
  EXPECT_NE(filename_problem("proc-creation.yml", processes).find("characters"), std::string::npos);
  EXPECT_NE(filename_problem("short.yml", processes).find("5 characters"), std::string::npos);
  EXPECT_NE(filename_problem("win_process_x.yml", processes).find("'proc_creation_win_'"),
            std::string::npos);
  EXPECT_EQ(filename_problem("anything_goes.yml", {"windows", "", "ntlm"}), "");
}

}  // namespace
}  // namespace catena::lint
