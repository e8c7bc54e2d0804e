// SPDX-License-Identifier: Apache-2.0
#include "engine/report/html_text.h"

#include <gtest/gtest.h>

namespace catena::report {
namespace {

TEST(HtmlText, NoEventWritesMarkup) {
  EXPECT_EQ(html_text("<b a='1' c=\"2\">&"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;");
  EXPECT_EQ(html_text("a\nb\x1b\xff"), "a\\nb\\x1b\\xff");
  EXPECT_EQ(html_text("\xe2\x80\xaex"), "\\xe2\\x80\\xaex");
}

TEST(MarkdownText, NoEventWritesMarkup) {
  EXPECT_EQ(markdown_text("[x](http://y) <b> |"), "\\[x\\]\\(http\\://y\\) \\<b\\> \\|");
  EXPECT_EQ(markdown_text("a\n# b"), "a\\\\n\\# b");
}

TEST(MarkdownCode, HoldsWhateverItIsGiven) {
  EXPECT_EQ(markdown_code("x"), "` x `");
  EXPECT_EQ(markdown_code("a``b"), "``` a``b ```");
  EXPECT_EQ(markdown_code("a|b"), "` a\\|b `");
  EXPECT_EQ(markdown_code(""), "` `");
}

}  // namespace
}  // namespace catena::report
