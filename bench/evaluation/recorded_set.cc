// SPDX-License-Identifier: Apache-2.0
#include "bench/evaluation/recorded_set.h"

#include <algorithm>
#include <tuple>

#include "connectors/codec/decoder.h"
#include "connectors/file/file_source.h"
#include "engine/incident/detection_builder.h"
#include "engine/pipeline/memory_incident_store.h"

namespace catena::evaluation {
namespace {

using pipeline::BatchOutcome;

// One set's way through decoding and matching.
class SetReader {
 public:
  SetReader(const harness::Subject& subject, const match::Matcher& matcher,
            const std::vector<std::string>& files)
      : subject_(subject),
        matcher_(matcher),
        files_(files),
        decoder_(subject.mapping, subject.fields),
        scratch_(matcher),
        detections_(
            {subject.rules, subject.fields, subject.mapping.log_sources(), subject.entities, files},
            subject.attack) {}

  Status read(RecordedSet& set) {
    for (std::size_t i = 0; i < files_.size(); ++i) {
      ASSIGN_OR_RETURN(const auto source,
                       file::FileSource::open(files_[i], static_cast<std::uint32_t>(i), {}));
      while (true) {
        batch_.clear();
        ASSIGN_OR_RETURN(const bool more, source->next(batch_));
        if (!more) break;
        RETURN_IF_ERROR(work(set));
      }
    }
    return ok_status();
  }

 private:
  Status work(RecordedSet& set) {
    decoder_.decode(batch_);
    BatchOutcome& outcome = set.outcomes.emplace_back();
    outcome.last_time = inherit_times(batch_);
    for (Event& event : batch_.events) {
      if (event.time != kNoTime) {
        const bool first = set.first_event == kNoTime;
        set.first_event = first ? event.time : std::min(set.first_event, event.time);
        set.last_event = first ? event.time : std::max(set.last_event, event.time);
      }
      RETURN_IF_ERROR(matcher_.match(event, scratch_, matches_));
      subject_.lineage.observe(event, batch_.arena, outcome.facts);
      if (!matches_.empty()) make_plain(event, batch_.arena);
      for (const plan::RuleIndex rule : matches_) {
        outcome.detections.push_back(detections_.build(event, rule));
      }
    }
    outcome.evaluated = batch_.events.size();
    set.events += batch_.events.size();
    set.dead_letters += batch_.dead_letters.size();
    outcome.position.source = set.name + "/" + files_[batch_.source];
    outcome.position.offset = batch_.first_offset + batch_.size;
    return ok_status();
  }

  const harness::Subject& subject_;
  const match::Matcher& matcher_;
  const std::vector<std::string>& files_;
  codec::Decoder decoder_;
  match::Matcher::Scratch scratch_;
  incident::DetectionBuilder detections_;
  EventBatch batch_;
  std::vector<plan::RuleIndex> matches_;
};

// Most severe first, then the higher score, the longer chain, the smaller id.
bool before(const incident::Chain& a, const incident::Chain& b) {
  const auto rank = [](const incident::Chain& c) {
    return std::tuple(c.severity, c.score, c.steps.size());
  };
  return rank(a) != rank(b) ? rank(a) > rank(b) : a.id < b.id;
}

}  // namespace

void RecordedSet::shift(Timestamp offset) {
  if (first_event == kNoTime) return;
  first_event += offset;
  last_event += offset;
  for (BatchOutcome& outcome : outcomes) {
    for (incident::Detection& detection : outcome.detections) {
      if (detection.time != kNoTime) detection.time += offset;
    }
    if (outcome.last_time != kNoTime) outcome.last_time += offset;
    const auto shift_all = [offset](auto& facts) {
      for (auto& fact : facts) fact.time += offset;
    };
    shift_all(outcome.facts.starts);
    shift_all(outcome.facts.ends);
    shift_all(outcome.facts.logons);
    shift_all(outcome.facts.connections);
    shift_all(outcome.facts.addresses);
    for (auto& fact : outcome.facts.addresses) fact.last += offset;
    shift_all(outcome.facts.aliases);
  }
}

Result<RecordedSet> record_set(const harness::Subject& subject, const match::Matcher& matcher,
                               std::string name, SetLabel label,
                               const std::vector<std::string>& files) {
  RecordedSet set;
  set.name = std::move(name);
  set.label = std::move(label);
  SetReader reader(subject, matcher, files);
  RETURN_IF_ERROR(reader.read(set));
  return set;
}

Result<JoinedSet> join_set(std::vector<BatchOutcome> outcomes) {
  pipeline::MemoryIncidentStore store;
  pipeline::IncidentStage stage(store, [](const auto&) { return ok_status(); });
  RETURN_IF_ERROR(stage.restore());
  for (BatchOutcome& outcome : outcomes) RETURN_IF_ERROR(stage.add(outcome));
  RETURN_IF_ERROR(stage.commit());
  JoinedSet joined;
  RETURN_IF_ERROR(store.for_each_chain([&](const incident::Chain& chain) {
    joined.chains.push_back(chain);
    return true;
  }));
  std::sort(joined.chains.begin(), joined.chains.end(), before);
  for (const incident::Chain& chain : joined.chains) {
    auto& members = joined.members.emplace_back();
    for (const incident::Step& step : chain.steps) {
      ASSIGN_OR_RETURN(auto detection, store.detection(step.detection));
      if (!detection) return internal_error("a step without its detection");
      members.push_back(std::move(*detection));
    }
  }
  return joined;
}

}  // namespace catena::evaluation
