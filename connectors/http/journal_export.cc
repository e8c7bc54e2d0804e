// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/journal_export.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "engine/base/json_writer.h"

namespace catena::http {

namespace {

struct Field {
  std::string_view name;
  std::string_view value;
};

// "NAME=text\n", or "NAME\n", eight bytes of length, little endian, that many bytes, "\n".
bool read_field(std::string_view& rest, Field& field) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return false;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  const std::size_t equals = line.find('=');
  if (equals != std::string_view::npos) {
    field = {line.substr(0, equals), line.substr(equals + 1)};
    return !field.name.empty();
  }
  field.name = line;
  if (rest.size() < 8) return false;
  std::uint64_t size = 0;
  for (unsigned i = 0; i < 8; ++i) {
    size |= std::uint64_t{static_cast<unsigned char>(rest[i])} << (8 * i);
  }
  rest.remove_prefix(8);
  if (size >= rest.size() || rest[static_cast<std::size_t>(size)] != '\n') return false;
  field.value = rest.substr(0, static_cast<std::size_t>(size));
  rest.remove_prefix(static_cast<std::size_t>(size) + 1);
  return true;
}

// One entry up to its blank line. False when it breaks the format.
bool read_entry(std::string_view& rest, std::string& record, std::size_t& fields) {
  record = "{";
  fields = 0;
  while (!rest.empty()) {
    if (rest.front() == '\n') {
      rest.remove_prefix(1);
      break;
    }
    Field field;
    if (!read_field(rest, field)) return false;
    if (++fields > kMaxJournalFields) continue;
    if (fields > 1) record += ',';
    append_json_string(record, field.name);
    record += ':';
    append_json_string(record, field.value);
  }
  record += '}';
  return true;
}

}  // namespace

Status read_journal_export(std::string_view body, std::vector<net::RecordBuffer>& offers) {
  std::string record;
  std::size_t fields = 0;
  const std::size_t size = body.size();
  while (!body.empty()) {
    if (!read_entry(body, record, fields)) {
      return invalid_input("journal export format: broken field before byte " +
                           std::to_string(size - body.size()));
    }
    if (fields == 0) continue;
    net::RecordBuffer& buffer = buffer_with_room(offers);
    if (fields > kMaxJournalFields) {
      buffer.append_refused(record, DeadLetterReason::kTooManyFields);
    } else {
      buffer.append(record);
    }
  }
  return ok_status();
}

Response journal_refusal(net::Verdict verdict, std::string_view detail) {
  const net::Reply& reply = reply_for(net::Protocol::kJournal, verdict);
  std::string body(reply.text);
  if (!detail.empty()) body = std::string(detail) + "\n";
  Response response{
      reply.status, "text/plain", std::move(body), {}, reply.action == net::Action::kErrorClose};
  if (reply.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Intake take_journal(const Request& request) {
  if (request.method != "POST") {
    return answer_at_once({405, "text/plain", "use POST\n", {{"Allow", "POST"}}, false});
  }
  Intake intake;
  const Status status = read_journal_export(request.body, intake.offers);
  intake.answer = [status](net::Verdict verdict) {
    if (verdict != net::Verdict::kAccepted) return journal_refusal(verdict, "");
    // Entries before the break are durable; the sender must hear that not all of it is.
    if (!status.ok()) return Response{400, "text/plain", status.message() + "\n", {}, false};
    return journal_refusal(verdict, "");
  };
  return intake;
}

}  // namespace catena::http
