// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/delivery.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

#include "harness/conform/comparison.h"
#include "harness/conform/population.h"
#include "harness/model/bind_rules.h"
#include "harness/model/link_rules.h"
#include "harness/model/model.h"
#include "harness/model/random_scenario.h"

namespace sklab {
namespace {

constexpr size_t kFewPrograms = 4;
constexpr size_t kLettersOfLong = 3;
constexpr size_t kPacketsOfPopulation = 8;

struct Counts {
  size_t sequences;       // of few programs, of each dialect and kind of packet
  size_t long_sequences;  // of more
  size_t populations;     // random ones
};

Counts counts_for(Depth depth) {
  switch (depth) {
    case Depth::kQuick:
      return {40, 10, 60};
    case Depth::kDefault:
      break;
    case Depth::kExhaustive:
      return {1000, 500, 1500};
  }
  return {100, 50, 300};
}

// Sends the scenario's packet, has a helper look the same up, and compares both with the rules and
// with each other.
Result<> check_both_paths(ScenarioPacket &path, const Scenario &scenario, const Rules &rules,
                          Case &result) {
  SKLAB_TRY(const PacketObservation sent, path.send(scenario));
  const Outcome expected = evaluate(scenario, Arrival::kPacket, rules);
  result.check(allows(expected, sent, scenario.packet.protocol),
               [&] { return describe_mismatch(scenario, expected, sent); });
  SKLAB_TRY(const Observation looked_up, path.look_up(scenario));
  const Outcome without_packet = evaluate(scenario, Arrival::kHelper, rules);
  result.check(allows(without_packet, looked_up),
               [&] { return describe_mismatch(scenario, without_packet, looked_up); });
  // The programs of reuseport groups make the paths differ, nothing else does: even the hash by
  // which the kernel chooses a member is the same.
  if (!scenario.reuseport_programs.empty()) return Ok{};
  result.check(sent.observation == looked_up, [&] {
    Mismatch mismatch = describe_mismatch(scenario, expected, sent);
    mismatch.description += "\n# helper: " + describe(looked_up, scenario);
    return mismatch;
  });
  return Ok{};
}

// How long the sequences are, the last as long as can be. The long ones get longer and longer: what
// is attached stays, and attaching many programs takes longer than a packet.
std::vector<size_t> sample_lengths(const Counts &counts, std::mt19937_64 &random) {
  std::vector<size_t> lengths(counts.sequences + counts.long_sequences);
  const auto first_long = lengths.begin() + static_cast<std::ptrdiff_t>(counts.sequences);
  std::generate(lengths.begin(), first_long, [&] { return random() % (kFewPrograms + 1); });
  std::generate(first_long, lengths.end(),
                [&] { return kFewPrograms + 1 + random() % (kMaxLinks - kFewPrograms); });
  lengths.back() = kMaxLinks;
  std::sort(first_long, lengths.end());
  return lengths;
}

// A long sequence over the whole alphabet selects a socket almost always. Over three programs of it
// many refuse, or leave the packet to the hashtable.
std::vector<ScriptedProgram> sample_sequence(const std::vector<ScriptedProgram> &alphabet,
                                             size_t length, std::mt19937_64 &random) {
  std::vector<ScriptedProgram> letters = alphabet;
  if (length > kFewPrograms) {
    std::shuffle(letters.begin(), letters.end(), random);
    letters.resize(kLettersOfLong);
  }
  std::vector<ScriptedProgram> sequence(length);
  std::generate(sequence.begin(), sequence.end(),
                [&] { return letters[random() % letters.size()]; });
  return sequence;
}

Result<> check_sequences_of(ScenarioPacket &path, Scenario scenario,
                            const std::vector<ScriptedProgram> &alphabet, const Counts &counts,
                            const Rules &rules, std::mt19937_64 &random, Case &result) {
  SKLAB_CHECK(path.populate(scenario));
  for (const size_t length : sample_lengths(counts, random)) {
    scenario.programs = sample_sequence(alphabet, length, random);
    SKLAB_CHECK(check_both_paths(path, scenario, rules, result));
  }
  return Ok{};
}

// Without and with programs of the reuseport groups. These leave no choice to a secret hash: the
// packet goes to the other member, or to none, unless a program said NO_REUSEPORT.
Result<> check_kind(ScenarioPacket &path, const PacketKindSpec &kind, Dialect dialect,
                    const Counts &counts, const Rules &rules, std::mt19937_64 &random,
                    Case &result) {
  Scenario scenario = population_for(kind, dialect);
  const auto alphabet = program_alphabet(kind, dialect);
  SKLAB_CHECK(check_sequences_of(path, scenario, alphabet, counts, rules, random, result));
  for (const SocketSpec &socket : scenario.sockets) {
    const auto index = static_cast<size_t>(&socket - scenario.sockets.data());
    if (socket.name == "h") {
      scenario.reuseport_programs.push_back(
          {*socket.reuseport_group, ReuseportProgram::Action::kSelect, index});
    } else if (socket.name == "j") {
      scenario.reuseport_programs.push_back(
          {*socket.reuseport_group, ReuseportProgram::Action::kDrop, 0});
    }
  }
  return check_sequences_of(path, scenario, alphabet, counts, rules, random, result);
}

// ::1 is never on a wire: an established socket there has no peer outside.
bool needs_ipv6_loopback(const Scenario &scenario) {
  const auto is_loopback = [](const IpAddress &address) { return address.text() == "::1"; };
  for (const SocketSpec &socket : scenario.sockets) {
    if (is_established(socket) && is_loopback(socket.local.address)) {
      return true;
    }
  }
  return is_loopback(scenario.packet.destination.address);
}

Result<> check_populations(ScenarioPacket &path, size_t count, const Rules &rules,
                           std::mt19937_64 &random, Case &result) {
  for (size_t i = 0; i < count; ++i) {
    Scenario scenario = random_scenario(random);
    if (needs_ipv6_loopback(scenario)) continue;
    SKLAB_CHECK(path.populate(scenario));
    for (size_t k = 0; k < kPacketsOfPopulation; ++k) {
      randomize_lookup(scenario, random() % (kFewPrograms + 1), random);
      if (needs_ipv6_loopback(scenario)) continue;
      SKLAB_CHECK(check_both_paths(path, scenario, rules, result));
    }
  }
  return Ok{};
}

}  // namespace

void check_delivery(CaseLog &log, const ConformSettings &settings) {
  auto path = ScenarioPacket::create();
  std::mt19937_64 random(settings.seed);
  const Counts counts = counts_for(settings.depth);
  for (const Dialect dialect : kDialects) {
    for (const PacketKindSpec &kind : kPacketKinds) {
      log.run(fmt::format("{} {}", dialect_name(dialect), kind.name),
              [&](Case &result) -> Result<> {
                if (!path) return tl::unexpected(path.error());
                return check_kind(*path, kind, dialect, counts, *settings.rules, random, result);
              });
    }
  }
  log.run("random populations", [&](Case &result) -> Result<> {
    if (!path) return tl::unexpected(path.error());
    return check_populations(*path, counts.populations, *settings.rules, random, result);
  });
}

}  // namespace sklab
