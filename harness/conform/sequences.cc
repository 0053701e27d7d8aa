// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/sequences.h"

#include <fmt/format.h>

#include <functional>
#include <random>

#include "harness/conform/comparison.h"
#include "harness/conform/population.h"
#include "harness/model/link_rules.h"

namespace sklab {
namespace {

// Five programs over the 20 letters of `redirect` for all kinds would take a run as long as the
// rest together: the kinds of IPv4 stand for them.
size_t longest_exhaustive(const PacketKindSpec &kind, Dialect dialect) {
  const bool mixed = std::string_view(kind.name).find(' ') != std::string_view::npos;
  return dialect == Dialect::kRedirect && (mixed || kind.socket[3] == '6') ? 4 : 5;
}

size_t longest(const PacketKindSpec &kind, Dialect dialect, Depth depth) {
  switch (depth) {
    case Depth::kQuick:
      return 2;
    case Depth::kDefault:
      break;
    case Depth::kExhaustive:
      return longest_exhaustive(kind, dialect);
  }
  return 3;
}

// Changes the programs of `scenario` into every sequence of that length, the last one fastest.
Result<> for_every_sequence(Scenario &scenario, const std::vector<ScriptedProgram> &alphabet,
                            size_t length, const std::function<Result<>()> &visit) {
  std::vector<size_t> letters(length, 0);
  scenario.programs.assign(length, alphabet.front());
  for (;;) {
    SKLAB_CHECK(visit());
    size_t position = length;
    while (position > 0 && ++letters[position - 1] == alphabet.size()) {
      letters[--position] = 0;
      scenario.programs[position] = alphabet.front();
    }
    if (position == 0) return Ok{};
    scenario.programs[position - 1] = alphabet[letters[position - 1]];
  }
}

Result<> check_kind(ScenarioProbe &probe, const Rules &rules, const PacketKindSpec &kind,
                    Dialect dialect, size_t longest_sequence, Case &result) {
  Scenario scenario = population_for(kind, dialect);
  const auto alphabet = program_alphabet(kind, dialect);
  SKLAB_CHECK(probe.populate(scenario.sockets));
  Comparison comparison(probe, rules, result);
  for (size_t length = 0; length <= longest_sequence; ++length) {
    scenario.programs.assign(length, alphabet.front());
    SKLAB_CHECK(comparison.start(scenario));
    SKLAB_CHECK(
        for_every_sequence(scenario, alphabet, length, [&] { return comparison.add(scenario); }));
    SKLAB_CHECK(comparison.finish());
  }
  return Ok{};
}

Result<> check_long(ScenarioProbe &probe, const Rules &rules, const PacketKindSpec &kind,
                    Dialect dialect, std::mt19937_64 &random, size_t samples, Case &result) {
  Scenario scenario = population_for(kind, dialect);
  const auto alphabet = program_alphabet(kind, dialect);
  SKLAB_CHECK(probe.populate(scenario.sockets));
  Comparison comparison(probe, rules, result);
  for (size_t length = 4; length <= kMaxLinks; ++length) {
    scenario.programs.resize(length);
    SKLAB_CHECK(comparison.start(scenario));
    for (size_t sample = 0; sample < samples; ++sample) {
      for (ScriptedProgram &program : scenario.programs) {
        program = alphabet[random() % alphabet.size()];
      }
      SKLAB_CHECK(comparison.add(scenario));
    }
    SKLAB_CHECK(comparison.finish());
  }
  return Ok{};
}

// One case for every dialect and kind of packet.
void for_every_kind(CaseLog &log,
                    const std::function<Result<>(ScenarioProbe &, const PacketKindSpec &, Dialect,
                                                 Case &)> &check) {
  auto probe = ScenarioProbe::create();
  for (const Dialect dialect : kDialects) {
    for (const PacketKindSpec &kind : kPacketKinds) {
      log.run(fmt::format("{} {}", dialect_name(dialect), kind.name),
              [&](Case &result) -> Result<> {
                if (!probe) return tl::unexpected(probe.error());
                return check(*probe, kind, dialect, result);
              });
    }
  }
}

}  // namespace

void check_sequences(CaseLog &log, const ConformSettings &settings) {
  for_every_kind(
      log, [&](ScenarioProbe &probe, const PacketKindSpec &kind, Dialect dialect, Case &result) {
        return check_kind(probe, *settings.rules, kind, dialect,
                          longest(kind, dialect, settings.depth), result);
      });
}

void check_long_sequences(CaseLog &log, const ConformSettings &settings) {
  std::mt19937_64 random(settings.seed);
  const size_t samples = settings.depth == Depth::kQuick ? 1 : 50;
  for_every_kind(
      log, [&](ScenarioProbe &probe, const PacketKindSpec &kind, Dialect dialect, Case &result) {
        return check_long(probe, *settings.rules, kind, dialect, random, samples, result);
      });
}

}  // namespace sklab
