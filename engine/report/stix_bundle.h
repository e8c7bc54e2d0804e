// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/report/story.h"

// A story as a STIX 2.1 bundle: an incident, its hosts as identities, an attack pattern for each
// technique, observed data for each line with addresses, domains, accounts, files and the first
// record, sightings that say which technique was seen where, a note with the reason for each join,
// and one grouping around everything. Ids are made of content (stix_object.h); created and modified
// are the chain's first and last event times. Source: STIX 2.1 (OASIS, 2021). Thread safety: pure
// function. Cost: O(steps * entities).
namespace catena::report {

[[nodiscard]] std::string stix_bundle(const StoryView& view);

// "Incident 35af8aeb0a76 (critical): 57 detections on 7 hosts"; also what other formats say.
[[nodiscard]] std::string incident_title(const StoryView& view);

// Phases in the order of the frameworks, with their times, as one paragraph.
[[nodiscard]] std::string incident_summary(const StoryView& view);

}  // namespace catena::report
