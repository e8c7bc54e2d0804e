// SPDX-License-Identifier: Apache-2.0
// An audit record inside a JSON document looked for its siblings in the lines behind the last line
// of text, which may have been in a batch that is gone. It has none.
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "connectors/codec/decoder.h"
#include "engine/app/content.h"
#include "engine/event/event_batch.h"

namespace catena {
namespace {

TEST(EmbeddedRecord, DoesNotReadAnEarlierBatch) {
  const auto content = app::Content::load({});
  ASSERT_TRUE(content.ok());
  codec::Decoder decoder(*(*content)->mapping, (*content)->fields);
  const auto decode = [&](const std::string& bytes) {
    auto batch = std::make_unique<EventBatch>();
    batch->bytes = bytes + std::string(EventBatch::kPadding, '\0');
    batch->size = bytes.size();
    decoder.decode(*batch);
    return batch->events.size();
  };
  const std::string audit = "type=EXECVE msg=audit(1.0:1): argc=1 a0=\\\"x\\\"";
  EXPECT_EQ(decode("a line\n" + std::string(100'000, 'y') + "\n"), 2U);
  EXPECT_EQ(decode("{\"MESSAGE\":\"" + audit + "\",\"_COMM\":\"x\"}\n"), 1U);
}

}  // namespace
}  // namespace catena
