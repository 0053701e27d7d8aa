// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/object_program.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "harness/kernel/socket_references.h"
#include "harness/model/object_scenario_text.h"
#include "harness/path/object_lab.h"

namespace sklab {
namespace {

// One packet while it is checked.
struct PacketCheck {
  ObjectLab &lab;
  const ObjectPacket &packet;
  Case &result;

  void check(bool right, std::string_view violation, const std::string &seen) {
    result.check(right, [&] {
      ObjectScenario reduced = lab.scenario();
      reduced.packets = {packet};
      return Mismatch(fmt::format("{}\n{}: {}", line(), violation, seen),
                      format_object_scenario(reduced) + "# " + seen + "\n");
    });
  }

  [[nodiscard]] std::string line() const {
    return fmt::format("line {}: {}", packet.line.number,
                       format_object_packet(packet, lab.scenario()));
  }
};

Reply reply_for(const ObjectObservation &observed, const ObjectPacket &packet,
                const ObjectScenario &scenario) {
  if (packet.packet.protocol == Protocol::kUdp) {
    return observed.found ? Reply::kNone : Reply::kPortUnreachable;
  }
  if (!observed.found) return Reply::kReset;
  return reaches_hook(scenario, packet.packet, observed) ? Reply::kSynAck : Reply::kAck;
}

// Returns what was seen there, for people.
Result<std::string> check_wire(PacketCheck &check, const ObjectObservation &observed) {
  const auto delivery = check.lab.send(check.packet.packet);
  if (!delivery && delivery.error().kind == ErrorKind::kMismatch) {
    check.check(false, "the wire shows something else", delivery.error().message());
    return std::string("wire=?");
  }
  if (!delivery) return tl::unexpected(delivery.error());
  if (!*delivery) return std::string("wire=skipped");
  const Delivery expected{observed.found, reply_for(observed, check.packet, check.lab.scenario()),
                          0};
  const std::string seen = describe(**delivery, check.lab.scenario().sockets);
  check.check(**delivery == expected, "the wire and the lookup disagree",
              fmt::format("wire: {}; lookup: {}", seen, describe(observed, check.lab.scenario())));
  return "wire: " + seen;
}

// None if the lookup found what is no socket of the scenario: that has been checked then.
Result<std::optional<ObjectBatch>> observe_packet(PacketCheck &check) {
  auto batch = check.lab.observe({&check.packet.packet, 1});
  if (batch) return std::optional(std::move(*batch));
  if (batch.error().kind != ErrorKind::kMismatch) return tl::unexpected(batch.error());
  check.check(false, kUnknownSocketFound, "cannot " + batch.error().message());
  return std::optional<ObjectBatch>();
}

Result<> check_object_packet(PacketCheck check) {
  const Packet &packet = check.packet.packet;
  SKLAB_TRY(const auto first, observe_packet(check));
  if (!first) return Ok{};
  const ObjectObservation &observed = first->observed.front();
  const std::string seen = describe(observed, check.lab.scenario());
  for (const ObjectRule &rule : kObjectRules) {
    check.check(rule.holds({check.lab.scenario(), check.packet, observed}), rule.violation, seen);
  }
  const uint64_t runs = reaches_hook(check.lab.scenario(), packet, observed) ? 1 : 0;
  check.check(first->runs == runs, kWrongRunCount, fmt::format("{} runs; {}", first->runs, seen));
  SKLAB_TRY(const auto second, observe_packet(check));
  if (!second) return Ok{};
  check.check(
      second->observed == first->observed, kAnswerChanged,
      fmt::format("{}, then {}", seen, describe(second->observed.front(), check.lab.scenario())));
  SKLAB_TRY(const std::string wire, check_wire(check, observed));
  check.result.note(fmt::format("{}: {}; {}", check.line(), seen, wire));
  return Ok{};
}

// A connection that was reset may let go of its listener a moment later.
Result<std::string> settled_difference(const Netns &netns, const SocketReferences &before) {
  constexpr auto kLimit = std::chrono::seconds(2);
  constexpr auto kPause = std::chrono::milliseconds(10);
  const auto end = std::chrono::steady_clock::now() + kLimit;
  for (;;) {
    SKLAB_TRY(const SocketReferences after, read_socket_references(netns));
    std::string difference = describe_difference(before, after);
    if (difference.empty() || std::chrono::steady_clock::now() > end) return difference;
    std::this_thread::sleep_for(kPause);
  }
}

void check_object(CaseLog &log, const ConformSettings &settings) {
  ObjectLab &lab = *settings.object;
  const auto before = read_socket_references(lab.netns());
  size_t number = 0;
  for (const ObjectPacket &packet : lab.scenario().packets) {
    log.run(fmt::format("packet {}", ++number), [&](Case &result) {
      return check_object_packet({lab, packet, result});
    });
  }
  log.run("references", [&](Case &result) -> Result<> {
    if (!before) return tl::unexpected(before.error());
    SKLAB_TRY(const std::string difference, settled_difference(lab.netns(), *before));
    result.check(difference.empty(),
                 [&] { return fmt::format("{}: {}", kReferencesLeft, difference); });
    return Ok{};
  });
}

}  // namespace

ConformGroup object_group() {
  return {"object", "a user's program: answers, paths, runs, references", check_object, false};
}

}  // namespace sklab
