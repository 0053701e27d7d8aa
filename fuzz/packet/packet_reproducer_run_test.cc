// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Of made-up inputs, with right expectations and wrong.
#include <gmock/gmock.h>

#include <algorithm>
#include <optional>
#include <set>

#include "fuzz/packet/packet_mutator.h"
#include "fuzz/packet/packet_records.h"
#include "fuzz/packet/packet_reproducer.h"
#include "fuzz/target/random.h"
#include "fuzz/target/test_reproducer.h"
#include "harness/model/mutants.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

using ::testing::HasSubstr;

PacketInput made_up_input(FuzzRandom &random) {
  std::vector<uint8_t> bytes(1200);
  size_t size = 0;
  for (size_t i = 0; i < 200; ++i) {
    size = mutate_packets(bytes, size, static_cast<unsigned>(random.next()));
  }
  return decode_packets(std::span(bytes).first(size));
}

// What PacketLab makes of an input if the kernel differs at its last frame.
PacketFinding foretell(const PacketInput &input, const Rules &rules) {
  PacketFinding finding;
  finding.input = input;
  Receiver receiver;
  uint32_t number = 0;
  for (const PacketSpec &spec : input.packets) {
    const auto flushed = receiver.flush();
    finding.frames.insert(finding.frames.end(), flushed.begin(), flushed.end());
    for (const Frame &frame : build_frames(spec, ++number)) {
      finding.expected = expect(receiver.receive(frame), input.scenario, rules);
      finding.frames.push_back(frame);
    }
  }
  finding.wrong_frame = finding.frames.size() - 1;
  return finding;
}

// So that a kernel that keeps the rules is sure to be caught.
std::optional<PacketFinding> foretell_wrongly(const PacketInput &input,
                                              const PacketFinding &right) {
  for (const Mutant &mutant : mutants()) {
    Rules rules = kernel_rules();
    mutant.mutate(rules);
    PacketFinding wrong = foretell(input, rules);
    if (wrong.expected.reception.lookup == LookupChance::kCertain &&
        wrong.expected.outcome.run_counts != right.expected.outcome.run_counts) {
      return wrong;
    }
  }
  return std::nullopt;
}

// Inputs that differ in what comes of them are worth a compilation.
std::string kind_of(const PacketFinding &finding) {
  const Reception &reception = finding.expected.reception;
  if (reception.lookup == LookupChance::kUnknown) return "";
  const ArrivalFacts facts = arrival_facts(finding.expected, finding.input.scenario);
  const std::string received = !facts.is_received ? "maybe" : *facts.is_received ? "one" : "none";
  return lookup_name(reception.lookup) + received + std::to_string(static_cast<int>(facts.kind)) +
         (facts.reply ? reply_name(*facts.reply) : "any") +
         (finding.input.scenario.reuseport_programs.empty() ? "" : " chosen") +
         (finding.input.packets.back().fragmentation ? " fragments" : "");
}

class PacketReproducerRun : public ReproducerRun {
 protected:
  int build_and_run(const PacketFinding &finding) {
    build(packet_reproducer("A test.", finding), format_scenario(finding.input.scenario));
    return run();
  }
};

TEST_F(PacketReproducerRun, AgreesWithTheRules) {
  constexpr size_t kWanted = 12;
  FuzzRandom random(4);
  std::set<std::string> kinds;
  size_t wrong_ones = 0;
  for (size_t i = 0; i < 3000 && kinds.size() < kWanted; ++i) {
    const PacketInput input = made_up_input(random);
    const PacketFinding finding = foretell(input, kernel_rules());
    const std::string kind = kind_of(finding);
    if (kind.empty() || !kinds.insert(kind).second) continue;
    ASSERT_EQ(build_and_run(finding), 0) << kind << "\n"
                                         << format_scenario(input.scenario) << output_;
    EXPECT_THAT(output_, HasSubstr("\n  received by"));
    const auto wrong = foretell_wrongly(input, finding);
    if (!wrong || wrong_ones == 4) continue;
    ++wrong_ones;
    ASSERT_EQ(build_and_run(*wrong), 1) << format_scenario(input.scenario) << output_;
    EXPECT_THAT(output_, HasSubstr("\n! "));
  }
  EXPECT_EQ(kinds.size(), kWanted);
  EXPECT_EQ(wrong_ones, 4U);
}

TEST_F(PacketReproducerRun, SaysWhyItCannotRun) {
  FuzzRandom random(4);
  build(packet_reproducer("A test.", foretell(made_up_input(random), kernel_rules())), "");
  EXPECT_EQ(run("setpriv --bounding-set=-all --inh-caps=-all"), 4);
  EXPECT_THAT(output_, HasSubstr("SKIP: a network namespace needs root"));
  EXPECT_EQ(run("unshare --mount sh -c 'mount -t tmpfs none /dev/net && exec \"$0\"'"), 4);
  EXPECT_THAT(output_, HasSubstr("SKIP: there is no /dev/net/tun"));
}

}  // namespace
}  // namespace sklab
