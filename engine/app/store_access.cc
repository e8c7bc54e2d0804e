// SPDX-License-Identifier: Apache-2.0
#include "engine/app/store_access.h"

#include "engine/pipeline/memory_incident_store.h"
#include "storage/incidents/rocks_incident_store.h"

namespace catena::app {

Result<std::unique_ptr<pipeline::IncidentStore>> open_store(const std::string& folder,
                                                            StoreMode mode) {
  std::unique_ptr<pipeline::IncidentStore> store;
  if (folder.empty()) {
    store = std::make_unique<pipeline::MemoryIncidentStore>();
    return store;
  }
  storage::IncidentStoreOptions options;
  options.path = folder;
  options.read_only = mode == StoreMode::kRead;
  options.create_if_missing = mode == StoreMode::kWrite;
  ASSIGN_OR_RETURN(store, storage::RocksIncidentStore::open(options));
  return store;
}

}  // namespace catena::app
