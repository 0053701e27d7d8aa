// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/reduce_packets.h"

#include <utility>

#include "fuzz/semantics/reduce_scenario.h"
#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

class PacketReducer {
 public:
  PacketReducer(PacketInput input, const std::function<bool(const PacketInput &)> &fails)
      : input_(std::move(input)), fails_(fails) {}

  PacketInput reduce() {
    do {
      smaller_ = false;
      drop_each(input_.packets.size(), [](PacketInput &input) { return &input.packets; });
      for (size_t i = 0; i < input_.packets.size(); ++i) simplify(i);
    } while (smaller_);
    input_.scenario = reduce_scenario(input_.scenario, [&](const Scenario &scenario) {
      PacketInput changed = input_;
      changed.scenario = scenario;
      return fails_(changed);
    });
    return std::move(input_);
  }

 private:
  template <typename Change>
  void attempt(Change &&change) {
    PacketInput changed = input_;
    change(changed);
    if (changed.packets.empty()) return;
    changed.scenario.packet = changed.packets.front().packet;
    if (changed == input_ || !fails_(changed)) return;
    input_ = std::move(changed);
    smaller_ = true;
  }

  // Leaves out element after element of a list in the input, the last one first.
  template <typename List>
  void drop_each(size_t count, List &&list) {
    while (count-- > 0) {
      attempt([&](PacketInput &input) {
        auto &elements = *list(input);
        elements.erase(elements.begin() + static_cast<ptrdiff_t>(count));
      });
    }
  }

  void simplify(size_t packet) {
    const auto spec = [packet](PacketInput &input) { return &input.packets[packet]; };
    drop_each(spec(input_)->damages.size(),
              [&](PacketInput &input) { return &spec(input)->damages; });
    drop_each(spec(input_)->parts.size(), [&](PacketInput &input) { return &spec(input)->parts; });
    attempt([&](PacketInput &input) { spec(input)->fragmentation.reset(); });
    if (spec(input_)->fragmentation) simplify_fragments(packet);
    attempt([&](PacketInput &input) { spec(input)->payload_bytes = 0; });
    attempt([&](PacketInput &input) { spec(input)->payload_bytes /= 2; });
    attempt([&](PacketInput &input) { spec(input)->error = 0; });
    attempt([&](PacketInput &input) {
      spec(input)->form = PacketForm::kMessage;
      spec(input)->tcp_flags = kTcpSyn;
      spec(input)->error = 0;
    });
  }

  void simplify_fragments(size_t packet) {
    const auto fragments = [packet](PacketInput &input) -> Fragmentation & {
      return *input.packets[packet].fragmentation;
    };
    drop_each(fragments(input_).cuts.size(),
              [&](PacketInput &input) { return &fragments(input).cuts; });
    for (bool Fragmentation::*flag : {&Fragmentation::backwards, &Fragmentation::repeat,
                                      &Fragmentation::leave_out, &Fragmentation::overlap}) {
      attempt([&](PacketInput &input) { fragments(input).*flag = false; });
    }
  }

  PacketInput input_;
  const std::function<bool(const PacketInput &)> &fails_;
  bool smaller_ = false;
};

}  // namespace

PacketInput reduce_packets(PacketInput input,
                           const std::function<bool(const PacketInput &)> &fails) {
  return PacketReducer(std::move(input), fails).reduce();
}

}  // namespace sklab
