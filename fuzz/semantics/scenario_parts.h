// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A lookup costs the kernel a tenth of a microsecond, an input of a fuzzer many. So an input stands
// for its scenario and thousands that are put together from the scenario's parts and others: with
// the same sockets, dialect and number of programs, since changing those takes system calls. What
// is the same in many scenarios is written and evaluated once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "bpf/abi.h"
#include "harness/model/scenario.h"

namespace sklab {

class FuzzRandom;

class ScenarioParts {
 public:
  // The first packets are the input's: the first its own, the others variations of it. Those after
  // them stand as long as the population does. All of these meet many scripts.
  static constexpr size_t kOwnPackets = 8;
  static constexpr size_t kPackets = 64;
  // Then the input's own with other ports, each for one lookup: the numbers are so many that what
  // an answer costs which is used once has to be small.
  static constexpr size_t kSweptPackets = 64;
  static constexpr size_t kAllPackets = kPackets + kSweptPackets;
  // The first assigns stand, too: all sockets with all flags, and some with flags that there are
  // not. The others are the input's.
  static constexpr size_t kStandingAssigns = 64;
  static constexpr size_t kAssigns = 512;
  // The scripts are the input's programs, and after them variations of these. Variations do not
  // grow beyond so many assigns, and most programs of inputs have no more.
  static constexpr size_t kVariedScripts = 128;
  static constexpr size_t kUsualAssigns = 4;

  struct Script {
    std::array<uint16_t, SKLAB_ASSIGNS> assigns{};  // indices
    uint16_t assign_count = 0;
    uint32_t return_code = 0;
  };

  // The same parts for the same scenario and seed, whatever was before: the sockets, dialect and
  // codes decide the standing parts.
  void use_population(const Scenario &scenario);
  void use_scenario(const Scenario &scenario, uint64_t seed);

  [[nodiscard]] const Scenario &scenario() const { return scenario_; }
  [[nodiscard]] std::span<const Packet> packets() const { return packets_; }
  [[nodiscard]] std::span<const AssignOperation> assigns() const { return assigns_; }
  [[nodiscard]] std::span<const Script> scripts() const { return scripts_; }
  [[nodiscard]] size_t programs() const { return scenario_.programs.size(); }

  // The scenario that is made of these.
  [[nodiscard]] Scenario assemble(size_t packet, std::span<const size_t> scripts) const;
  [[nodiscard]] ScriptedProgram program(const Script &script) const;

 private:
  uint16_t assign_index(const AssignOperation &assign);
  Script script_of(const ScriptedProgram &program);
  void vary(Script &script, FuzzRandom &random);

  Scenario scenario_;
  std::vector<Packet> packets_;
  std::vector<AssignOperation> assigns_;
  std::vector<Script> scripts_;
};

}  // namespace sklab
