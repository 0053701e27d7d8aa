// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/object/object_fuzz.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "fuzz/object/object_check.h"
#include "fuzz/object/object_packets.h"
#include "fuzz/object/reduce_object_finding.h"
#include "harness/measure/interrupt.h"
#include "harness/model/object_scenario_text.h"

namespace sklab {
namespace {

// Large enough that attaching costs little, small enough to be interrupted soon.
constexpr size_t kFuzzBatch = 4096;
static_assert(kFuzzBatch <= ObjectObserver::kLargestBatch);

void count_answers(const ObjectScenario &scenario, std::span<const ObjectPacket> packets,
                   const std::vector<ObjectObservation> &observed, ObjectFuzzRecord &record) {
  for (size_t i = 0; i < observed.size(); ++i) {
    ++record.packets;
    if (!reaches_hook(scenario, packets[i].packet, observed[i])) continue;
    ++record.answers[static_cast<size_t>(observed[i].program.kind)];
  }
}

std::vector<ObjectPacket> make_up(ObjectPackets &source) {
  std::vector<ObjectPacket> packets(kFuzzBatch);
  for (ObjectPacket &packet : packets) packet.packet = source.next();
  return packets;
}

// Takes the next ones of `left`.
std::vector<ObjectPacket> take_batch(std::span<const ObjectPacket> &left) {
  const auto batch = left.first(std::min(left.size(), kFuzzBatch));
  left = left.subspan(batch.size());
  return {batch.begin(), batch.end()};
}

}  // namespace

Result<ObjectFuzzRecord> fuzz_object(ObjectLab &lab, const ObjectFuzzSettings &settings) {
  const auto start = std::chrono::steady_clock::now();
  ObjectPackets source(lab.scenario(), settings.seed);
  ObjectFuzzRecord record;
  std::span<const ObjectPacket> own(lab.scenario().packets);
  do {
    const std::vector<ObjectPacket> packets = own.empty() ? make_up(source) : take_batch(own);
    std::vector<ObjectObservation> observed;
    SKLAB_TRY(const auto violation, check_object_packets(lab, packets, observed));
    count_answers(lab.scenario(), packets, observed, record);
    if (violation) {
      SKLAB_TRY(record.finding, reduce_object_finding(lab, source, packets, *violation));
    }
    record.duration_s =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (settings.progress) settings.progress(record.duration_s, record.packets);
  } while (!record.finding && !interrupted() &&
           (!own.empty() || record.duration_s < settings.seconds));
  return record;
}

std::string finding_text(const ObjectFinding &finding, const ObjectScenario &scenario,
                         uint64_t seed) {
  ObjectScenario reduced = scenario;
  reduced.packets = finding.packets;
  return fmt::format("# {}\n# {}\n# found by `sklab fuzz --object` with --seed {}\n{}",
                     finding.violation, finding.seen, seed, format_object_scenario(reduced));
}

}  // namespace sklab
