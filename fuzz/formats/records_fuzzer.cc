// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer target: any bytes are records of a valid scenario, and of valid packets, which are
// encoded and decoded the same again.
#include "fuzz/formats/format_target.h"
#include "fuzz/packet/packet_records.h"
#include "fuzz/packet/reception.h"
#include "fuzz/semantics/scenario_records.h"
#include "harness/model/scenario_validate.h"

namespace sklab {
namespace {

std::string scenario_complaint(std::span<const uint8_t> input) {
  const Scenario scenario = decode_scenario(input);
  if (find_contradiction(scenario)) return "a scenario that is not valid";
  const auto again = encode_scenario(scenario);
  if (!again) return "a scenario that cannot be encoded";
  return decode_scenario(*again) == scenario ? "" : "a scenario that is decoded differently";
}

std::string packets_complaint(std::span<const uint8_t> input) {
  const PacketInput packets = decode_packets(input);
  if (packets.packets.empty()) return "no packet";
  if (find_contradiction(packets.scenario)) return "packets for a scenario that is not valid";
  const auto again = encode_packets(packets);
  if (!again) return "packets that cannot be encoded";
  if (decode_packets(*again) != packets) return "packets that are decoded differently";
  // With the sanitizers: what is built is built and read within its bounds.
  Receiver receiver;
  for (const PacketSpec &spec : packets.packets) {
    for (const Frame &frame : build_frames(spec, 1)) receiver.receive(frame);
  }
  return "";
}

std::string complaint(std::span<const uint8_t> input) {
  const std::string wrong = scenario_complaint(input);
  return wrong.empty() ? packets_complaint(input) : wrong;
}

}  // namespace

const FuzzTargetInfo kFuzzTarget = {"records_fuzzer", false};

Result<std::unique_ptr<FuzzTarget>> create_fuzz_target(const Rules & /*rules*/) {
  return std::make_unique<FormatTarget>(complaint, "a valid scenario, the same when decoded again");
}

}  // namespace sklab
