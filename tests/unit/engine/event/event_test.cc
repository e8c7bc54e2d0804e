// SPDX-License-Identifier: Apache-2.0
#include "engine/event/event.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/base/json_escape.h"

namespace catena {
namespace {

// Bodies with the readable bytes that must lie behind them.
class Bodies {
 public:
  std::string_view add(std::string_view body) {
    auto& bytes = bytes_.emplace_back(std::make_unique<std::string>(body));
    bytes->append(kEscapePadding, '\\');
    return std::string_view(*bytes).substr(0, body.size());
  }

 private:
  std::vector<std::unique_ptr<std::string>> bytes_;
};

TEST(Event, IdIsOfTheRawBytes) {
  Event a;
  Event b;
  a.raw = "{}";
  b.raw = "{}";
  b.origin.line = 7;
  EXPECT_EQ(a.id(), b.id());
  b.raw = "{ }";
  EXPECT_FALSE(a.id() == b.id());
}

TEST(Event, FindsTheFirstValueOfAField) {
  const std::vector<Field> fields = {{FieldId{2}, ValueKind::kString, false, "x"},
                                     {FieldId{1}, ValueKind::kNull, false, ""},
                                     {FieldId{2}, ValueKind::kString, false, "y"}};
  Event event;
  event.fields = fields;
  EXPECT_EQ(event.find(2), fields.data());
  EXPECT_EQ(event.find(1), fields.data() + 1);
  EXPECT_EQ(event.find(3), nullptr);
}

TEST(PlainText, IsTheTextItselfOrAnUnescapedCopy) {
  Arena arena;
  Bodies bodies;
  const std::string_view body = bodies.add(R"(C:\\a\/\"b\"\n)");
  EXPECT_EQ(plain_text({1, ValueKind::kString, true, body}, arena), "C:\\a/\"b\"\n");
  const std::string_view plain = plain_text({1, ValueKind::kString, false, body}, arena);
  EXPECT_EQ(plain.data(), body.data());
  EXPECT_EQ(plain, body);
}

TEST(MakePlain, LeavesAnEventWithoutEscapesAlone) {
  const std::vector<Field> fields = {{FieldId{2}, ValueKind::kString, false, "x\\n"}};
  Event event;
  event.fields = fields;
  Arena arena;
  make_plain(event, arena);
  EXPECT_EQ(event.fields.data(), fields.data());
  Event empty;
  make_plain(empty, arena);
  EXPECT_TRUE(empty.fields.empty());
}

TEST(MakePlain, CopiesTheFieldsOfOneWithEscapes) {
  Bodies bodies;
  std::vector<Field> fields;
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string run(size, 'a');
    fields.push_back(
        {FieldId{1}, ValueKind::kString, true, bodies.add(run + "\\\\" + run + "\\t")});
    fields.push_back({FieldId{2}, ValueKind::kNumber, false, "12"});
    fields.push_back({kUnknownField, ValueKind::kNull, false, ""});
  }
  const std::vector<Field> before = fields;
  Event event;
  event.fields = fields;
  Arena arena;
  make_plain(event, arena);
  ASSERT_EQ(event.fields.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(event.fields[i].id, before[i].id);
    EXPECT_EQ(event.fields[i].kind, before[i].kind);
    EXPECT_FALSE(event.fields[i].escaped);
    const std::string run(i / 3, 'a');
    EXPECT_EQ(event.fields[i].text, i % 3 == 0 ? run + "\\" + run + "\t" : before[i].text);
    EXPECT_EQ(fields[i].escaped, before[i].escaped);  // the decoder's own fields stay
  }
}

}  // namespace
}  // namespace catena
