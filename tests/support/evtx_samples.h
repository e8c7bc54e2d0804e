// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/evtx_writer.h"

// Event log files as seeds of tests/fuzz/evtx_chunk_fuzz.cc: name and bytes. The first byte tells
// chunks (even) from a file (odd). Chunks are cut behind their records, to be small.
namespace catena::tests {

using EvtxSample = std::pair<std::string, std::string>;

inline EvtxSample chunk_sample(const std::string& name, const EvtxChunkWriter& writer) {
  return {name, std::string(1, '\0') + writer.bytes(/*cut=*/true)};
}

inline EvtxSample record_sample(const std::string& name, const BinaryXmlWriter::Body& body) {
  EvtxChunkWriter writer;
  writer.add(1, body);
  return chunk_sample(name, writer);
}

// One value of every type, alone and as an array.
inline BinaryXmlWriter::Body every_type() {
  std::vector<BinaryXmlWriter::Value> values;
  const std::string sid{"\x01\x02\0\0\0\0\0\x05\x20\0\0\0\x20\x02\0\0", 16};
  for (unsigned type = 0; type <= 0x15; ++type) {
    const std::size_t fixed = evtx::fixed_size(static_cast<evtx::ValueType>(type));
    std::string bytes = type == 0x13 ? sid : type == 0x10 ? number(1, 8) : wide("text");
    if (fixed != 0) bytes = std::string(fixed, static_cast<char>(type));
    values.push_back({type, bytes, {}});
    values.push_back({type | 0x80U, bytes + bytes, {}});
  }
  const auto count = static_cast<unsigned>(values.size());
  const auto event = [count](BinaryXmlWriter& xml) {
    xml.header().open("Event").close_start().open("EventData").close_start();
    for (unsigned i = 0; i < count; ++i) {
      // Arrays of what cannot be told apart are refused; they are left out.
      if (i == 0x01 || i == 0x1D || i == 0x21) continue;
      xml.open("Data", true).attribute("Name").text("v" + std::to_string(i)).close_start();
      xml.substitution(i).end();
    }
    xml.end().end().end_of_fragment();
  };
  return [=](BinaryXmlWriter& xml) { xml.header().instance("t", event, values).end_of_fragment(); };
}

inline std::vector<EvtxSample> evtx_samples() {
  std::vector<EvtxSample> samples;
  EvtxChunkWriter log;
  log.add(1, windows_event(1, 4688, "Security", {{"NewProcessName", "C:\\x.exe"}, {"Id", "7"}}));
  log.add(2, windows_event(2, 4688, "Security", {{"NewProcessName", "C:\\y.exe"}, {"Id", "8"}}));
  log.add(3, windows_event(3, 7036, "System", {{"", "unnamed"}, {"", "two"}}));
  samples.push_back(chunk_sample("log", log));
  samples.emplace_back("file", "\x01" + evtx_file({log.bytes(/*cut=*/true)}));
  log.end_list();
  log.add(4, windows_event(4, 1, "Late", {}));
  log.add(2, windows_event(2, 1, "Old", {}));
  samples.push_back(chunk_sample("late-and-old", log));
  log.raw()[600] = 'x';
  samples.push_back(chunk_sample("damaged", log));
  samples.push_back(record_sample("every-type", every_type()));
  samples.push_back(record_sample("every-token", [](BinaryXmlWriter& xml) {
    xml.header().open("E", true).attribute("a").text("1").attribute("b").close_start();
    xml.text("t").text("c", 0x07).token(0x08).raw(number('x', 2)).token(0x09).name("amp");
    xml.token(0x0A).name("target").text("words", 0x0B).open("F").close_empty();
    xml.token(0x05).raw("\x08" + number(7, 4)).end().end_of_fragment();
  }));
  samples.push_back(record_sample("template-in-itself", [](BinaryXmlWriter& xml) {
    const std::size_t definition = xml.position() + 10;
    xml.token(0x0C).raw(number(0, 5)).raw(number(definition, 4)).raw(number(0, 20));
    xml.raw(number(14, 4)).token(0x0C).raw(number(0, 5)).raw(number(definition, 4));
    xml.raw(number(0, 4)).raw(number(0, 4));
  }));
  samples.push_back(record_sample("user-data", [](BinaryXmlWriter& xml) {
    const auto fragment = [](BinaryXmlWriter& inner) {
      inner.header().open("UserData").close_start().open("U").close_start().text("1");
      inner.end().end().end_of_fragment();
    };
    const auto event = [](BinaryXmlWriter& t) {
      t.open("Event").close_start().substitution(0, 33).end().end_of_fragment();
    };
    xml.header().instance("t", event, {{33, "", fragment}}).end_of_fragment();
  }));
  return samples;
}

// The file of tests/behaviour/shapes-windows-evtx: good records and one with a wrong token.
inline std::string behaviour_log() {
  EvtxChunkWriter log;
  log.add(1, windows_event(1, 4688, "Security",
                           {{"NewProcessId", "0x1f4"},
                            {"NewProcessName", "C:\\Windows\\System32\\cmd.exe"},
                            {"ParentProcessName", "C:\\Windows\\explorer.exe"},
                            {"CommandLine", "cmd.exe /c shape-marker \"\xE9\""}}));
  const std::vector<EvtxField> logon{
      {"TargetUserName", "ana.silva"}, {"LogonType", "3"}, {"IpAddress", "10.20.5.31"}};
  log.add(2, windows_event(2, 4624, "Security", logon));
  log.add(3, windows_event(3, 1000, "Application", {{"", "shop.exe"}, {"", "faulting module"}}));
  log.add(4, windows_event(4, 4688, "Security", {{"NewProcessName", "C:\\shop.exe"}}));
  log.add(5, [](BinaryXmlWriter& xml) { xml.header().open("Event").close_start().token(0x1F); });
  log.add(6, windows_event(6, 4624, "Security", logon));
  return evtx_file({log.bytes(/*cut=*/true)}, evtx::kFileIsDirty);
}

}  // namespace catena::tests
