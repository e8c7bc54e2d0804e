// SPDX-License-Identifier: Apache-2.0
#include "bench/evaluation/evaluation.h"

#include <algorithm>

#include "bench/evaluation/set_folder.h"

namespace catena::evaluation {
namespace {

bool wanted(const std::string& name, const std::vector<std::string>& only) {
  return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& part) {
           return name.find(part) != std::string::npos;
         });
}

Figure share(std::string name, std::string about, std::uint64_t part, std::uint64_t whole,
             bool more_is_better = true) {
  const double value = whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
  return {std::move(name), std::move(about), value, part, whole, more_is_better};
}

// Counts the sets for which `holds`, among those for which `counts`.
template <typename Counts, typename Holds>
Figure sets_where(const Evaluation& evaluation, std::string name, std::string about, Counts counts,
                  Holds holds, bool more_is_better = true) {
  std::uint64_t whole = 0;
  std::uint64_t part = 0;
  for (const SetScore& set : evaluation.sets) {
    if (!counts(set)) continue;
    ++whole;
    part += holds(set) ? 1 : 0;
  }
  return share(std::move(name), std::move(about), part, whole, more_is_better);
}

template <typename Value>
std::uint64_t sum(const Evaluation& evaluation, Value value) {
  std::uint64_t total = 0;
  for (const SetScore& set : evaluation.sets) total += value(set);
  return total;
}

void add_label_figures(const Evaluation& e, const std::string& kind, LabelCounts SetScore::*counts,
                       std::vector<Figure>& out) {
  const auto labelled = [=](const SetScore& s) { return (s.*counts).labelled > 0; };
  const auto detected = [=](const SetScore& s) { return (s.*counts).detected > 0; };
  out.push_back(share(kind + "_technique_recall", "labelled techniques that are detected",
                      sum(e, [=](const SetScore& s) { return (s.*counts).detected; }),
                      sum(e, [=](const SetScore& s) { return (s.*counts).labelled; })));
  out.push_back(sets_where(e, kind + "_set_recall", "labelled sets with a detected label", labelled,
                           detected));
  out.push_back(sets_where(
      e, kind + "_top1_complete", "detected sets whose top chain has every detected label",
      detected, [=](const SetScore& s) { return (s.*counts).in_first == (s.*counts).detected; }));
  out.push_back(sets_where(
      e, kind + "_top2_complete", "… either of whose top two chains has", detected,
      [=](const SetScore& s) { return (s.*counts).in_first_two == (s.*counts).detected; }));
}

void add_incident_figures(const Evaluation& e, std::vector<Figure>& out) {
  const std::uint64_t high = sum(e, [](const SetScore& s) { return s.high_chains; });
  out.push_back(
      share("incidents_per_set", "chains HIGH or above, a set", high, e.sets.size(), false));
  out.push_back(sets_where(
      e, "incidents_without_high_detection", "sets without a high detection that have an incident",
      [](const SetScore& s) { return !s.has_high_detection; },
      [](const SetScore& s) { return s.high_chains > 0; }, false));
  out.push_back(share("detections_per_incident", "detections, an incident",
                      sum(e, [](const SetScore& s) { return s.detections; }), high));
  out.push_back(share("folded_detections_per_incident", "distinct (rule, host, hour), an incident",
                      sum(e, [](const SetScore& s) { return s.folded_detections; }), high));
  const auto multi = [](const SetScore& s) { return s.hosts > 1; };
  const auto spans = [](const SetScore& s) { return s.top_chain_hosts > 1; };
  out.push_back(sets_where(e, "hosts_spanned",
                           "sets with detections on several hosts whose top "
                           "chain has several",
                           multi, spans));
  out.push_back(sets_where(
      e, "lateral_hosts_spanned", "… of those labelled lateral movement",
      [&](const SetScore& s) { return multi(s) && s.lateral; }, spans));
  std::vector<double> seconds;
  for (const SetScore& set : e.sets) {
    if (set.seconds_to_incident >= 0) seconds.push_back(set.seconds_to_incident);
  }
  std::sort(seconds.begin(), seconds.end());
  Figure median{
      "seconds_to_incident", "event time from first event to incident, median", 0, 0, 0, false};
  if (!seconds.empty()) median.value = seconds[seconds.size() / 2];
  out.push_back(std::move(median));
}

void add_overlap_figures(const OverlapScore& overlap, const std::string& kind,
                         std::vector<Figure>& out) {
  out.push_back(share(kind + "_own_chain", "sets that keep a chain of their campaign",
                      overlap.own_chain, overlap.sets));
  out.push_back(
      share(kind + "_own_chain_by_set", "… of their own", overlap.own_chain_by_set, overlap.sets));
  out.push_back({kind + "_campaigns", "campaigns that the sets are",
                 static_cast<double>(overlap.campaigns), 0, 0, true});
  out.push_back(share(kind + "_purity", "steps of the campaign that has most of their chain",
                      overlap.pure_steps, overlap.steps));
  out.push_back(share(kind + "_mixed", "chains with steps of two or more campaigns",
                      overlap.mixed_chains, overlap.chains, false));
  out.push_back(share(kind + "_over_mixed", "… of more than two", overlap.over_mixed_chains,
                      overlap.chains, false));
  out.push_back({kind + "_most_campaigns", "campaigns in one chain, at most",
                 static_cast<double>(overlap.most_campaigns), 0, 0, false});
}

// A campaign of the overlap test.
bool is_campaign(const SetScore& score) { return score.parent.detected > 0; }

std::vector<Id128> steps_of(const incident::Chain& chain) {
  std::vector<Id128> ids;
  for (const incident::Step& step : chain.steps) ids.push_back(step.detection);
  return ids;
}

}  // namespace

std::vector<Figure> figures_of(const Evaluation& evaluation) {
  std::vector<Figure> figures;
  add_label_figures(evaluation, "exact", &SetScore::exact, figures);
  add_label_figures(evaluation, "parent", &SetScore::parent, figures);
  add_incident_figures(evaluation, figures);
  add_overlap_figures(evaluation.overlap, "overlap", figures);
  add_overlap_figures(evaluation.collision, "collision", figures);
  return figures;
}

Result<Evaluation> evaluate(const harness::Subject& subject, const match::Matcher& matcher,
                            const EvaluationOptions& options,
                            const std::function<void(const SetScore&)>& on_set) {
  ASSIGN_OR_RETURN(const LabelFile labels, read_labels(options.labels, subject.attack));
  const SetFolder folder(options.folder, options.work);
  Evaluation evaluation;
  evaluation.label = options.label;
  evaluation.rules = subject.rules.rules.size();
  std::vector<RecordedSet> sets;
  sets.reserve(labels.size());
  std::vector<OverlapSet> campaigns;
  for (const auto& [name, label] : labels) {
    if (!wanted(name, options.only)) continue;
    ASSIGN_OR_RETURN(const auto files, folder.files(name));
    if (files.empty()) continue;
    ASSIGN_OR_RETURN(auto set, record_set(subject, matcher, name, label, files));
    ASSIGN_OR_RETURN(const JoinedSet joined, join_set(set.outcomes));
    evaluation.sets.push_back(score_set(set, joined));
    on_set(evaluation.sets.back());
    if (!is_campaign(evaluation.sets.back())) continue;
    sets.push_back(std::move(set));
    campaigns.push_back({&sets.back(), steps_of(joined.chains.front()), named_processes(joined)});
  }
  if (evaluation.sets.empty()) {
    return not_found(options.folder + ": none of the labelled sets is there");
  }
  ASSIGN_OR_RETURN(evaluation.overlap, score_overlap(campaigns, OverlapStart::kOwnMinute));
  ASSIGN_OR_RETURN(evaluation.collision, score_overlap(campaigns, OverlapStart::kSameMoment));
  return evaluation;
}

}  // namespace catena::evaluation
