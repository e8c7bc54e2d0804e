// SPDX-License-Identifier: Apache-2.0
// event_dump FILES…
// Prints what the decoder makes of log files, one JSON line an event or dead letter:
// {"file","line","offset","log_source","time","flags","fields":[[name,text]…],"raw"} or
// {"file","line","offset","reason","detail"}. For tests that compare readers.
#include <cstdio>
#include <string>

#include "connectors/codec/decoder.h"
#include "connectors/evtx/batch_decoder.h"
#include "connectors/file/file_source.h"
#include "engine/app/content.h"
#include "engine/app/scan_report.h"
#include "engine/base/json_writer.h"

namespace {

using namespace catena;

void begin_line(JsonWriter& json, const std::string& file, const EventOrigin& origin) {
  json.begin_object().member("file", file);
  json.key("line").unsigned_integer(origin.line).key("offset").unsigned_integer(origin.offset);
}

void print(JsonWriter& json) {
  json.end_object();
  std::puts(json.take().c_str());
}

void print_event(const app::Content& content, const std::string& file, Event& event, Arena& arena) {
  make_plain(event, arena);
  JsonWriter json;
  begin_line(json, file, event.origin);
  const LogSource& log_source = content.mapping->log_sources().get(event.log_source);
  json.member("log_source", app::log_source_name(log_source));
  json.member("time", format_iso8601(event.time)).key("flags").unsigned_integer(event.flags);
  json.key("fields").begin_array();
  for (const Field& field : event.fields) {
    const bool known = field.id != kUnknownField;
    json.begin_array().string(known ? content.fields.name(field.id) : "").string(field.text);
    json.end_array();
  }
  json.end_array().member("raw", event.raw);
  print(json);
}

bool dump(const app::Content& content, const std::string& file) {
  auto source = file::FileSource::open(file, 0);
  if (!source.ok()) return false;
  codec::Decoder lines(*content.mapping, content.fields);
  evtx::BatchDecoder decoder(lines);
  EventBatch batch;
  while (true) {
    const auto more = (*source)->next(batch);
    if (!more.ok()) return false;
    if (!*more) return true;
    decoder.decode(batch);
    for (Event& event : batch.events) print_event(content, file, event, batch.arena);
    for (const DeadLetter& letter : batch.dead_letters) {
      JsonWriter json;
      begin_line(json, file, letter.origin);
      json.member("reason", dead_letter_reason_name(letter.reason));
      json.member("detail", letter.detail);
      print(json);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto content = app::Content::load({});
  if (!content.ok()) {
    std::fprintf(stderr, "%s\n", content.status().to_string().c_str());
    return 2;
  }
  bool ok = true;
  for (int i = 1; i < argc; ++i) ok = dump(**content, argv[i]) && ok;
  return ok ? 0 : 1;
}
