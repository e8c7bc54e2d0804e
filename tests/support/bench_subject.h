// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "bench/generator/event_stream.h"
#include "bench/harness/subject.h"
#include "engine/app/content.h"
#include "engine/match/matcher.h"

// The starter rules and a small generated stream: what the harness's tests measure with. A test
// that includes this also includes engine/app/content.h, which is how it links it.
namespace catena::tests {

class BenchSubject {
 public:
  BenchSubject() : content_(load()) {}

  [[nodiscard]] harness::Subject get() const {
    return {content_->rules,    content_->fields,  *content_->mapping,
            content_->entities, content_->lineage, content_->attack};
  }
  [[nodiscard]] const match::Matcher& matcher() const { return matcher_; }

  [[nodiscard]] static std::string stream(generator::Mix mix, std::uint64_t events) {
    generator::StreamOptions options;
    options.mix = mix;
    options.events = events;
    options.attack_share = 0.1;
    generator::EventStream made(options);
    std::string text;
    while (made.next(text)) {
    }
    return text;
  }

 private:
  static std::unique_ptr<app::Content> load() {
    auto content = app::Content::load(app::ContentOptions());
    if (!content.ok()) throw std::runtime_error(content.status().message());
    return *std::move(content);
  }

  std::unique_ptr<app::Content> content_;
  match::Matcher matcher_{content_->rules, content_->mapping->log_sources(), content_->fields};
};

}  // namespace catena::tests
