// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/daemon_config.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace catena::daemon {
namespace {

std::string problem(const std::string& text, const Environment& environment = {}) {
  const auto config = parse_daemon_config(text, "c.yml", environment);
  return config.ok() ? "" : config.status().message();
}

TEST(DaemonConfig, AnEmptyOneIsTheDefaults) {
  const auto config = parse_daemon_config("", "c.yml");
  ASSERT_TRUE(config.ok());
  ASSERT_EQ(config->listeners.size(), 3U);
  EXPECT_EQ(config->listeners[0].address, "127.0.0.1:5514");
  EXPECT_EQ(config->listeners[2].address, "127.0.0.1:8514");
  EXPECT_EQ(config->lateness, 10 * kNanosPerSecond);
}

TEST(DaemonConfig, ReadsWhatIsSaid) {
  const auto config = parse_daemon_config(R"(
state_folder: /srv/catena
rules: [a, b]
lateness: 500ms
journal: {max_size: 1GiB, keep_size: 64MiB}
admin: {socket: ''}
listeners:
  - {name: in, protocol: syslog-tls, address: '0.0.0.0:6514', certificate_file: c.pem, key_file: k.pem, client_names: one}
outputs:
  - {path: '-', chains: false}
)",
                                          "c.yml");
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->state_folder, "/srv/catena");
  EXPECT_EQ(config->rules.size(), 2U);
  EXPECT_EQ(config->lateness, 500 * kNanosPerMilli);
  EXPECT_EQ(config->journal_max_bytes, 1ULL << 30);
  EXPECT_EQ(config->admin_socket, "");
  ASSERT_EQ(config->listeners.size(), 1U);
  EXPECT_EQ(config->listeners[0].client_names, std::vector<std::string>{"one"});
  EXPECT_EQ(config->listeners[0].place, "c.yml:8:5");
  ASSERT_EQ(config->sinks.size(), 1U);
  EXPECT_FALSE(config->sinks[0].chains);
}

TEST(DaemonConfig, EveryProblemIsNamedWithItsPlaceAndTheNearestKey) {
  EXPECT_EQ(problem("lateness: 10\njournal:\n  max_sise: 1GiB\n"),
            "c.yml:1:11: a time such as 500ms, 10s, 5m or 1h is expected\n"
            "c.yml:3:3: unknown key 'max_sise' in journal; did you mean 'max_size'?");
  EXPECT_EQ(problem("zzz: 1\n"), "c.yml:1:1: unknown key 'zzz' in the configuration");
  EXPECT_NE(problem("listeners:\n  - {name: A, protocol: x}\n").find("[a-z0-9_-]"),
            std::string::npos);
  EXPECT_NE(problem("listeners:\n  - {name: a, protocol: x}\n  - {name: a, protocol: x}\n")
                .find("two listeners are named a"),
            std::string::npos);
  EXPECT_NE(problem("journal: {max_size: 1MiB}\n").find("at least 256MiB"), std::string::npos);
  EXPECT_NE(problem("journal: {keep_size: 8GiB}\n").find("at most half"), std::string::npos);
  EXPECT_NE(problem("journal: 3\n").find("journal is a mapping"), std::string::npos);
  EXPECT_NE(problem("outputs: [{path: a}, {path: a}]\n").find("two outputs"), std::string::npos);
  EXPECT_NE(problem("outputs: [{detections: maybe}]\n").find("true or false"), std::string::npos);
  EXPECT_NE(problem("a: 1\n---\nb: 1\n").find("more than one document"), std::string::npos);
}

TEST(DaemonConfig, TheEnvironmentHasTheLastWord) {
  const Environment environment = {
      {"CATENA__JOURNAL__MAX_SIZE", "16GiB"}, {"CATENA__STATE_FOLDER", "/it's"}, {"PATH", "/bin"}};
  const auto config = parse_daemon_config("journal: {max_size: 1GiB}\n", "c.yml", environment);
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->journal_max_bytes, 16ULL << 30);
  EXPECT_EQ(config->state_folder, "/it's");
  EXPECT_EQ(problem("", {{"CATENA__JOURNAL__MAX_SISE", "1GiB"}}),
            "environment CATENA__JOURNAL__MAX_SISE:2:3: unknown key 'max_sise' in journal; did you "
            "mean 'max_size'?");
}

TEST(DaemonConfig, FilesOfTheFolderComeAfterTheMainOne) {
  const tests::ScratchFolder scratch;
  std::filesystem::create_directory(scratch.inside("conf.d"));
  std::ofstream(scratch.inside("c.yml")) << "lateness: 1s\njournal: {keep_size: 1MiB}\n";
  std::ofstream(scratch.inside("conf.d/20.yml")) << "lateness: 3s\n";
  std::ofstream(scratch.inside("conf.d/10.yaml")) << "lateness: 2s\njournal: {max_size: 1GiB}\n";
  std::ofstream(scratch.inside("conf.d/note.txt")) << "no: yaml\n";
  const auto config = load_daemon_config(scratch.inside("c.yml"), {});
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->lateness, 3 * kNanosPerSecond);
  EXPECT_EQ(config->journal_keep_bytes, 1ULL << 20);
  EXPECT_EQ(config->journal_max_bytes, 1ULL << 30);
  EXPECT_EQ(load_daemon_config(scratch.inside("none.yml"), {}).status().code(),
            StatusCode::kNotFound);
}

TEST(DaemonConfig, SizesAndTimes) {
  EXPECT_EQ(parse_size("64KiB"), 65'536U);
  EXPECT_EQ(parse_size("10"), 10U);
  EXPECT_FALSE(parse_size("10 KiB"));
  EXPECT_FALSE(parse_size("-1"));
  EXPECT_FALSE(parse_size("99999999999TiB"));
  EXPECT_FALSE(parse_size(""));
  EXPECT_EQ(parse_duration("2h"), 2 * kNanosPerHour);
  EXPECT_FALSE(parse_duration("2"));
  EXPECT_FALSE(parse_duration("99999999999999h"));
}

// The file that is shipped says what is built in.
TEST(DaemonConfig, TheShippedFileIsTheDefaults) {
  const auto shipped =
      load_daemon_config(std::string(CATENA_SOURCE_DIR) + "/deploy/config/catena.yml", {});
  ASSERT_TRUE(shipped.ok()) << shipped.status().message();
  const DaemonConfig built_in;
  EXPECT_EQ(shipped->state_folder, built_in.state_folder);
  EXPECT_EQ(shipped->lateness, built_in.lateness);
  EXPECT_EQ(shipped->journal_max_bytes, built_in.journal_max_bytes);
  EXPECT_EQ(shipped->journal_keep_bytes, built_in.journal_keep_bytes);
  EXPECT_EQ(shipped->dead_letter_max_bytes, built_in.dead_letter_max_bytes);
  EXPECT_EQ(shipped->stop_timeout, built_in.stop_timeout);
  EXPECT_EQ(shipped->admin_socket, built_in.admin_socket);
  ASSERT_EQ(shipped->listeners.size(), built_in.listeners.size());
  for (std::size_t i = 0; i < built_in.listeners.size(); ++i) {
    EXPECT_EQ(shipped->listeners[i].protocol, built_in.listeners[i].protocol);
    EXPECT_EQ(shipped->listeners[i].address, built_in.listeners[i].address);
  }
  ASSERT_EQ(shipped->sinks.size(), 1U);
  EXPECT_EQ(shipped->sinks[0].path, built_in.sinks[0].path);
}

}  // namespace
}  // namespace catena::daemon
