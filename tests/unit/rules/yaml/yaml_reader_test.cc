// SPDX-License-Identifier: Apache-2.0
#include "rules/yaml/yaml_reader.h"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace catena::yaml {
namespace {

std::string message_of(std::string_view text, const YamlLimits& limits = {}) {
  const auto result = read_yaml(text, "f.yml", limits);
  return result.ok() ? "ok" : result.status().message();
}

StatusCode code_of(std::string_view text, const YamlLimits& limits = {}) {
  const auto result = read_yaml(text, "f.yml", limits);
  return result.ok() ? StatusCode::kOk : result.status().code();
}

YamlNode root_of(std::string_view text) {
  const auto result = read_yaml(text, "f.yml");
  EXPECT_TRUE(result.ok()) << result.status().message();
  if (!result.ok() || result->empty()) return {};
  return (*result)[0].root;
}

std::string repeated(std::string_view part, std::size_t count) {
  std::string text;
  text.reserve(part.size() * count);
  for (std::size_t i = 0; i < count; ++i) text += part;
  return text;
}

TEST(YamlReader, KeepsTextsKindsAndPlaces) {
  const YamlNode root =
      root_of("title: 'A b'\nlist:\n  - 1\n  - \"x\\ty\"\nmap: {k: ~, b: true}\n");
  ASSERT_TRUE(root.is_mapping());
  ASSERT_EQ(root.entries().size(), 3u);
  const YamlNode* title = root.find("title");
  ASSERT_NE(title, nullptr);
  EXPECT_EQ(title->text(), "A b");
  EXPECT_FALSE(title->is_plain());
  EXPECT_EQ(title->line(), 1u);
  EXPECT_EQ(title->column(), 8u);
  const YamlNode* list = root.find("list");
  ASSERT_TRUE(list->is_sequence());
  EXPECT_EQ(list->items()[0].as_integer(), 1);
  EXPECT_TRUE(list->items()[0].is_number());
  EXPECT_EQ(list->items()[1].text(), "x\ty");
  EXPECT_EQ(list->items()[1].line(), 4u);
  EXPECT_EQ(list->items()[1].column(), 5u);
  EXPECT_TRUE(root.find("map")->find("k")->is_null());
  EXPECT_EQ(root.find("map")->find("b")->as_bool(), true);
  EXPECT_EQ(root.find("absent"), nullptr);
}

TEST(YamlReader, ScalarsStayAsWritten) {
  const YamlNode root = root_of("- 0x10\n- 010\n- yes\n- 12:30\n- '1'\n- 1e3\n- !!str 5\n- .inf\n");
  const auto& items = root.items();
  EXPECT_EQ(items[0].text(), "0x10");
  EXPECT_FALSE(items[0].is_number());
  EXPECT_EQ(items[1].text(), "010");
  EXPECT_EQ(items[2].as_bool(), std::nullopt);
  EXPECT_EQ(items[3].text(), "12:30");
  EXPECT_FALSE(items[4].is_number());
  EXPECT_TRUE(items[5].is_number());
  EXPECT_EQ(items[5].as_integer(), std::nullopt);
  EXPECT_FALSE(items[6].is_number());
  EXPECT_FALSE(items[7].is_number());
}

TEST(YamlReader, ReadsSeveralDocumentsAndEmptyOnes) {
  auto result = read_yaml("a: 1\n---\nb: 2\n---\n# nothing\n", "f.yml");
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->size(), 3u);
  EXPECT_EQ((*result)[1].line, 3u);
  EXPECT_EQ((*result)[1].file, "f.yml");
  EXPECT_TRUE((*result)[2].root.is_null());
  EXPECT_TRUE(read_yaml("", "f.yml")->empty());
  EXPECT_TRUE(read_yaml("# only a comment\n", "f.yml")->empty());
}

TEST(YamlReader, AcceptsAByteOrderMark) {
  const YamlNode root = root_of("\xEF\xBB\xBFtitle: x\n");
  ASSERT_NE(root.find("title"), nullptr);
  EXPECT_EQ(root.entries()[0].key.column(), 1u);
}

TEST(YamlReader, CountsColumnsInCharacters) {
  const YamlNode root = root_of("{\u00e4\u00e4: x}");
  EXPECT_EQ(root.entries()[0].value.column(), 6u);
}

struct Refusal {
  const char* name;
  std::string text;
  StatusCode code;
  std::string message;
};

TEST(YamlReader, RefusesWithPlaceAndReason) {
  const Refusal refusals[] = {
      {"alias", "a: &x 1\nb: *x\n", StatusCode::kUnsupported,
       "f.yml:1:4: anchors are not supported"},
      {"alias without anchor", "a: *x\n", StatusCode::kUnsupported,
       "f.yml:1:4: aliases are not supported"},
      {"anchored map", "a: &x {b: 1}\n", StatusCode::kUnsupported,
       "f.yml:1:4: anchors are not supported"},
      {"merge", "a: 1\n<<: {b: 1}\n", StatusCode::kUnsupported,
       "f.yml:2:1: merge keys are not supported"},
      {"tag", "a: !!python/object:os.system x\n", StatusCode::kUnsupported,
       "f.yml:1:4: tag 'tag:yaml.org,2002:python/object:os.system' is not supported"},
      {"local tag", "a: !x [1]\n", StatusCode::kUnsupported,
       "f.yml:1:4: tag '!x' is not supported"},
      {"tag directive", "%TAG !e! tag:x,2000:\n---\na: 1\n", StatusCode::kUnsupported,
       "f.yml:1:1: %TAG directives are not supported"},
      {"duplicate key", "a: 1\nb: 2\n'a': 3\n", StatusCode::kInvalidInput,
       "f.yml:3:1: key 'a' occurs twice"},
      {"complex key", "? [1]\n: 2\n", StatusCode::kUnsupported,
       "f.yml:1:3: a key that is a sequence or mapping is not supported"},
      {"invalid UTF-8", "a: 1\nb\xff: 2\n", StatusCode::kInvalidInput,
       "f.yml:2:2: not valid UTF-8"},
      {"UTF-16", std::string("\xff\xfe\x61\x00", 4), StatusCode::kInvalidInput,
       "f.yml:1:1: not valid UTF-8"},
      {"NUL byte", std::string("a: b\0c\n", 7), StatusCode::kInvalidInput,
       "f.yml:1:5: control characters are not allowed"},
      {"unclosed", "a: [1, 2\nb: 3", StatusCode::kInvalidInput, ""},
      {"tab indent", "a:\n\t- 1\n", StatusCode::kInvalidInput, ""},
  };
  for (const Refusal& refusal : refusals) {
    SCOPED_TRACE(refusal.name);
    EXPECT_EQ(code_of(refusal.text), refusal.code);
    if (refusal.message.empty()) {
      EXPECT_EQ(message_of(refusal.text).substr(0, 6), "f.yml:");
    } else {
      EXPECT_EQ(message_of(refusal.text), refusal.message);
    }
  }
}

TEST(YamlReader, KeepsItsLimits) {
  YamlLimits limits;
  limits.bytes = 20;
  EXPECT_EQ(code_of("a: 34567890123456789", limits), StatusCode::kOk);
  EXPECT_EQ(message_of("a: 345678901234567890", limits), "f.yml:1:1: longer than 20 bytes");

  limits = {};
  limits.scalar_bytes = 4;
  EXPECT_EQ(code_of("a: 1234", limits), StatusCode::kOk);
  EXPECT_EQ(message_of("a: 12345", limits), "f.yml:1:4: a text longer than 4 bytes");

  limits = {};
  limits.nodes = 3;
  EXPECT_EQ(code_of("a: 1", limits), StatusCode::kOk);
  EXPECT_EQ(code_of("a: 1\nb: 2", limits), StatusCode::kLimit);

  limits = {};
  limits.documents = 2;
  EXPECT_EQ(code_of("a\n---\nb\n", limits), StatusCode::kOk);
  EXPECT_EQ(message_of("a\n---\nb\n---\nc\n", limits),
            "f.yml:4:1: more than 2 documents in one file");

  EXPECT_EQ(code_of(repeated("[", kMaxYamlDepth) + repeated("]", kMaxYamlDepth)), StatusCode::kOk);
  EXPECT_EQ(message_of(repeated("[", kMaxYamlDepth + 1) + repeated("]", kMaxYamlDepth + 1)),
            "f.yml:1:65: nested deeper than 64 levels");
}

TEST(YamlReader, BombsCostLessThanASecond) {
  const std::string bombs[] = {
      repeated("[", 100'000),
      repeated("{a: ", 100'000),
      repeated("- ", 100'000),
      repeated("? ", 100'000),
      repeated("[\n", 100'000),
      "a: '" + repeated("x", 1'000'000) + "'",
      repeated("%TAG ! tag:x,2000:\n", 50'000) + "---\na\n",
      repeated("a\n---\n", 100'000),
      repeated("k: 1\n", 200'000),
      repeated("'", 1'000'000),
      repeated("#", 1'000'000),
      repeated("\n", 1'000'000),
      "a: |\n" + repeated(" x\n", 300'000),
      "[" + repeated("a,", 500'000),
  };
  for (const std::string& bomb : bombs) {
    SCOPED_TRACE(bomb.substr(0, 12));
    const auto start = std::chrono::steady_clock::now();
    const StatusCode code = code_of(bomb);
    const auto spent = std::chrono::steady_clock::now() - start;
    EXPECT_LT(spent, std::chrono::seconds(2));  // a second, and room for a loaded machine
    const bool harmless = bomb[0] == '#' || bomb[0] == '\n';
    EXPECT_EQ(code == StatusCode::kOk, harmless);
  }
}

class YamlFile : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::temp_directory_path() / ("catena_yaml_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const char* name) const { return (folder_ / name).string(); }

  std::filesystem::path folder_;
};

TEST_F(YamlFile, IsReadWithItsPathAsName) {
  std::ofstream(path("a.yml")) << "a: 1\n";
  const auto documents = read_yaml_file(path("a.yml"));
  ASSERT_TRUE(documents.ok());
  EXPECT_EQ((*documents)[0].file, path("a.yml"));
}

TEST_F(YamlFile, OfFiftyMegabytesIsRefusedBeforeItIsRead) {
  std::ofstream(path("big.yml")) << "a: 1\n";
  std::filesystem::resize_file(path("big.yml"), 50u << 20);
  const auto documents = read_yaml_file(path("big.yml"));
  ASSERT_FALSE(documents.ok());
  EXPECT_EQ(documents.status().code(), StatusCode::kLimit);
  EXPECT_EQ(documents.status().message(), path("big.yml") + ": longer than 1048576 bytes");
}

TEST_F(YamlFile, ThatIsNoneIsAnErrorAndDoesNotBlock) {
  EXPECT_EQ(read_yaml_file(path("none.yml")).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(read_yaml_file(folder_.string()).status().code(), StatusCode::kIo);
  ASSERT_EQ(::mkfifo(path("pipe.yml").c_str(), 0600), 0);
  EXPECT_EQ(read_yaml_file(path("pipe.yml")).status().code(), StatusCode::kIo);
}

}  // namespace
}  // namespace catena::yaml
