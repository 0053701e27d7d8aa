// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/object/reduce_object_finding.h"

#include <algorithm>
#include <span>
#include <utility>

#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

// Of each part of a packet: the simplest come first, and each takes milliseconds.
constexpr size_t kMostCandidates = 64;

template <typename T>
std::span<const T> simplest(const std::vector<T> &values) {
  return std::span(values).first(std::min(values.size(), kMostCandidates));
}

// The finding while it becomes smaller: every candidate is looked up again. An interrupt leaves it
// as small as it is by then.
class ObjectReduction {
 public:
  ObjectReduction(ObjectLab &lab, const ObjectPackets &near, ObjectFinding finding)
      : lab_(lab), near_(near), finding_(std::move(finding)) {}

  Result<> try_alone(const ObjectPacket &packet) {
    SKLAB_CHECK(take({packet}));
    return Ok{};
  }

  Result<> halve() {
    while (finding_.packets.size() > 1 && !interrupted()) {
      const auto middle =
          finding_.packets.begin() + static_cast<ptrdiff_t>(finding_.packets.size() / 2);
      const std::vector<ObjectPacket> first(finding_.packets.begin(), middle);
      const std::vector<ObjectPacket> second(middle, finding_.packets.end());
      SKLAB_TRY(const bool in_first, take(first));
      if (in_first) continue;
      SKLAB_TRY(const bool in_second, take(second));
      if (!in_second) break;
    }
    return Ok{};
  }

  // Each part of the packet by what the scenario has. One with an answer is the scenario's own.
  Result<> simplify() {
    if (finding_.packets.size() != 1) return Ok{};
    if (finding_.packets.front().expected.kind != ExpectedAnswer::Kind::kAnything) return Ok{};
    SKLAB_TRY(const bool usual, take_usual_source());
    if (!usual) SKLAB_CHECK(simplify_endpoint(&Packet::source));
    return simplify_endpoint(&Packet::destination);
  }

  [[nodiscard]] ObjectFinding take_finding() && { return std::move(finding_); }

 private:
  // Whether these packets show the same violation; then they are the finding.
  Result<bool> take(const std::vector<ObjectPacket> &packets) {
    std::vector<ObjectObservation> observed;
    SKLAB_TRY(const auto violation, check_object_packets(lab_, packets, observed));
    if (!violation || violation->what != finding_.violation) return false;
    finding_.seen = violation->seen;
    finding_.packets = packets;
    return true;
  }

  // Most packets of a scenario come from one place.
  Result<bool> take_usual_source() {
    std::vector<ObjectPacket> candidate = finding_.packets;
    Packet &packet = candidate.front().packet;
    for (const ObjectPacket &usual : simplest(lab_.scenario().packets)) {
      if (interrupted()) break;
      if (usual.packet.source.address.family != packet.source.address.family) continue;
      packet.source = usual.packet.source;
      if (!near_.is_possible(packet)) continue;
      SKLAB_TRY(const bool taken, take(candidate));
      if (taken) return true;
    }
    return false;
  }

  // Keeps the first of the values that still shows it.
  template <typename T>
  Result<> simplify_part(const std::vector<T> &values, T Endpoint::*part,
                         Endpoint Packet::*endpoint) {
    for (const T &value : simplest(values)) {
      if (interrupted()) break;
      std::vector<ObjectPacket> candidate = finding_.packets;
      Packet &packet = candidate.front().packet;
      if (packet.*endpoint.*part == value) return Ok{};
      packet.*endpoint.*part = value;
      if (!near_.is_possible(packet)) continue;
      SKLAB_TRY(const bool taken, take(candidate));
      if (taken) return Ok{};
    }
    return Ok{};
  }

  Result<> simplify_endpoint(Endpoint Packet::*endpoint) {
    const Endpoint &current = finding_.packets.front().packet.*endpoint;
    const Family family = current.address.family;
    SKLAB_CHECK(simplify_part(near_.addresses(family), &Endpoint::address, endpoint));
    return simplify_part(near_.ports(), &Endpoint::port, endpoint);
  }

  ObjectLab &lab_;
  const ObjectPackets &near_;
  ObjectFinding finding_;
};

}  // namespace

Result<ObjectFinding> reduce_object_finding(ObjectLab &lab, const ObjectPackets &near,
                                            std::vector<ObjectPacket> packets,
                                            const ObjectViolation &violation) {
  // If it is one packet's, that is tried by itself first.
  const auto culprit = violation.packet ? std::optional(packets[*violation.packet]) : std::nullopt;
  ObjectReduction reduction(lab, near,
                            {std::string(violation.what), violation.seen, std::move(packets)});
  if (culprit) SKLAB_CHECK(reduction.try_alone(*culprit));
  SKLAB_CHECK(reduction.halve());
  SKLAB_CHECK(reduction.simplify());
  return std::move(reduction).take_finding();
}

}  // namespace sklab
