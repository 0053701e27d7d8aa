// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_plan.h"

#include <fmt/format.h>

#include "fuzz/target/random.h"

namespace sklab {
namespace {

constexpr size_t kMostCalls = 4;
constexpr size_t kMostLinks = 3;

// Most are short, some are long: what takes a microsecond meets what takes a millisecond.
uint32_t random_delay(FuzzRandom &random, unsigned most_bits) {
  const size_t bits = random.below(most_bits + 1);
  return bits == 0 ? 0 : static_cast<uint32_t>(random.below(size_t{1} << bits));
}

RaceCallKind random_kind(FuzzRandom &random, bool links_only) {
  const auto weight_of = [&](const RaceCallInfo &info) {
    return links_only ? info.weight_of_links : info.weight_of_all;
  };
  size_t total = 0;
  for (const RaceCallInfo &info : kRaceCalls) total += weight_of(info);
  size_t left = random.below(total);
  for (size_t i = 0; i < kRaceCalls.size(); ++i) {
    if (left < weight_of(kRaceCalls[i])) return static_cast<RaceCallKind>(i);
    left -= weight_of(kRaceCalls[i]);
  }
  return RaceCallKind::kLookUp;
}

RaceScript random_script(FuzzRandom &random) {
  constexpr unsigned kMostDelayBits = 9;
  RaceScript script;
  if (!random.one_in(3)) script.key = random.below(kRaceKeys);
  script.flags = static_cast<uint32_t>(random.below(4));
  script.return_code = random.one_in(4) ? 0 : 1;
  if (random.one_in(2)) script.delay = random_delay(random, kMostDelayBits);
  return script;
}

}  // namespace

RacePlan random_race_plan(uint64_t seed) {
  constexpr unsigned kMostDelayBits = 12;
  FuzzRandom random(seed);
  RacePlan plan;
  plan.links_only = !random.one_in(2);
  for (RaceScript &script : plan.scripts) script = random_script(random);
  plan.links.resize(1 + random.below(kMostLinks));
  for (size_t i = 0; i < plan.links.size(); ++i) {
    plan.links[i] = random.one_in(2) ? first_program_of(i) : random.below(kRacePrograms);
  }
  // Few links, so that calls meet: most races are about one of them.
  const size_t hot_link = random.below(plan.links.size());
  size_t free_link = plan.links.size();
  plan.threads.resize(2 + random.below(kRaceThreads - 1));
  for (auto &thread : plan.threads) {
    thread.resize(1 + random.below(kMostCalls));
    for (RaceCall &call : thread) {
      call.kind = random_kind(random, plan.links_only);
      if (call.kind == RaceCallKind::kAttach && free_link == kRaceLinks) {
        call.kind = RaceCallKind::kLookUp;
      }
      call.link = random.one_in(4) ? random.below(plan.links.size()) : hot_link;
      if (call.kind == RaceCallKind::kAttach) call.link = free_link++;
      call.program = random.below(kRacePrograms);
      const size_t there = plan.links[hot_link];
      const bool is_right = there < kRacePrograms && !random.one_in(3);
      call.expected = is_right ? there : random.below(kRacePrograms);
      call.netns = plan.links_only ? 0 : random.below(kRaceNamespaces);
      call.socket = random.below(kRaceSockets);
      call.key = random.below(kRaceKeys);
      call.delay = random_delay(random, kMostDelayBits);
    }
  }
  plan.schedule_seed = random.next();
  return plan;
}

std::string format_race_plan(const RacePlan &plan) {
  std::string text = plan.links_only ? "links change\n" : "everything changes\n";
  for (size_t i = 0; i < plan.scripts.size(); ++i) {
    const RaceScript &script = plan.scripts[i];
    text += fmt::format("program {}: ", i);
    if (script.key) text += fmt::format("assign key {} flags {}, ", *script.key, script.flags);
    text += script.return_code == 0 ? "drop" : "pass";
    if (script.delay > 0) text += fmt::format(", waiting {} turns at each step", script.delay);
    text += "\n";
  }
  for (size_t i = 0; i < plan.links.size(); ++i) {
    const bool is_fresh = plan.links[i] >= kFirstFreshProgram;
    text += fmt::format(
        "link {}: {}\n", i,
        is_fresh ? "a program that nobody else holds" : fmt::format("program {}", plan.links[i]));
  }
  for (size_t i = 0; i < plan.threads.size(); ++i) {
    for (const RaceCall &call : plan.threads[i]) {
      text += fmt::format("thread {}: {}\n", i, describe(call));
    }
  }
  return text;
}

}  // namespace sklab
