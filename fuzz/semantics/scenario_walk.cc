// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/scenario_walk.h"

#include <algorithm>
#include <vector>

#include "fuzz/target/random.h"

namespace sklab {
namespace {

constexpr size_t kStepsOfAWalk = 32;
// Of a batch, at most one in so many lookups.
constexpr size_t kShareOfSweep = 16;

// These results are what two runs of the same script are compared by (rule_tables.cc); those behind
// them are written before they are read.
void write_run(sklab_run &run, uint32_t script) {
  run.script = script;
  run.count = 0;
  run.order = 0;
  std::fill_n(run.results, ScenarioParts::kUsualAssigns, int16_t{0});
}

void write_programs(std::span<sklab_run> runs, std::span<const uint32_t> scripts) {
  for (size_t i = 0; i < runs.size(); ++i) write_run(runs[i], scripts[i]);
}

// Scripts one after the other, each with all packets.
size_t write_product(const ScriptedPrograms::Batch &batch, const ScenarioParts &parts,
                     size_t most) {
  constexpr size_t kPackets = ScenarioParts::kPackets;
  const size_t count = std::min(most, kPackets * std::max<size_t>(parts.scripts().size(), 1));
  for (size_t i = 0; i < count; ++i) {
    batch.lookups[i] = {static_cast<uint32_t>(i % kPackets), 0};
    if (parts.programs() == 0) continue;
    write_run(batch.runs[i], static_cast<uint32_t>(i / kPackets));
  }
  return count;
}

class Walk {
 public:
  Walk(const ScenarioParts &parts, uint64_t seed)
      : random_(seed), own_(static_cast<uint32_t>(parts.programs())), scripts_(parts.programs()) {
    begin(true);
  }

  // One or two programs are the input's own again, or variations.
  void step() {
    change();
    if (random_.one_in(4)) change();
  }
  // At the input's own programs, or at variations, with the next packet.
  void begin_anew() {
    begin(random_.one_in(2));
    packet_ = (packet_ + 1) % ScenarioParts::kPackets;
  }

  [[nodiscard]] std::span<const uint32_t> scripts() const { return scripts_; }
  [[nodiscard]] uint32_t packet() const { return packet_; }

 private:
  void begin(bool at_own_programs) {
    for (uint32_t i = 0; i < own_; ++i) scripts_[i] = at_own_programs ? i : varied(random_.next());
  }
  // One number is enough: of 64 bits all are used once.
  void change() {
    const uint64_t bits = random_.next();
    const auto position = static_cast<uint32_t>((bits >> 32) * own_ >> 32);
    scripts_[position] = (bits >> 8 & 3) == 0 ? position : varied(bits);
  }
  [[nodiscard]] uint32_t varied(uint64_t bits) const {
    return own_ + static_cast<uint32_t>(bits % ScenarioParts::kVariedScripts);
  }

  FuzzRandom random_;
  uint32_t own_;
  uint32_t packet_ = 0;
  std::vector<uint32_t> scripts_;  // by position
};

void write_lookup(const ScriptedPrograms::Batch &batch, size_t index, uint32_t packet,
                  std::span<const uint32_t> scripts) {
  batch.lookups[index] = {packet, 0};
  write_programs(batch.runs.subspan(index * scripts.size(), scripts.size()), scripts);
}

size_t write_walk(const ScriptedPrograms::Batch &batch, Walk &walk, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (i > 0 && i % kStepsOfAWalk == 0)
      walk.begin_anew();
    else if (i > 0)
      walk.step();
    write_lookup(batch, i, walk.packet(), walk.scripts());
  }
  return count;
}

void write_sweep(const ScriptedPrograms::Batch &batch, Walk &walk, size_t first, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    walk.begin_anew();
    write_lookup(batch, first + i, static_cast<uint32_t>(ScenarioParts::kPackets + i),
                 walk.scripts());
  }
}

}  // namespace

size_t write_lookups(const ScriptedPrograms::Batch &batch, const ScenarioParts &parts,
                     uint64_t seed) {
  const size_t most =
      std::min(batch.lookups.size(), batch.runs.size() / std::max<size_t>(parts.programs(), 1));
  const size_t swept = std::min(ScenarioParts::kSweptPackets, most / kShareOfSweep);
  Walk walk(parts, seed);
  const size_t before = parts.programs() < 2 ? write_product(batch, parts, most - swept)
                                             : write_walk(batch, walk, most - swept);
  write_sweep(batch, walk, before, swept);
  return before + swept;
}

}  // namespace sklab
