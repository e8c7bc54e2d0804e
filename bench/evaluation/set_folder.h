// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

// SetFolder finds the files of labelled sets below one folder. A set is a file, a folder, or an
// archive: .zip and tar archives are unpacked by `unzip` and `tar` into a folder of their own,
// once; of a damaged archive what can be read is taken. It reads no log itself.
// Thread safety: none. Errors: kIoError when nothing of an archive could be unpacked.
namespace catena::evaluation {

class SetFolder {
 public:
  // Archives are unpacked below `work`, which is made when missing; what an earlier run unpacked
  // there is used again.
  SetFolder(std::string folder, std::string work)
      : folder_(std::move(folder)), work_(std::move(work)) {}

  // The log files of the set of this name, sorted; none when there is no such set.
  [[nodiscard]] Result<std::vector<std::string>> files(const std::string& set) const;

 private:
  std::string folder_;
  std::string work_;
};

}  // namespace catena::evaluation
