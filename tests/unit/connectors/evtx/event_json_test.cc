// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/event_json.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/evtx_writer.h"

namespace catena::evtx {
namespace {

using tests::number;
using tests::wide;

// Builds trees by hand.
class EventJsonTest : public testing::Test {
 public:
  ElementTree::Text text(const std::string& name) {
    const std::size_t begin = tree_.text().size();
    tree_.text().append(name);
    return tree_.text_since(begin);
  }
  EventJsonTest& open(const std::string& name) {
    EXPECT_EQ(tree_.open_element(text(name)), Problem::kNone);
    return *this;
  }
  EventJsonTest& attribute(const std::string& name, const std::string& value) {
    EXPECT_EQ(tree_.add_attribute(text(name)), Problem::kNone);
    EXPECT_EQ(tree_.add_text(value), Problem::kNone);
    tree_.end_attributes();
    return *this;
  }
  EventJsonTest& value(const std::string& value) {
    EXPECT_EQ(tree_.add_text(value), Problem::kNone);
    return *this;
  }
  EventJsonTest& close(std::size_t times = 1) {
    while (times-- > 0) {
      EXPECT_EQ(tree_.close_element(), Problem::kNone);
    }
    return *this;
  }
  std::string json() {
    std::string out;
    EventJson(17).append(tree_, out);
    return out;
  }

  ElementTree tree_;
};

TEST_F(EventJsonTest, EmptyElementsAreNull) {
  open("Event").open("A").close().open("B").value("").close().close();
  EXPECT_EQ(json(), R"({"Event":{"A":null,"B":null}})");
}

TEST_F(EventJsonTest, AttributesWithoutValueAreLeftOut) {
  open("Event").open("A").attribute("x", "").attribute("y", "1").attribute("z", "").close();
  open("B").attribute("x", "").value("t").close().close();
  EXPECT_EQ(json(), R"({"Event":{"A":{"#attributes":{"y":"1"}},"B":"t"}})");
}

TEST_F(EventJsonTest, TextBesideAttributesOrChildrenHasAKey) {
  open("Event").open("A").attribute("x", "1").value("t").close();
  open("B").value("before").open("C").close().value(" after").close().close();
  EXPECT_EQ(json(), R"({"Event":{"A":{"#attributes":{"x":"1"},"#text":"t"},)"
                    R"("B":{"#text":"before after","C":null}}})");
}

TEST_F(EventJsonTest, NumbersHaveNoQuotesUnlessTheyAreText) {
  open("Event").open("A");
  EXPECT_EQ(tree_.add_value(ValueType::kUInt8, "\x05"), Problem::kNone);
  close().open("B");
  EXPECT_EQ(tree_.add_value(ValueType::kUInt8, "\x05"), Problem::kNone);
  EXPECT_EQ(tree_.add_value(ValueType::kUInt8, "\x06"), Problem::kNone);
  close().open("C");
  EXPECT_EQ(tree_.add_attribute(text("x")), Problem::kNone);
  EXPECT_EQ(tree_.add_value(ValueType::kBool, number(1, 4)), Problem::kNone);
  close().close();
  EXPECT_EQ(json(), R"({"Event":{"A":5,"B":"56","C":{"#attributes":{"x":true}}}})");
}

TEST_F(EventJsonTest, NamedDataIsAMemberOfItsName) {
  for (const std::string container : {"EventData", "UserData"}) {
    tree_.clear();
    open("Event").open(container);
    open("Data").attribute("Name", "Image").attribute("Type", "s").value("a").close();
    open("Data").attribute("Name", "Empty").close();
    open("Data").attribute("Name", "Deep").open("X").close().close();
    open("Binary").value("00").close().close().close();
    EXPECT_EQ(json(), "{\"Event\":{\"" + container +
                          R"(":{"Image":"a","Empty":"","Deep":{"#attributes":{"Name":"Deep"},)"
                          R"("X":null},"Binary":"00"}}})");
  }
}

TEST_F(EventJsonTest, NamelessDataIsUnderText) {
  open("Event").open("EventData").open("Data").value("a").close().close().close();
  EXPECT_EQ(json(), R"({"Event":{"EventData":{"Data":{"#text":"a"}}}})");
  tree_.clear();
  open("Event").open("EventData").open("Data").value("a").close().open("Data").close();
  open("Data").attribute("Name", "").value("b").close();
  open("Data").attribute("Name", "n").value("c").close().close().close();
  EXPECT_EQ(json(), R"({"Event":{"EventData":{"Data":{"#text":["a","","b"]},"n":"c"}}})");
}

TEST_F(EventJsonTest, DataElsewhereIsAnElementLikeOthers) {
  open("Event").open("Other").open("Data").attribute("Name", "n").value("a").close(3);
  EXPECT_EQ(json(), R"({"Event":{"Other":{"Data":{"#attributes":{"Name":"n"},"#text":"a"}}}})");
}

// No key comes twice, however the elements of one name lie.
TEST_F(EventJsonTest, ElementsOfOneNameAreAnArray) {
  open("Event").open("A").value("1").close().open("B").close().open("A").open("A").close(2);
  open("EventData");
  open("Data").attribute("Name", "n").value("1").close();
  open("Data").attribute("Name", "n").value("2").close().close().close();
  EXPECT_EQ(json(), R"({"Event":{"A":["1",{"A":null}],"B":null,"EventData":{"n":["1","2"]}}})");
}

TEST_F(EventJsonTest, ManyNamesStayApart) {
  open("Event");
  std::string expected = "{\"Event\":{";
  for (int i = 0; i < 1000; ++i) {
    open("N" + std::to_string(i)).close();
    expected += (i == 0 ? "\"N" : ",\"N") + std::to_string(i) + "\":null";
  }
  close();
  EXPECT_EQ(json(), expected + "}}");
}

}  // namespace
}  // namespace catena::evtx
