// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "engine/incident/entity.h"

// Hubs: entities that everything on a host or in a network shares (SYSTEM, loopback, services.exe).
// They are shown, but nothing joins through them. These are the static ones; entities that turn out
// to be everywhere are found by the chain builder.
// Thread safety: pure functions. Values are canonical (see entity_extractor.h).
namespace catena::incident {

[[nodiscard]] bool is_static_hub(const Entity& entity) noexcept;

// Processes that start everything else: a process tree ends below them. `image` is a path or a file
// name, any case.
[[nodiscard]] bool is_root_image(std::string_view image) noexcept;

}  // namespace catena::incident
