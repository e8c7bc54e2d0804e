// SPDX-License-Identifier: Apache-2.0
#include "engine/base/json_writer.h"

#include <gtest/gtest.h>

namespace catena {
namespace {

TEST(JsonWriter, NestsAndSeparates) {
  JsonWriter json;
  json.begin_object().member("a", "x").key("b").begin_array().integer(-1).unsigned_integer(2);
  json.boolean(true).null().begin_object().end_object().end_array().key("c").fixed(1.25, 1);
  json.end_object();
  EXPECT_EQ(json.text(), R"({"a":"x","b":[-1,2,true,null,{}],"c":1.2})");
}

TEST(JsonWriter, EscapesWhatJsonForbidsAndRepairsWhatIsNotUtf8) {
  JsonWriter json;
  json.string(std::string_view("q\"\\\n\x01\x7f\0z\xff\u00e4", 11));
  EXPECT_EQ(json.text(), "\"q\\\"\\\\\\n\\u0001\\u007f\\u0000z\xEF\xBF\xBD\u00e4\"");
}

}  // namespace
}  // namespace catena
