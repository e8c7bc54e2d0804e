// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/pipeline/incident_store.h"

// Opens the store that a command works on. Errors are one line that names the folder.
namespace catena::app {

enum class StoreMode : std::uint8_t {
  kWrite,  // created when missing; "" gives a store in memory that ends with the program
  kRead,   // must exist
};

Result<std::unique_ptr<pipeline::IncidentStore>> open_store(const std::string& folder,
                                                            StoreMode mode);

}  // namespace catena::app
