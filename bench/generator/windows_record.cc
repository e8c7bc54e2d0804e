// SPDX-License-Identifier: Apache-2.0
#include "bench/generator/windows_record.h"

#include <algorithm>

#include "engine/base/json_writer.h"

namespace catena::generator {
namespace {

// What stands in for the long explanations below the values of Security events.
constexpr std::string_view kExplanation =
    "This event tells who asked, on whose behalf, from where and with which result. The subject is "
    "the account that made the request, most often a service or a program of the local computer. "
    "The numbers in hexadecimal are identifiers of a logon session or a process on this computer; "
    "they tie this event to the others of the same session until the computer starts anew. A "
    "dash means that the value is not known or does not apply. The network values tell where a "
    "remote request came from; the name of the computer is not always known and may be empty. The "
    "type and the level say how the request was made and whether the caller held more rights than "
    "an ordinary user. ";

void append_json(std::string& out, std::string_view key, std::string_view value) {
  append_json_string(out, key);
  out += ':';
  append_json_string(out, value);
  out += ',';
}

// Repeats the explanation up to `bytes`.
std::string filler(std::size_t bytes) {
  std::string text;
  text.reserve(bytes);
  while (text.size() < bytes) {
    text += kExplanation.substr(0, std::min(kExplanation.size(), bytes - text.size()));
  }
  return text;
}

}  // namespace

std::string utc_time(Timestamp time) {
  std::string text = format_iso8601(time);
  text[10] = ' ';
  text.pop_back();
  return text;
}

WindowsRecord& WindowsRecord::add(std::string_view name, std::string_view value, Need need) {
  values_.push_back({name, std::string(value), need});
  return *this;
}

std::string WindowsRecord::message() const {
  std::string text(kind_.headline);
  for (const Value& value : values_) {
    text += kind_.explains_itself ? "\r\n\t" : "\r\n";
    text += value.name;
    text += kind_.explains_itself ? ":\t\t" : ": ";
    text += value.value;
  }
  if (kind_.explains_itself) {
    text += "\r\n\r\n";
    text += kExplanation;
  }
  return text;
}

void WindowsRecord::write_flat(Need least, const std::string& message, std::string& out) const {
  const std::string time = format_iso8601(time_);
  out += '{';
  if (least == Need::kDetail) {
    append_json(out, "SourceName", kind_.provider);
    append_json(out, "ProviderGuid", kind_.provider_guid);
    append_json(out, "Level", kind_.explains_itself ? "0" : "4");
    append_json(out, "Keywords", kind_.keywords);
  }
  append_json(out, "Channel", kind_.channel);
  append_json(out, "Hostname", host_);
  append_json(out, "TimeCreated", time);
  if (least == Need::kDetail) append_json(out, "@timestamp", time);
  out += "\"EventID\":" + std::to_string(kind_.event_id) + ",";
  if (!message.empty()) append_json(out, "Message", message);
  if (least == Need::kDetail) append_json(out, "Task", std::to_string(kind_.event_id));
  for (const Value& value : values_) {
    if (value.need <= least) append_json(out, value.name, value.value);
  }
  out.back() = '}';
}

void WindowsRecord::write_winlogbeat(Need least, const std::string& message,
                                     std::string& out) const {
  const std::string time = format_iso8601(time_);
  const std::string number = std::to_string(kind_.event_id);
  out += '{';
  append_json(out, "@timestamp", time);
  if (least == Need::kDetail) {
    out += R"("agent":{"type":"winlogbeat","version":"8.13.2"},"ecs":{"version":"8.0.0"},)";
    out += R"("log":{"level":"information"},"event":{"kind":"event","code":")" + number + "\",";
    append_json(out, "provider", kind_.provider);
    append_json(out, "created", time);
    out.back() = '}';
    out += R"(,"host":{)";
    append_json(out, "name", host_);
    out.back() = '}';
    out += ',';
  }
  if (!message.empty()) append_json(out, "message", message);
  out += R"("winlog":{)";
  append_json(out, "channel", kind_.channel);
  append_json(out, "event_id", number);
  append_json(out, "computer_name", host_);
  if (least == Need::kDetail) {
    append_json(out, "provider_name", kind_.provider);
    append_json(out, "provider_guid", kind_.provider_guid);
    append_json(out, "api", "wineventlog");
  }
  out += R"("event_data":{)";
  bool any = false;
  for (const Value& value : values_) {
    if (value.need > least) continue;
    append_json(out, value.name, value.value);
    any = true;
  }
  if (any) out.pop_back();
  out += "}}}";
}

std::string WindowsRecord::text(WindowsShape shape, Need least, const std::string& message) const {
  std::string out;
  if (shape == WindowsShape::kFlat) {
    write_flat(least, message, out);
  } else {
    write_winlogbeat(least, message, out);
  }
  return out;
}

void WindowsRecord::write(WindowsShape shape, std::size_t wanted_bytes, std::string& out) const {
  if (wanted_bytes == 0) {
    out += text(shape, Need::kDetail, message()) + "\n";
    return;
  }
  std::string line = text(shape, Need::kDetail, "");
  if (line.size() > wanted_bytes) line = text(shape, Need::kEssential, "");
  constexpr std::size_t kMessageKeyBytes = 13;  // "Message":"",
  if (line.size() + kMessageKeyBytes + kExplanation.size() / 8 < wanted_bytes) {
    const std::size_t room = wanted_bytes - line.size() - kMessageKeyBytes;
    std::string real = message();
    std::string escaped;
    append_json_string(escaped, real);
    // The real message when it fits, made longer by plain text; otherwise plain text alone.
    if (escaped.size() > room) {
      real = filler(room);
    } else {
      real += filler(room - escaped.size());
    }
    const Need least =
        text(shape, Need::kDetail, "").size() <= wanted_bytes ? Need::kDetail : Need::kEssential;
    line = text(shape, least, real);
  }
  out += line + "\n";
}

}  // namespace catena::generator
