// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/memory_incident_store.h"

#include "tests/support/incident_store_contract.h"

namespace catena::tests {
namespace {

class MemoryWorld {
 public:
  pipeline::IncidentStore& store() { return store_; }
  void reopen() {}  // memory has nothing to open again

 private:
  pipeline::MemoryIncidentStore store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, IncidentStoreContract, MemoryWorld);

}  // namespace
}  // namespace catena::tests
