// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/json_writer.h"
#include "engine/event/timestamp.h"
#include "engine/incident/entity.h"

// What STIX 2.1 objects have in common: ids and the required members. Ids are UUIDs of version 5
// (RFC 4122) over content, so that the same chain gives the same bundle and importing it again adds
// nothing. Source: STIX 2.1 (OASIS, 2021), sections 2.9, 3.2 and 6. Thread safety: pure functions.
namespace catena::report {

// "attack-pattern--…": the id of an object that is known by `name` among those of its type.
[[nodiscard]] std::string stix_id(std::string_view type, std::string_view name);

// The same for a cyber-observable object, by the rule of section 2.9: `properties` is the JSON
// object of the type's id contributing properties, in the form of RFC 8785.
[[nodiscard]] std::string stix_observable_id(std::string_view type, std::string_view properties);

// "2026-10-13T08:41:02.624Z"
[[nodiscard]] std::string stix_time(Timestamp time);

// Opens an object with type, spec_version, id, created_by_ref, created and modified.
void begin_stix_object(JsonWriter& json, std::string_view type, const std::string& id,
                       Timestamp created, Timestamp modified);

void write_stix_refs(JsonWriter& json, std::string_view name, const std::vector<std::string>& ids);

// The identity that created everything: this program. Its id is the same everywhere.
[[nodiscard]] const std::string& stix_producer();
void write_stix_producer(JsonWriter& json);

// An entity as a cyber-observable object: address, domain, account or file. "" for an entity that
// STIX has no object for. The object's id goes to `id`.
[[nodiscard]] std::string stix_observable(const incident::Entity& entity, std::string& id);

// A record as received, as an `artifact` object.
[[nodiscard]] std::string stix_artifact(std::string_view record, std::string& id);

// RFC 4648 with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace catena::report
