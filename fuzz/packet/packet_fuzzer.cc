// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer target: does every packet, well formed or not, end as the rules say? An input is a
// population with programs, and packets that arrive one after the other.
#include <cstdint>

#include "fuzz/packet/packet_builder.h"
#include "fuzz/packet/packet_finding.h"
#include "fuzz/packet/packet_lab.h"
#include "fuzz/packet/packet_mutator.h"
#include "fuzz/packet/packet_records.h"
#include "fuzz/packet/packet_reproducer.h"
#include "fuzz/semantics/scenario_mutator.h"
#include "fuzz/target/fuzz_target.h"
#include "fuzz/target/random.h"

namespace sklab {
namespace {

// What is sent, and what has to come of the last frame.
PacketFinding by_the_rules(const PacketInput &input) {
  PacketFinding made;
  made.input = input;
  Receiver receiver;
  uint32_t number = 0;
  for (const PacketSpec &spec : input.packets) {
    for (Frame &frame : build_frames(spec, ++number)) {
      made.expected = expect(receiver.receive(frame), input.scenario, kernel_rules());
      made.frames.push_back(std::move(frame));
    }
  }
  if (!made.frames.empty()) made.wrong_frame = made.frames.size() - 1;
  return made;
}

class PacketTarget : public FuzzTarget {
 public:
  explicit PacketTarget(PacketLab lab) : lab_(std::move(lab)) {}

  Result<std::optional<Finding>> check(std::span<const uint8_t> input) override {
    SKLAB_TRY(const auto found, lab_.check(decode_packets(input), hash_bytes(input)));
    if (!found) return std::nullopt;
    return describe_finding(*found);
  }
  [[nodiscard]] std::map<std::string, std::string> describe_input(
      std::span<const uint8_t> input) const override {
    auto files = packet_files(decode_packets(input));
    const PacketFinding made = by_the_rules(decode_packets(input));
    if (!made.frames.empty()) files["reproducer.c"] = packet_reproducer(kAboutInput, made);
    return files;
  }
  [[nodiscard]] uint64_t checked() const override { return lab_.frames_sent(); }

 private:
  PacketLab lab_;
};

}  // namespace

const FuzzTargetInfo kFuzzTarget = {.name = "packet_fuzzer",
                                    .needs_kernel = true,
                                    .most_input_bytes = 1200,
                                    .record_bytes = kRecordSize};

Result<std::unique_ptr<FuzzTarget>> create_fuzz_target(const Rules &rules) {
  SKLAB_TRY(PacketLab lab, PacketLab::create(rules));
  return std::make_unique<PacketTarget>(std::move(lab));
}

}  // namespace sklab

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                                          unsigned seed) {
  return sklab::mutate_packets({data, max_size}, size, seed);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1,
                                            const uint8_t *data2, size_t size2, uint8_t *out,
                                            size_t max_out, unsigned seed) {
  return sklab::cross_scenarios({data1, size1}, {data2, size2}, {out, max_out}, seed);
}
