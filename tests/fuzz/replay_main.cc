// SPDX-License-Identifier: Apache-2.0
// Stands in for libFuzzer where the compiler has none: feeds every file named on the command
// line, or found below a folder named there, to the fuzz target once. Finds nothing new.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

bool replay(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    std::fprintf(stderr, "replay: cannot read %s\n", path.c_str());
    return false;
  }
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  // Printed before the call: after a crash the last line names the input.
  std::printf("replay: %s (%zu bytes)\n", path.c_str(), bytes.size());
  std::fflush(stdout);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  bool all_read = true;
  std::size_t count = 0;
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path path = argv[i];
    if (argv[i][0] == '-') {  // an option meant for libFuzzer
      continue;
    }
    if (!std::filesystem::is_directory(path)) {
      all_read = replay(path) && all_read;
      ++count;
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) {
        all_read = replay(entry.path()) && all_read;
        ++count;
      }
    }
  }
  std::printf("replay: %zu inputs\n", count);
  return all_read && count > 0 ? 0 : 1;
}
