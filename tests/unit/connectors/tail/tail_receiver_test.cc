// SPDX-License-Identifier: Apache-2.0
#include "connectors/tail/tail_receiver.h"

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/memory_port.h"
#include "tests/support/scratch_folder.h"

namespace catena::tail {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

struct Tailed {
  [[nodiscard]] TailOptions options() const {
    TailOptions wanted;
    wanted.name = "files";
    wanted.paths = {folder.inside("a.log"), folder.inside("b with blanks.log")};
    wanted.state_file = folder.inside("positions");
    wanted.interval = 5ms;
    return wanted;
  }
  void write(std::size_t which, const std::string& text) const {
    std::ofstream(options().paths[which], std::ios::app) << text;
  }

  tests::ScratchFolder folder;
  tests::MemoryPort port;
};

TEST(TailReceiver, OffersLinesAndGoesOnInAnotherLife) {
  Tailed tailed;
  tailed.write(0, "one\n");
  {
    TailReceiver receiver(tailed.options(), tailed.port);
    ASSERT_TRUE(receiver.start().ok());
    ASSERT_TRUE(tailed.port.wait_for_records(1));
    tailed.write(1, "two\n");
    ASSERT_TRUE(tailed.port.wait_for_records(2));
    receiver.stop();
  }
  tailed.write(0, "three\n");
  TailReceiver receiver(tailed.options(), tailed.port);
  ASSERT_TRUE(receiver.start().ok());
  ASSERT_TRUE(tailed.port.wait_for_records(3));
  receiver.stop();
  EXPECT_EQ(tailed.port.texts(), (Texts{"one", "two", "three"}));
  EXPECT_EQ(tailed.port.records()[0].peer, tailed.options().paths[0]);
}

TEST(TailReceiver, OffersAgainWhatWasNotTaken) {
  Tailed tailed;
  tailed.port.script({pipeline::Outcome::kOverloaded, pipeline::Outcome::kFailed});
  tailed.write(0, "one\n");
  TailReceiver receiver(tailed.options(), tailed.port);
  ASSERT_TRUE(receiver.start().ok());
  ASSERT_TRUE(tailed.port.wait_for_records(1));
  receiver.stop();
  EXPECT_EQ(tailed.port.texts(), Texts{"one"});
}

TEST(TailReceiver, EndsWhileAnAnswerIsOpen) {
  Tailed tailed;
  tailed.port.withhold();
  tailed.write(0, "one\n");
  TailReceiver receiver(tailed.options(), tailed.port);
  ASSERT_TRUE(receiver.start().ok());
  ASSERT_TRUE(tailed.port.wait_for_offers(1));
  receiver.stop();
  tailed.port.release();  // nobody is there any more
}

TEST(TailReceiver, RefusesAStateFileThatIsNone) {
  Tailed tailed;
  for (const char* text :
       {"something else\n", "catena tail 1\n1 2\n", "catena tail 1\n1 x 3 /a\n"}) {
    std::ofstream(tailed.options().state_file) << text;
    TailReceiver receiver(tailed.options(), tailed.port);
    EXPECT_EQ(receiver.start().code(), StatusCode::kCorrupt) << text;
  }
  TailOptions options = tailed.options();
  options.state_file = tailed.folder.inside("nowhere/positions");
  EXPECT_EQ(TailReceiver(options, tailed.port).start().code(), StatusCode::kIo);
}

}  // namespace
}  // namespace catena::tail
