// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/semantics_reproducer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "fuzz/semantics/scenario_c.h"
#include "fuzz/target/c_sockets.h"
#include "fuzz/target/c_source.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

std::string packet_variable(const Packet &packet) {
  return fmt::format(
      "static const struct packet packet = {{\n"
      "\t.family = {},\n\t.type = {},\n\t.source = {},\n\t.destination = {},\n}};\n\n",
      c_family(packet.source.address.family), c_type(packet.protocol), c_endpoint(packet.source),
      c_endpoint(packet.destination));
}

std::string expected_socket(const Scenario &scenario, const Outcome &expected) {
  std::vector<std::string> conditions;
  std::vector<std::string> names;
  for (const size_t socket : expected.sockets) {
    conditions.push_back(fmt::format("found == MARK({})", c_index(scenario, socket)));
    names.push_back(scenario.sockets[socket].name);
  }
  if (names.empty()) {
    conditions.emplace_back("found == 0");
    names.emplace_back("none");
  }
  return fmt::format("\tfact({},\n\t     \"socket found\", \"{}\", name_of(sockets, found));\n",
                     fmt::join(conditions, " ||\n\t     "), fmt::join(names, " or "));
}

std::string compare_function(const Scenario &scenario, const Outcome &expected) {
  return fmt::format("static void compare(int found)\n{{\n{}{}}}\n\n",
                     expected_socket(scenario, expected),
                     c_compare_programs(scenario, expected.run_counts, expected.assign_results));
}

std::string run_function(const Scenario &scenario) {
  return fmt::format(
      "static void run(void)\n{{\n"
      "\tint fds[ARRAY_SIZE(sockets)] = {{0}};\n\tint found;\n\n"
      "\tcreate_maps();\n\topen_sockets(sockets, fds, open_established);\n{}"
      "\tfound = look_up(&packet);\n\tread_results();\n\tcompare(found);\n}}\n\n",
      c_attach_all(scenario));
}

}  // namespace

std::string semantics_reproducer(const std::string &about, const Scenario &scenario,
                                 const Outcome &expected) {
  const std::string code = c_headers_of(scenario) + "#include \"fuzz/target/c/lookup.h\"\n\n" +
                           c_sockets_and_programs(scenario) + packet_variable(scenario.packet) +
                           compare_function(scenario, expected) + run_function(scenario) +
                           c_main(scenario);
  return stand_alone_c(
      fmt::format(
          "{}\n\nThe scenario, which is in C at the end of this file:\n\n{}\nExpected: {}\n", about,
          format_scenario(scenario), describe(expected, scenario)),
      code);
}

}  // namespace sklab
