// SPDX-License-Identifier: Apache-2.0
#include "engine/report/stix_object.h"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "engine/base/display_text.h"

namespace catena::report {
namespace {

using incident::Entity;
using incident::EntityType;

// Chosen once at random, for the objects that Catena makes.
constexpr const char* kCatenaNamespace = "7d1c5b52-3b0e-4c57-9a2e-6d0f2f7f9f41";
// Section 2.9 of the specification.
constexpr const char* kObservableNamespace = "00abedb4-aa42-466c-9c01-fed23315a9b7";
// The producer has no time of its own; ids and times must not depend on a clock.
constexpr std::string_view kProducerTime = "2026-01-01T00:00:00.000Z";

std::string name_uuid(const char* space, std::string_view name) {
  const boost::uuids::uuid root = boost::uuids::string_generator()(space);
  const boost::uuids::name_generator_sha1 generate(root);
  return boost::uuids::to_string(generate(name.data(), name.size()));
}

// An object with one contributing property.
std::string observable(std::string_view type, std::string_view property, std::string_view value,
                       std::string& id) {
  JsonWriter properties;
  properties.begin_object().member(property, value).end_object();
  id = stix_observable_id(type, properties.text());
  JsonWriter json;
  json.begin_object()
      .member("type", type)
      .member("spec_version", "2.1")
      .member("id", id)
      .member(property, value)
      .end_object();
  return json.take();
}

// "host|path" without the host.
std::string_view path_of(std::string_view value) {
  const std::size_t bar = value.find('|');
  return bar == std::string_view::npos ? value : value.substr(bar + 1);
}

}  // namespace

std::string stix_id(std::string_view type, std::string_view name) {
  return std::string(type) + "--" +
         name_uuid(kCatenaNamespace, std::string(type) + "\n" + std::string(name));
}

std::string stix_observable_id(std::string_view type, std::string_view properties) {
  return std::string(type) + "--" + name_uuid(kObservableNamespace, properties);
}

std::string stix_time(Timestamp time) { return format_iso8601(time); }

void begin_stix_object(JsonWriter& json, std::string_view type, const std::string& id,
                       Timestamp created, Timestamp modified) {
  json.begin_object()
      .member("type", type)
      .member("spec_version", "2.1")
      .member("id", id)
      .member("created_by_ref", stix_producer())
      .member("created", stix_time(created))
      .member("modified", stix_time(modified));
}

void write_stix_refs(JsonWriter& json, std::string_view name, const std::vector<std::string>& ids) {
  if (ids.empty()) return;
  json.key(name).begin_array();
  for (const std::string& id : ids) json.string(id);
  json.end_array();
}

const std::string& stix_producer() {
  static const std::string id = stix_id("identity", "catena");
  return id;
}

void write_stix_producer(JsonWriter& json) {
  json.begin_object()
      .member("type", "identity")
      .member("spec_version", "2.1")
      .member("id", stix_producer())
      .member("created_by_ref", stix_producer())
      .member("created", kProducerTime)
      .member("modified", kProducerTime)
      .member("name", "Catena")
      .member("description", "Log-correlation engine that joins Sigma detections into chains.")
      .member("identity_class", "system")
      .end_object();
}

std::string stix_observable(const Entity& entity, std::string& id) {
  switch (entity.type) {
    case EntityType::kIp: {
      const bool six = entity.value.find(':') != std::string::npos;
      return observable(six ? "ipv6-addr" : "ipv4-addr", "value", entity.value, id);
    }
    case EntityType::kDomain:
      return observable("domain-name", "value", printable(entity.value), id);
    case EntityType::kUser:
      return observable("user-account", "account_login", printable(entity.value), id);
    case EntityType::kFile:
      return observable("file", "name", printable(path_of(entity.value)), id);
    case EntityType::kMail:
      // A message id is no address.
      if (entity.value.find('@') == std::string::npos || entity.value.front() == '<') return "";
      return observable("email-addr", "value", printable(entity.value), id);
    default:
      return "";
  }
}

std::string stix_artifact(std::string_view record, std::string& id) {
  const std::string payload = base64(record);
  JsonWriter properties;
  properties.begin_object().member("payload_bin", payload).end_object();
  id = stix_observable_id("artifact", properties.text());
  JsonWriter json;
  json.begin_object()
      .member("type", "artifact")
      .member("spec_version", "2.1")
      .member("id", id)
      .member("mime_type", "text/plain")
      .member("payload_bin", payload)
      .end_object();
  return json.take();
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8U;
      if (i + k < bytes.size()) group |= static_cast<unsigned char>(bytes[i + k]);
    }
    const std::size_t digits = std::min<std::size_t>(bytes.size() - i, 3) + 1;
    for (std::size_t k = 0; k < 4; ++k) {
      out.push_back(k < digits ? kDigits[(group >> (18U - 6U * k)) & 63U] : '=');
    }
  }
  return out;
}

}  // namespace catena::report
