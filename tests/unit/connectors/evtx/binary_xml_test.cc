// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/binary_xml.h"

#include <string>

#include <gtest/gtest.h>

#include "connectors/evtx/chunk.h"
#include "connectors/evtx/event_json.h"
#include "tests/support/evtx_writer.h"

namespace catena::evtx {
namespace {

using tests::BinaryXmlWriter;
using tests::EvtxChunkWriter;
using tests::number;
using tests::wide;

// Reads records that a body wrote: the last one of a chunk as JSON, or the problem in words.
class BinaryXmlTest : public testing::Test {
 protected:
  std::string read(const BinaryXmlWriter::Body& body) {
    EvtxChunkWriter writer;
    writer.add(1, body);
    return read_last(writer);
  }

  std::string read_last(const EvtxChunkWriter& writer) {
    const std::string bytes = writer.bytes();
    Chunk chunk(bytes);
    Chunk::Record record;
    std::string out;
    while (chunk.next(record)) {
      const Problem problem =
          xml_.read(bytes, record.begin + kRecordBodyAt,
                    record.begin + record.size - kRecordTrailerBytes, allowance_, tree_);
      if (problem != Problem::kNone) {
        out = problem_text(problem);
        continue;
      }
      out.clear();
      json_.append(tree_, out);
    }
    return out;
  }

  // <E>…</E> around what the body writes.
  std::string content(const BinaryXmlWriter::Body& body) {
    return read([&](BinaryXmlWriter& xml) {
      xml.header().open("E").close_start();
      body(xml);
      xml.end().end_of_fragment();
    });
  }

  // A template <E>%0</E> with one value.
  std::string value(unsigned type, const std::string& bytes) {
    return read([&](BinaryXmlWriter& xml) {
      xml.header().instance(
          "t",
          [](BinaryXmlWriter& t) {
            t.header().open("E").close_start().substitution(0).end().end_of_fragment();
          },
          {{type, bytes, {}}});
      xml.end_of_fragment();
    });
  }

  BinaryXml xml_;
  ElementTree tree_;
  EventJson json_;
  std::size_t allowance_ = 1'000'000;
};

constexpr const char* kBeyond = "a reference or a length reaches beyond the record or the chunk";
constexpr const char* kMisplaced = "a token where it may not be";
constexpr const char* kUnbalanced = "elements are not closed as they were opened";
constexpr const char* kNotOne = "not exactly one element at the top";

TEST_F(BinaryXmlTest, ReadsElementsAttributesAndText) {
  EXPECT_EQ(read([](BinaryXmlWriter& xml) {
              xml.header().open("Event", true).attribute("a").text("1").attribute("b").text("2");
              xml.close_start().open("X").close_empty();
              xml.open("Y").close_start().text("t").end().end().end_of_fragment();
            }),
            R"({"Event":{"#attributes":{"a":"1","b":"2"},"X":null,"Y":"t"}})");
}

TEST_F(BinaryXmlTest, JoinsTextCdataAndReferences) {
  EXPECT_EQ(content([](BinaryXmlWriter& xml) {
              xml.text("a<").text("<&>", 0x07).token(0x08).raw(number('"', 2));
              for (const char* entity : {"amp", "lt", "gt", "quot", "apos", "other"}) {
                xml.token(0x09).name(entity);
              }
            }),
            R"({"E":"a<<&>\"&<>\"'&other;"})");
}

TEST_F(BinaryXmlTest, SkipsInstructions) {
  EXPECT_EQ(content([](BinaryXmlWriter& xml) {
              xml.token(0x0A).name("target").text("words", 0x0B).text("x");
            }),
            R"({"E":"x"})");
}

TEST_F(BinaryXmlTest, ReadsTypedValuesOutsideTemplates) {
  EXPECT_EQ(content([](BinaryXmlWriter& xml) { xml.token(0x05).raw("\x08" + number(7, 4)); }),
            R"({"E":7})");
  EXPECT_EQ(content([](BinaryXmlWriter& xml) { xml.token(0x05).raw("\x0E" + number(7, 4)); }),
            "a value of an unknown type");
  EXPECT_EQ(read([](BinaryXmlWriter& xml) {
              xml.open("E").close_start().token(0x05).raw("\x0F" + number(7, 4));
            }),
            kBeyond);
}

TEST_F(BinaryXmlTest, SubstitutesValuesWithTheirOwnType) {
  EXPECT_EQ(value(0x08, number(5, 4)), R"({"E":5})");
  EXPECT_EQ(value(0x01, wide("five")), R"({"E":"five"})");
  EXPECT_EQ(value(0x00, ""), R"({"E":null})");
  EXPECT_EQ(value(0x0D, number(1, 4)), R"({"E":true})");
  EXPECT_EQ(value(0x08, "abc"), "a value whose size does not fit its type");
  EXPECT_EQ(value(0x23, "abc"), "a value of an unknown type");
  EXPECT_EQ(value(0xA1, "abc"), "a value of an unknown type");
}

TEST_F(BinaryXmlTest, RefusesASubstitutionOfNoValue) {
  EXPECT_EQ(read([](BinaryXmlWriter& xml) {
              xml.instance(
                  "t", [](BinaryXmlWriter& t) { t.open("E").close_start().substitution(3).end(); },
                  {{1, "", {}}});
            }),
            "a template asks for a value that is not there");
  EXPECT_EQ(content([](BinaryXmlWriter& xml) { xml.substitution(0); }),
            "a template asks for a value that is not there");
}

TEST_F(BinaryXmlTest, LaterRecordsUseTemplatesAndNamesOfEarlierOnes) {
  EvtxChunkWriter writer;
  const auto body = [](BinaryXmlWriter& xml) {
    xml.header().instance("t",
                          [](BinaryXmlWriter& t) {
                            t.open("Event").close_start().open("A").close_start().substitution(0);
                            t.end().end().end_of_fragment();
                          },
                          {{1, wide("v"), {}}});
    xml.end_of_fragment();
  };
  writer.add(1, body);
  const std::size_t first = writer.position() - kChunkRecordsAt;
  writer.add(2, body);
  EXPECT_LT(writer.position() - kChunkRecordsAt, 2 * first);
  EXPECT_EQ(read_last(writer), R"({"Event":{"A":"v"}})");
}

TEST_F(BinaryXmlTest, AnArrayAloneRepeatsItsElement) {
  const auto array = [&](const BinaryXmlWriter::Body& body, const std::string& bytes) {
    return read([&](BinaryXmlWriter& xml) {
      xml.instance("t",
                   [&](BinaryXmlWriter& t) {
                     t.open("Event").close_start();
                     body(t);
                     t.end();
                   },
                   {{0x81, bytes, {}}, {0x88, number(1, 4) + number(2, 4), {}}});
    });
  };
  const auto data = [](BinaryXmlWriter& t) {
    t.open("A", true).attribute("k").text("v").close_start().substitution(0).end();
  };
  const std::string two = wide("x") + number(0, 2) + wide("y") + number(0, 2);
  EXPECT_EQ(array(data, two), R"({"Event":{"A":[{"#attributes":{"k":"v"},"#text":"x"},)"
                              R"({"#attributes":{"k":"v"},"#text":"y"}]}})");
  EXPECT_EQ(array(data, ""), R"({"Event":{"A":{"#attributes":{"k":"v"}}}})");
  EXPECT_EQ(array([](BinaryXmlWriter& t) { t.open("A").close_start().substitution(1).end(); }, ""),
            R"({"Event":{"A":[1,2]}})");
  // Not alone: one text.
  EXPECT_EQ(array(
                [](BinaryXmlWriter& t) {
                  t.open("A").close_start().substitution(0).text("!").end();
                  t.open("B").close_start().text("!").substitution(0).end();
                  t.open("C", true).attribute("k").substitution(0).close_empty();
                },
                two),
            R"({"Event":{"A":"x,y!","B":"!x,y","C":{"#attributes":{"k":"x,y"}}}})");
  EXPECT_EQ(array(data, wide("x") + number(0, 1)),
            R"({"Event":{"A":{"#attributes":{"k":"v"},"#text":"x"}}})");
}

TEST_F(BinaryXmlTest, ReadsFragmentsInValues) {
  const auto event = [](BinaryXmlWriter& t) {
    t.open("Event").close_start().substitution(0, 33).end().end_of_fragment();
  };
  const auto fragment = [](BinaryXmlWriter& xml) {
    xml.header().open("UserData").close_start().open("U").close_start().text("1").end().end();
    xml.end_of_fragment();
  };
  EXPECT_EQ(read([&](BinaryXmlWriter& xml) {
              xml.instance("t", event, {{33, "", fragment}});
            }),
            R"({"Event":{"UserData":{"U":"1"}}})");
  // Not in an attribute.
  const auto attribute = [](BinaryXmlWriter& t) {
    t.open("Event", true).attribute("a").substitution(0, 33).close_empty();
  };
  EXPECT_EQ(read([&](BinaryXmlWriter& xml) {
              xml.instance("t", attribute, {{33, "", fragment}});
            }),
            kMisplaced);
  // It may not close what it did not open, nor leave open.
  const auto closes = [](BinaryXmlWriter& xml) { xml.end(); };
  EXPECT_EQ(read([&](BinaryXmlWriter& xml) {
              xml.instance("t", event, {{33, "", closes}});
            }),
            kUnbalanced);
  const auto leaves = [](BinaryXmlWriter& xml) { xml.open("X").close_start(); };
  EXPECT_EQ(read([&](BinaryXmlWriter& xml) {
              xml.instance("t", event, {{33, "", leaves}});
            }),
            kUnbalanced);
}

TEST_F(BinaryXmlTest, RefusesWhatTheGrammarHasNoPlaceFor) {
  const auto refused = [&](const BinaryXmlWriter::Body& body) { return read(body); };
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.text("top"); }), kMisplaced);
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.attribute("a"); }), kMisplaced);
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.close_start(); }), kMisplaced);
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.end(); }), kUnbalanced);
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.open("E"); }), kUnbalanced);
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.open("E").close_start(); }), kUnbalanced);
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.open("E").end(); }), kMisplaced);
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.open("E").open("F"); }), kMisplaced);
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.open("E").text("t"); }), kMisplaced);
  EXPECT_EQ(
      refused([](BinaryXmlWriter& xml) { xml.open("E").token(0x05).raw("\x08" + number(7, 4)); }),
      kMisplaced);
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.open("E").substitution(0); }), kMisplaced);
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.open("E").token(0x08).raw("ab"); }), kMisplaced);
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.open("E").token(0x09).name("amp"); }),
            kMisplaced);
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) {
              xml.open("E").instance("t", [](BinaryXmlWriter&) {}, {});
            }),
            kMisplaced);
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.token(0x1F); }), "unknown token");
  EXPECT_EQ(refused([](BinaryXmlWriter& xml) { xml.token(0x80); }), "unknown token");
}

TEST_F(BinaryXmlTest, WantsOneElementAtTheTop) {
  EXPECT_EQ(read([](BinaryXmlWriter& xml) { xml.header().end_of_fragment(); }), kNotOne);
  EXPECT_EQ(read([](BinaryXmlWriter& xml) { xml.open("A").close_empty().open("B").close_empty(); }),
            kNotOne);
}

// A record that ends in the middle of anything is refused and nothing behind it is read.
TEST_F(BinaryXmlTest, RefusesWhatEndsInTheMiddle) {
  EvtxChunkWriter writer;
  writer.add(1, tests::windows_event(1, 4688, "Security", {{"a", "1"}, {"b", "2"}}));
  std::string bytes = writer.bytes();
  const std::size_t end = writer.position() - kRecordTrailerBytes;
  std::size_t refused = 0;
  for (std::size_t cut = kChunkRecordsAt + kRecordBodyAt; cut < end; ++cut) {
    std::size_t allowance = 1'000'000;
    const Problem problem =
        xml_.read(bytes, kChunkRecordsAt + kRecordBodyAt, cut, allowance, tree_);
    refused += problem == Problem::kNone ? 0 : 1;
  }
  // The last bytes are the end of the fragment and padding.
  EXPECT_GE(refused + 9, end - kChunkRecordsAt - kRecordBodyAt);
}

TEST_F(BinaryXmlTest, RefusesOffsetsAndSizesBeyondTheChunk) {
  for (const std::uint64_t offset : {65'529ULL, 65'536ULL, 0xFFFFFFFFULL}) {
    EXPECT_EQ(read([&](BinaryXmlWriter& xml) {
                xml.token(0x01).raw(number(0, 6)).raw(number(offset, 4));
              }),
              kBeyond);
    EXPECT_EQ(read([&](BinaryXmlWriter& xml) {
                xml.token(0x0C).raw(number(0, 5)).raw(number(offset, 4)).raw(number(0, 4));
              }),
              kBeyond);
  }
  // A name at the end of the chunk whose letters would be behind it.
  EvtxChunkWriter writer;
  writer.add(
      1, [](BinaryXmlWriter& xml) { xml.token(0x01).raw(number(0, 6)).raw(number(65'528, 4)); });
  writer.end_list();
  writer.raw().resize(kChunkBytes, '\0');
  tests::patch(writer.raw(), 65'534, 1, 2);
  EXPECT_EQ(read_last(writer), kBeyond);
  // A definition that says it is longer than the chunk, or than its record.
  for (const std::uint64_t size : {60'000ULL, 66'000ULL, 0xFFFFFFFFULL}) {
    EXPECT_EQ(read([&](BinaryXmlWriter& xml) {
                xml.token(0x0C).raw(number(0, 5)).raw(number(xml.position() + 4, 4));
                xml.raw(number(0, 20)).raw(number(size, 4)).raw(number(0, 4));
              }),
              kBeyond);
  }
}

TEST_F(BinaryXmlTest, RefusesHugeCounts) {
  const auto values = [&](std::uint64_t count, std::uint64_t size) {
    return read([&](BinaryXmlWriter& xml) {
      xml.token(0x0C).raw(number(0, 5)).raw(number(xml.position() + 4, 4));
      xml.raw(number(0, 20)).raw(number(0, 4));
      xml.raw(number(count, 4)).raw(number(size, 2)).raw(number(1, 2));
    });
  };
  EXPECT_EQ(values(0xFFFFFFFF, 0), kBeyond);
  EXPECT_EQ(values(1000, 0), kBeyond);
  EXPECT_EQ(values(1, 0xFFFF), kBeyond);
  EXPECT_EQ(values(1, 0), kNotOne);
  for (const unsigned token : {0x07U, 0x0BU}) {
    EXPECT_EQ(content([&](BinaryXmlWriter& xml) { xml.token(token).raw(number(0xFFFF, 2)); }),
              kBeyond);
  }
}

TEST_F(BinaryXmlTest, BoundsNames) {
  const auto named = [&](std::size_t length) {
    return content([&](BinaryXmlWriter& xml) { xml.open(std::string(length, 'n')).close_empty(); });
  };
  EXPECT_EQ(named(kMaxNameUnits), "{\"E\":{\"" + std::string(kMaxNameUnits, 'n') + "\":null}}");
  EXPECT_EQ(named(kMaxNameUnits + 1), "a name is too long");
}

TEST_F(BinaryXmlTest, BoundsTheDepthOfElements) {
  const auto nested = [&](std::size_t depth) {
    return read([&](BinaryXmlWriter& xml) {
      for (std::size_t i = 0; i < depth; ++i) xml.open("E").close_start();
      for (std::size_t i = 0; i < depth; ++i) xml.end();
      xml.end_of_fragment();
    });
  };
  EXPECT_EQ(nested(kMaxElementDepth).substr(0, 10), "{\"E\":{\"E\":");
  EXPECT_EQ(nested(kMaxElementDepth + 1), "elements are nested too deep");
}

TEST_F(BinaryXmlTest, BoundsTheNestingOfTemplates) {
  const auto nested = [&](std::size_t depth) {
    return read([&](BinaryXmlWriter& xml) {
      BinaryXmlWriter::Body body = [](BinaryXmlWriter& t) {
        t.open("E").close_empty().end_of_fragment();
      };
      for (std::size_t i = 0; i < depth; ++i) {
        body = [body, i](BinaryXmlWriter& t) {
          t.instance(std::to_string(i), body, {}).end_of_fragment();
        };
      }
      body(xml);
    });
  };
  EXPECT_EQ(nested(kMaxNesting), R"({"E":null})");
  EXPECT_EQ(nested(kMaxNesting + 1), "templates are nested too deep or in a circle");
}

TEST_F(BinaryXmlTest, RefusesATemplateThatHoldsItself) {
  EXPECT_EQ(read([](BinaryXmlWriter& xml) {
              const std::size_t definition = xml.position() + 10;
              xml.token(0x0C).raw(number(0, 5)).raw(number(definition, 4));
              xml.raw(number(0, 20)).raw(number(14, 4));
              xml.token(0x0C).raw(number(0, 5)).raw(number(definition, 4)).raw(number(0, 4));
              xml.raw(number(0, 4));
            }),
            "templates are nested too deep or in a circle");
}

TEST_F(BinaryXmlTest, BoundsTheElementsOfARecord) {
  const auto wide_event = [&](std::size_t count) {
    return content([&](BinaryXmlWriter& xml) {
      for (std::size_t i = 0; i < count; ++i) xml.open("F").close_empty();
    });
  };
  allowance_ = 10'000'000;
  // The root and the tree's own first element count too.
  EXPECT_EQ(wide_event(kMaxElements - 2).substr(0, 17), "{\"E\":{\"F\":[null,n");
  EXPECT_EQ(wide_event(kMaxElements - 1), "too many elements");
  EXPECT_EQ(value(0x84, std::string(kMaxElements + 1, 'x')), "too many elements");
}

TEST_F(BinaryXmlTest, BoundsTheTextOfARecord) {
  const auto repeated = [&](unsigned times) {
    return read([&](BinaryXmlWriter& xml) {
      xml.instance("t",
                   [&](BinaryXmlWriter& t) {
                     t.open("E").close_start();
                     for (unsigned i = 0; i < times; ++i) t.substitution(0);
                     t.end();
                   },
                   {{1, wide(std::string(16 * 1024, 'x')), {}}});
    });
  };
  allowance_ = 10'000'000;
  EXPECT_EQ(repeated(63).size(), 63U * 16 * 1024 + 8);
  EXPECT_EQ(repeated(65), "the record expands too much");
}

// An attribute is written once for every item of the array that its element holds.
TEST_F(BinaryXmlTest, BoundsWhatTheItemsOfAnArrayShare) {
  const auto shared = [&](std::size_t attributes, std::size_t length, std::size_t items) {
    return read([&](BinaryXmlWriter& xml) {
      xml.instance("t",
                   [&](BinaryXmlWriter& t) {
                     t.open("Event").close_start().open("E", true);
                     for (std::size_t i = 0; i < attributes; ++i) {
                       t.attribute("a").text(std::string(length, 'x'));
                     }
                     t.close_start().substitution(0).end().end();
                   },
                   {{0x84, std::string(items, '\x07'), {}}});
    });
  };
  allowance_ = 10'000'000;
  EXPECT_EQ(shared(1, 10'000, 105), "the record expands too much");
  EXPECT_EQ(shared(1, 10'000, 100).size(), 1'003'517U);
  EXPECT_EQ(shared(1500, 1, 100), "the record expands too much");
  // It is spent as well.
  allowance_ = 500'000;
  EXPECT_EQ(shared(1, 10'000, 100), "the records of the chunk expand too much");
}

TEST_F(BinaryXmlTest, SpendsItsAllowance) {
  const auto body = [](BinaryXmlWriter& xml) {
    xml.open("E").close_start().text("0123456789").end().end_of_fragment();
  };
  allowance_ = 5 * kTokenCost + 11;
  EXPECT_EQ(read(body), R"({"E":"0123456789"})");
  EXPECT_EQ(allowance_, 0U);
  allowance_ = 5 * kTokenCost + 10;
  EXPECT_EQ(read(body), "the records of the chunk expand too much");
  allowance_ = 2 * kTokenCost;
  EXPECT_EQ(read(body), "the records of the chunk expand too much");
  allowance_ = 3 * kTokenCost;
  EXPECT_EQ(read([](BinaryXmlWriter& xml) {
              xml.instance(
                  "t", [](BinaryXmlWriter&) {}, std::vector<BinaryXmlWriter::Value>(3));
            }),
            "the records of the chunk expand too much");
}

}  // namespace
}  // namespace catena::evtx
