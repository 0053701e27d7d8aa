// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/packet_finding.h"

#include <fmt/format.h>

#include <array>

#include "fuzz/packet/packet_reproducer.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

const char *protocol_of(const Reception &reception) {
  if (reception.is_error) return "an ICMP error";
  return reception.packet.protocol == Protocol::kUdp ? "a datagram" : "a segment";
}

bool is_plain(const PacketSpec &spec) {
  return spec.form == PacketForm::kMessage && spec.parts.empty() && !spec.fragmentation &&
         spec.damages.empty() &&
         (spec.packet.protocol == Protocol::kUdp || spec.tcp_flags == kTcpSyn);
}

std::string what_is_special(const PacketSpec &spec) {
  std::string text;
  if (!spec.parts.empty()) text += ", with options";
  if (spec.fragmentation) text += ", in fragments";
  if (!spec.damages.empty()) text += ", damaged";
  return text;
}

std::string hexadecimal(const Frame &frame) {
  std::string text;
  for (size_t i = 0; i < frame.size(); ++i) {
    if (i % 16 == 0) text += fmt::format("\n    {:04x} ", i);
    text += fmt::format(" {:02x}", frame[i]);
  }
  return text + "\n";
}

constexpr std::array<const char *, kHeaderPartKinds> kPartNames = {
    "IPv4 option",
    "hop-by-hop option",
    "destination option",
    "routing header",
    "fragment header of a whole packet",
    "TCP option"};
constexpr std::array<const char *, 4> kDamageNames = {"xor", "set", "truncate to", "extend by"};

std::string describe_fragmentation(const Fragmentation &fragmentation) {
  std::string text = fmt::format("  in {} fragments", fragmentation.cuts.size() + 1);
  if (fragmentation.backwards) text += ", last one first";
  if (fragmentation.repeat) text += ", one twice";
  if (fragmentation.leave_out && !fragmentation.repeat) text += ", one missing";
  if (fragmentation.overlap) text += ", one overlaps the next";
  return text + "\n";
}

std::string describe_damage(const Damage &damage) {
  return fmt::format("  damage in frame {}: {} at {}{}, value {:#04x}{}{}\n", damage.frame,
                     kDamageNames[static_cast<size_t>(damage.kind)],
                     damage.in_transport ? "transport + " : "", damage.offset, damage.value,
                     damage.fix_ip_checksum ? ", IP checksum put right" : "",
                     damage.fix_transport_checksum ? ", transport checksum put right" : "");
}

std::string expected_text(const PacketFinding &finding) {
  return fmt::format("frame {}: lookup {}\n", finding.wrong_frame,
                     lookup_name(finding.expected.reception.lookup)) +
         expected_facts(finding.expected, finding.input.scenario);
}

std::string packets_text(const PacketFinding &finding) {
  std::string text;
  for (const PacketSpec &spec : finding.input.packets) text += describe_packet(spec, {});
  for (size_t i = 0; i < finding.frames.size(); ++i) {
    text +=
        fmt::format("frame {}, {} bytes{}:{}", i, finding.frames[i].size(),
                    i == finding.wrong_frame ? ", the one" : "", hexadecimal(finding.frames[i]));
  }
  return text;
}

}  // namespace

std::string describe_packet(const PacketSpec &spec, const std::vector<Frame> &frames) {
  const Packet &packet = spec.packet;
  const bool tcp = packet.protocol == Protocol::kTcp;
  std::string text =
      fmt::format("{}{} {} -> {}", spec.form == PacketForm::kError ? "error about " : "",
                  tcp ? "tcp" : "udp", packet.source.text(), packet.destination.text());
  if (tcp) text += fmt::format(" flags={:#04x}", spec.tcp_flags);
  if (spec.form == PacketForm::kError) text += fmt::format(" error={}", spec.error);
  text += fmt::format(" payload={}\n", spec.payload_bytes);
  for (const HeaderPart &part : spec.parts) {
    text += fmt::format("  {} {} of {} bytes\n", kPartNames[static_cast<size_t>(part.kind)],
                        part.type, part.content.size());
  }
  if (spec.fragmentation) text += describe_fragmentation(*spec.fragmentation);
  for (const Damage &damage : spec.damages) text += describe_damage(damage);
  for (const Frame &frame : frames) text += "  frame:" + hexadecimal(frame);
  return text;
}

std::string capture_file(const std::vector<Frame> &frames) {
  constexpr uint32_t kRawIp = 101;  // LINKTYPE_RAW
  std::string bytes;
  const auto put = [&](uint64_t value, size_t size) {
    for (size_t i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i));
  };
  put(0xa1b2c3d4, 4);
  put(2, 2);  // version 2.4
  put(4, 2);
  put(0, 8);  // time zone, accuracy
  put(65535, 4);
  put(kRawIp, 4);
  for (size_t i = 0; i < frames.size(); ++i) {
    put(i, 4);  // seconds
    put(0, 4);
    put(frames[i].size(), 4);
    put(frames[i].size(), 4);
    bytes.append(frames[i].begin(), frames[i].end());
  }
  return bytes;
}

Finding describe_finding(const PacketFinding &finding) {
  const Scenario &scenario = finding.input.scenario;
  const PacketSpec &last = finding.input.packets.back();
  Finding described;
  described.signature = fmt::format("{}: {}: {}{}", dialect_name(scenario.dialect),
                                    find_difference(finding.expected, finding.observed),
                                    protocol_of(finding.expected.reception), what_is_special(last));
  described.expected = expected_text(finding);
  described.actual =
      fmt::format("frame {}\n", finding.wrong_frame) + observed_facts(finding.observed, scenario);
  Scenario shown = scenario;
  shown.packet = last.packet;
  described.files["finding.scenario"] = format_scenario(shown);
  described.files["packets.txt"] = packets_text(finding);
  described.files["packets.pcap"] = capture_file(finding.frames);
  described.files["reproducer.c"] = packet_reproducer(
      fmt::format("A packet of which does not come what the rules of the receive "
                  "path and of the sk_lookup hook say.\n{}\n\n{}\n{}",
                  described.signature, format_scenario(shown), packets_text(finding)),
      finding);
  if (finding.input.packets.size() == 1 && is_plain(last)) {
    described.scenario_file = "finding.scenario";
  }
  return described;
}

std::map<std::string, std::string> packet_files(const PacketInput &input) {
  std::vector<Frame> all;
  std::string text;
  for (const PacketSpec &spec : input.packets) {
    const auto frames = build_frames(spec, 1);
    text += describe_packet(spec, frames);
    all.insert(all.end(), frames.begin(), frames.end());
  }
  return {{"population.scenario", format_scenario(input.scenario)},
          {"packets.txt", text},
          {"packets.pcap", capture_file(all)}};
}

}  // namespace sklab
