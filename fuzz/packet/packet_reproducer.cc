// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/packet_reproducer.h"

#include <fmt/format.h>

#include <array>

#include "fuzz/semantics/scenario_c.h"
#include "fuzz/target/c_source.h"

namespace sklab {
namespace {

// By ReceivedKind and Reply (fuzz/target/c/arrivals.h, segments.h).
constexpr std::array kReceivedNames = {"DATA", "CONNECTION", "ERROR", "CLOSED"};
constexpr std::array kReplyNames = {"NO_REPLY", "SYN_ACK", "SOME_ACK", "RESET", "PORT_UNREACHABLE"};

std::string byte_array(const std::string &name, std::span<const uint8_t> bytes) {
  std::string text = fmt::format("static const unsigned char {}[] = {{", name);
  for (size_t i = 0; i < bytes.size(); ++i) {
    text += fmt::format("{}{:#04x},", i % 16 == 0 ? "\n\t" : " ", bytes[i]);
  }
  return text + (bytes.empty() ? "0};\n\n" : "\n};\n\n");
}

std::string compare_receivers(const Scenario &scenario, const ArrivalFacts &facts) {
  std::string mask;
  for (const size_t socket : facts.sockets) {
    mask += fmt::format("{}1U << {}", mask.empty() ? "" : " | ", c_index(scenario, socket));
  }
  const int received = facts.is_received ? (*facts.is_received ? 1 : 0) : 2;
  return fmt::format("\tcompare_receivers(sockets, {}, {}, {},\n\t\t\t  {});\n",
                     mask.empty() ? "0" : mask, received,
                     kReceivedNames[static_cast<size_t>(facts.kind)],
                     c_string(names_of_receivers(facts, scenario)));
}

bool has_payload(const ArrivalFacts &facts) {
  return facts.is_received == true && facts.kind == ReceivedKind::kData;
}

// One of the ways to be right.
std::string compare_function(const Scenario &scenario, const PacketExpectation &expected,
                             size_t number) {
  const ArrivalFacts facts = arrival_facts(expected, scenario);
  std::string text = c_compare_programs(scenario, facts.run_counts, facts.assign_results) +
                     compare_receivers(scenario, facts);
  const std::vector<uint8_t> &payload = expected.reception.payload;
  if (has_payload(facts)) {
    text += fmt::format("\tcompare_payload(payload_{}, {});\n", number, payload.size());
  }
  if (facts.reply) {
    text += fmt::format("\tcompare_reply({});\n", kReplyNames[static_cast<size_t>(*facts.reply)]);
  }
  return (has_payload(facts) ? byte_array(fmt::format("payload_{}", number), payload) : "") +
         fmt::format("static void compare_{}(void)\n{{\n{}}}\n\n", number, text);
}

// The alternative that goes the furthest comes last: its facts are those that are shown.
std::string compare_functions(const PacketFinding &finding) {
  const auto ways = alternatives(finding.expected);
  std::string functions;
  std::string names;
  for (size_t i = ways.size(); i-- > 0;) {
    functions += compare_function(finding.input.scenario, ways[i], i);
    names += fmt::format("{}compare_{}", names.empty() ? "" : ", ", i);
  }
  return functions + fmt::format(
                         "/* One of them has to find no difference. */\n"
                         "static void (*const ways_to_be_right[])(void) = {{{}}};\n\n",
                         names);
}

std::string frames(const PacketFinding &finding) {
  std::string text;
  std::string table;
  for (size_t i = 0; i < finding.frames.size(); ++i) {
    text += byte_array(fmt::format("frame_{}", i), finding.frames[i]);
    table += fmt::format("\t{{frame_{0}, sizeof(frame_{0})}},\n", i);
  }
  return fmt::format(
      "{}static const struct {{\n\tconst unsigned char *bytes;\n\tsize_t size;\n}} frames[] = "
      "{{\n{}}};\n\n",
      text, table);
}

std::string run_function(const Scenario &scenario) {
  return fmt::format(
      "static void run(void)\n{{\n"
      "\tint fds[ARRAY_SIZE(sockets)] = {{0}};\n\n"
      "\topen_wire();\n\tcreate_maps();\n"
      "\topen_sockets(sockets, fds, accept_from_wire);\n\treport_errors(sockets, fds);\n{}"
      "\tfor (size_t i = 0; i < ARRAY_SIZE(frames); i++) {{\n"
      "\t\tclear_results();\n"
      "\t\tsend_frame(sockets, fds, frames[i].bytes, frames[i].size);\n\t}}\n"
      "\tread_results();\n"
      "\tfor (size_t i = 0; i < ARRAY_SIZE(ways_to_be_right); i++) {{\n"
      "\t\tforget_facts();\n\t\tways_to_be_right[i]();\n"
      "\t\tif (!differences)\n\t\t\tbreak;\n\t}}\n}}\n\n",
      c_attach_all(scenario));
}

}  // namespace

std::string packet_reproducer(const std::string &about, const PacketFinding &finding) {
  const Scenario &scenario = finding.input.scenario;
  const std::string code = c_headers_of(scenario) + "#include \"fuzz/target/c/arrivals.h\"\n\n" +
                           c_sockets_and_programs(scenario) + compare_functions(finding) +
                           "/* The last one is the one to look at. */\n" + frames(finding) +
                           run_function(scenario) + c_main(scenario);
  return stand_alone_c(about, code);
}

}  // namespace sklab
