// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "fuzz/packet/packet_expectation.h"
#include "fuzz/packet/packet_records.h"
#include "fuzz/packet/reception.h"
#include "harness/base/result.h"
#include "harness/kernel/kernel_log.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/netns_link.h"
#include "harness/model/rules.h"
#include "harness/path/scenario_packet.h"

namespace sklab {

// A packet with which kernel and rules disagree, after others that it may need.
struct PacketFinding {
  PacketInput input;          // reduced; the last packet is the one
  std::vector<Frame> frames;  // all that were sent, also those after which no fragments wait
  size_t wrong_frame = 0;
  PacketExpectation expected;
  FrameObservation observed;
};

// Sends packets to populations and compares what the kernel does with the rules.
class PacketLab {
 public:
  // To be called in a process that isolate_process() has moved. `rules` are copied.
  static Result<PacketLab> create(const Rules &rules);

  // The packets one after the other, then variations of the input; the same for the same seed.
  // Errors: what the kernel or the machine did not let us do, a disagreement that does not repeat
  // among it.
  Result<std::optional<PacketFinding>> check(const PacketInput &input, uint64_t seed);

  [[nodiscard]] uint64_t frames_sent() const { return frames_sent_; }

 private:
  PacketLab(ScenarioPacket path, Netns elsewhere, NetnsLink key_holder, Rules rules)
      : path_(std::move(path)),
        elsewhere_(std::move(elsewhere)),
        key_holder_(std::move(key_holder)),
        rules_(std::move(rules)) {}

  Result<> prepare(const Scenario &scenario);
  Result<std::optional<PacketFinding>> send_all(const PacketInput &input);
  Result<bool> send_frame(const Frame &frame, PacketFinding &finding);
  Result<PacketFinding> confirm(const PacketInput &input);
  Result<std::optional<PacketFinding>> observe_again(const PacketInput &input);

  ScenarioPacket path_;
  // Where a program stays attached, so that the kernel's static key is not switched, which patches
  // code, whenever a population goes.
  Netns elsewhere_;
  NetnsLink key_holder_;
  Rules rules_;
  // What is open; none if what was sent may have changed its state.
  std::optional<Scenario> open_;
  bool needs_fresh_netns_ = false;
  bool notes_features_ = false;
  Receiver receiver_;
  uint32_t packet_number_ = 0;
  uint64_t frames_sent_ = 0;
};

}  // namespace sklab
