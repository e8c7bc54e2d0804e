// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/access_tokens.h"

#include <sys/stat.h>

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace catena::net {
namespace {

// printf %s secret | sha256sum
const std::string kDigest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

struct TokenFile {
  explicit TokenFile(const std::string& text, mode_t mode = 0600) : path(folder.inside("tokens")) {
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
  }
  tests::ScratchFolder folder;
  std::string path;
};

TEST(AccessTokens, ReadsAFile) {
  const TokenFile file("# who may send\n\nweb " + kDigest + "  # the shop\n");
  const Result<AccessTokens> tokens = read_access_tokens(file.path);
  ASSERT_TRUE(tokens.ok()) << tokens.status().to_string();
  ASSERT_NE(tokens->find("secret"), nullptr);
  EXPECT_EQ(*tokens->find("secret"), "web");
  EXPECT_EQ(tokens->find("Secret"), nullptr);
  EXPECT_EQ(tokens->find(""), nullptr);
  EXPECT_EQ(tokens->find(kDigest), nullptr);
}

TEST(AccessTokens, RefusesAFileThatOthersMayRead) {
  const TokenFile file("web " + kDigest + "\n", 0644);
  EXPECT_EQ(read_access_tokens(file.path).status().code(), StatusCode::kIo);
}

TEST(AccessTokens, NamesTheLineThatIsWrong) {
  for (const std::string& text : {std::string("\nweb\n"), std::string("\nweb 12ab\n"),
                                  "\nweb " + kDigest + " more\n", "\nweb " + kDigest + "0\n"}) {
    const TokenFile file(text);
    const Result<AccessTokens> tokens = read_access_tokens(file.path);
    ASSERT_FALSE(tokens.ok()) << text;
    EXPECT_NE(tokens.status().message().find(":2: "), std::string::npos) << text;
  }
  EXPECT_FALSE(read_access_tokens(TokenFile("# nobody\n").path).ok());
}

TEST(AccessTokens, DecodesBase64) {
  EXPECT_EQ(decode_base64("dXNlcjpzZWNyZXQ="), "user:secret");
  EXPECT_EQ(decode_base64("dXNlcjpzZWNyZXQ"), "user:secret");
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_FALSE(decode_base64("a").has_value());
  EXPECT_FALSE(decode_base64("a b=").has_value());
}

}  // namespace
}  // namespace catena::net
