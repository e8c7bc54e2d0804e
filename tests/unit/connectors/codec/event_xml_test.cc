// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/event_xml.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/mapping/mapping_pack.h"

namespace catena::codec {
namespace {

class EventXml : public testing::Test {
 protected:
  EventXml() {
    table_ = *normalise::NormalisationTable::create({});
    for (const char* path :
         {"Event.System.EventID", "Event.System.Provider.#attributes.Name", "Event.EventData.Image",
          "Event.EventData.Data", "Event.UserData.A.B", "Event.EventData.#attributes.Name"}) {
      catalog_.intern(path);
    }
    table_->finish(catalog_);
  }

  // "path=value;…", or the reason of the failure.
  std::string walk(const std::string& xml) {
    normalise::FlatRecord record;
    arena_.clear();
    EventXmlWalker walker(*table_);
    if (const auto reason = walker.walk(xml, arena_, record)) {
      return std::string(dead_letter_reason_name(*reason));
    }
    std::string out;
    for (const auto& field : record.fields) {
      out.append(table_->path_name(field.path)).append("=").append(field.text).append(";");
    }
    return out;
  }

  FieldCatalog catalog_;
  std::unique_ptr<normalise::NormalisationTable> table_;
  Arena arena_;
};

TEST_F(EventXml, ReadsElementsAttributesAndNamedData) {
  EXPECT_EQ(walk("<?xml version=\"1.0\"?> <Event xmlns='u'>\n <System><Provider Name='P &lt;1'/>"
                 "<EventID>7</EventID></System><!-- c --><EventData Name='N'><Data Name=\"Image\">"
                 "/bin/&#x61;&#98;</Data><Data>x</Data></EventData></Event> "),
            "Event.System.Provider.#attributes.Name=P <1;Event.System.EventID=7;"
            "Event.EventData.#attributes.Name=N;Event.EventData.Image=/bin/ab;"
            "Event.EventData.Data=x;");
}

TEST_F(EventXml, ReadsCdataAsItIs) {
  EXPECT_EQ(walk("<Event><EventData><Data>a&amp;<![CDATA[<&amp;>]]></Data></EventData></Event>"),
            "Event.EventData.Data=a&<&amp;>;");
}

TEST_F(EventXml, KeepsUnknownEntities) {
  EXPECT_EQ(walk("<Event><EventData><Data>&foo; & &#xD800; &#1114112;</Data></EventData></Event>"),
            "Event.EventData.Data=&foo; & \xEF\xBF\xBD \xEF\xBF\xBD;");
}

TEST_F(EventXml, RefusesWhatIsNotOneElement) {
  for (const char* wrong : {"", "x", "<a></b>", "<a><b></a>", "<a/><b/>", "<a>x</a>y", "<a b>",
                            "<a b=c/>", "<!DOCTYPE a><a/>", "< a/>", "<a b='1' /x>"}) {
    EXPECT_EQ(walk(wrong), "invalid_xml") << wrong;
  }
  for (const char* cut : {"<a", "<a>", "<a b='", "<a><!--", "<a></a", "<a b", "<a><![CDATA[x"}) {
    const std::string result = walk(cut);
    EXPECT_TRUE(result == "truncated" || result == "invalid_xml") << cut << " " << result;
  }
}

TEST_F(EventXml, DepthAndNamesAreBounded) {
  std::string deep;
  for (std::size_t i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_EQ(walk(deep), "too_deep");
  EXPECT_EQ(walk("<" + std::string(5000, 'n') + "/>"), "key_too_long");
  std::string many = "<Event>";
  for (int i = 0; i < 5000; ++i) many += "<a>x</a>";
  EXPECT_EQ(walk(many + "</Event>"), "too_many_fields");
}

TEST_F(EventXml, TruncationAtEveryByteIsAnError) {
  const std::string xml =
      "<Event><System><Provider Name=\"P\"/><EventID>1</EventID></System></Event>";
  for (std::size_t size = 0; size < xml.size(); ++size) {
    const std::string result = walk(xml.substr(0, size));
    EXPECT_TRUE(result == "truncated" || result == "invalid_xml") << size << " " << result;
  }
}

}  // namespace
}  // namespace catena::codec
