// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/semantics_reproducer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "fuzz/target/c_sockets.h"
#include "fuzz/target/c_source.h"
#include "harness/model/scenario_text.h"
#include "harness/path/scenario_probe.h"

namespace sklab {
namespace {

// A socket's place in the table of sockets, and in the SOCKMAP.
std::string c_index(const Scenario &scenario, size_t socket) {
  return "SOCKET_" + scenario.sockets[socket].name;
}

std::string c_flags(uint64_t flags) {
  std::vector<std::string> names;
  if ((flags & kAssignReplace) != 0) names.emplace_back("BPF_SK_LOOKUP_F_REPLACE");
  if ((flags & kAssignNoReuseport) != 0) names.emplace_back("BPF_SK_LOOKUP_F_NO_REUSEPORT");
  const uint64_t rest = flags & ~(kAssignReplace | kAssignNoReuseport);
  if (rest != 0) names.push_back(fmt::format("{:#x}ULL", rest));
  return names.empty() ? "0" : fmt::format("{}", fmt::join(names, " | "));
}

std::string socket_indices(const Scenario &scenario) {
  if (scenario.sockets.empty()) return {};
  std::string indices;
  for (size_t i = 0; i < scenario.sockets.size(); ++i) {
    indices += fmt::format("\t{},\n", c_index(scenario, i));
  }
  return fmt::format("enum {{\n{}}};\n\n", indices);
}

std::string packet_variable(const Packet &packet) {
  return fmt::format(
      "static const struct packet packet = {{\n"
      "\t.family = {},\n\t.type = {},\n\t.source = {},\n\t.destination = {},\n}};\n\n",
      c_family(packet.source.address.family), c_type(packet.protocol), c_endpoint(packet.source),
      c_endpoint(packet.destination));
}

// A function that loads a program of these instructions, a line each.
std::string loader(const std::string &comment, const std::string &name, const std::string &type,
                   const std::string &instructions) {
  return fmt::format(
      "{}static int {}(void)\n{{\n"
      "\tconst struct bpf_insn code[] = {{\n{}\t}};\n\n"
      "\treturn load_program({}, code, ARRAY_SIZE(code));\n}}\n\n",
      c_comment(comment), name, instructions, type);
}

constexpr char kSkLookup[] = "BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP";
constexpr char kSkReuseport[] = "BPF_PROG_TYPE_SK_REUSEPORT,\n\t\t\t    BPF_SK_REUSEPORT_SELECT";

// What program `n` of the scenario does before it returns.
std::string script_instructions(const Scenario &scenario, size_t n) {
  std::string text = fmt::format("\t\tNOTE_RUN({}),\n", n);
  const auto &assigns = scenario.programs[n].assigns;
  for (size_t k = 0; k < assigns.size(); ++k) {
    const std::string flags = c_flags(assigns[k].flags);
    text += assigns[k].socket ? fmt::format("\t\tASSIGN({}, {}, {}, {}),\n", n, k,
                                            c_index(scenario, *assigns[k].socket), flags)
                              : fmt::format("\t\tASSIGN_NULL({}, {}, {}),\n", n, k, flags);
  }
  return text;
}

// A program of the kernel's own dialect.
std::string native_program(const Scenario &scenario, size_t n) {
  const ScriptedProgram &program = scenario.programs[n];
  return loader(
      fmt::format("program {}: {}", n, format_program(program, scenario)),
      fmt::format("load_program_{}", n), kSkLookup,
      fmt::format("\t\tBEGIN_PROGRAM,\n{}\t\tRETURN({}),\n", script_instructions(scenario, n),
                  program.return_code == kSkDrop ? "SK_DROP" : "SK_PASS"));
}

// How the older dialects combine what the programs return, which is known here.
std::string combination(const Scenario &scenario) {
  bool dropped = false;
  bool redirected = false;
  for (const ScriptedProgram &program : scenario.programs) {
    const auto action = action_of(scenario.dialect, scenario.codes, program.return_code);
    dropped |= action == Action::kDrop;
    redirected |= action == Action::kRedirect;
  }
  if (redirected) {
    return "\t\t/* A program returned REDIRECT: what is selected counts. */\n"
           "\t\tRETURN(SK_PASS),\n";
  }
  std::string text;
  if (scenario.dialect == Dialect::kOkDrop) {
    text += "\t\t/* What is selected outweighs any DROP. */\n\t\tRETURN_PASS_IF_SELECTED,\n";
  } else {
    text += "\t\t/* No program returned REDIRECT: what is selected does not count. */\n";
  }
  return text + fmt::format(
                    "\t\tCLEAR_SELECTION,\n\t\t/* {} program returned DROP. */\n"
                    "\t\tRETURN({}),\n",
                    dropped ? "A" : "No", dropped ? "SK_DROP" : "SK_PASS");
}

std::string dispatcher(const Scenario &scenario) {
  std::string instructions = "\t\tBEGIN_PROGRAM,\n";
  for (size_t n = 0; n < scenario.programs.size(); ++n) {
    instructions += fmt::format("\t\t/* program {}: {} */\n{}", n,
                                format_program(scenario.programs[n], scenario),
                                script_instructions(scenario, n));
  }
  return loader(
      fmt::format(
          "All programs of the scenario in one. In the dialect '{}', which the kernel does\n"
          "not have, they share the context; and how they decide together is done here.",
          dialect_name(scenario.dialect)),
      "load_program_0", kSkLookup, instructions + combination(scenario));
}

size_t loaded_programs(const Scenario &scenario) {
  const size_t programs = scenario.programs.size();
  return scenario.dialect == Dialect::kPassDrop ? programs : std::min<size_t>(programs, 1);
}

std::string programs(const Scenario &scenario) {
  std::string text;
  if (scenario.dialect != Dialect::kPassDrop) {
    return scenario.programs.empty() ? "" : dispatcher(scenario);
  }
  for (size_t n = 0; n < scenario.programs.size(); ++n) text += native_program(scenario, n);
  return text;
}

std::string reuseport_program(const Scenario &scenario, const ReuseportProgram &program) {
  const bool selects = program.action == ReuseportProgram::Action::kSelect;
  const std::string select =
      selects ? fmt::format("\t\tSELECT_MEMBER({}),\n", c_index(scenario, program.socket)) : "";
  const bool drops = program.action == ReuseportProgram::Action::kDrop;
  return loader("A lookup by a helper has no packet, so this program is not run.",
                fmt::format("load_reuseport_program_{}", program.group), kSkReuseport,
                fmt::format("{}\t\tRETURN({}),\n", select, drops ? "SK_DROP" : "SK_PASS"));
}

// To one unconnected member, since it counts for all of them.
std::string attach_reuseport(const Scenario &scenario, const ReuseportProgram &program) {
  for (size_t i = 0; i < scenario.sockets.size(); ++i) {
    const SocketSpec &socket = scenario.sockets[i];
    if (socket.reuseport_group != program.group || socket.peer) continue;
    return fmt::format("\tattach_to_group(fds[{}], load_reuseport_program_{}());\n",
                       c_index(scenario, i), program.group);
  }
  return {};
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

std::string fact_number(const std::string &what, const std::string &expected,
                        const std::string &seen) {
  return fmt::format("\tfact_number({}, {}, results.{});\n", c_string(what), expected, seen);
}

std::string expected_of_program(const Scenario &scenario, const Outcome &expected, size_t n) {
  const uint64_t runs = expected.run_counts[n];
  std::string text = fact_number(fmt::format("program {} runs", n), std::to_string(runs),
                                 fmt::format("program[{}].runs", n));
  // Only of those that run, as there are no others before it.
  if (runs > 0 && scenario.programs.size() > 1) {
    text += fact_number(fmt::format("program {} runs as number", n), std::to_string(n + 1),
                        fmt::format("program[{}].order", n));
  }
  const auto &results = expected.assign_results[n];
  for (size_t k = 0; k < results.size(); ++k) {
    const AssignOperation &assign = scenario.programs[n].assigns[k];
    text += fact_number(fmt::format("program {}: {}", n, format_assign(assign, scenario)),
                        c_result(results[k]), fmt::format("program[{}].assigned[{}]", n, k));
  }
  return text;
}

std::string compare_function(const Scenario &scenario, const Outcome &expected) {
  std::string facts = expected_socket(scenario, expected);
  for (size_t n = 0; n < scenario.programs.size(); ++n) {
    facts += expected_of_program(scenario, expected, n);
  }
  return fmt::format("static void compare(int found)\n{{\n{}}}\n\n", facts);
}

std::string run_function(const Scenario &scenario) {
  std::string steps;
  for (const size_t socket : assigned_sockets(scenario)) {
    const std::string index = c_index(scenario, socket);
    steps += fmt::format("\tput_into_socket_map({0}, fds[{0}]);\n", index);
  }
  for (const ReuseportProgram &program : scenario.reuseport_programs) {
    steps += attach_reuseport(scenario, program);
  }
  for (size_t n = 0; n < loaded_programs(scenario); ++n) {
    steps += fmt::format("\tattach(load_program_{}());\n", n);
  }
  return fmt::format(
      "static void run(void)\n{{\n"
      "\tint fds[ARRAY_SIZE(sockets)] = {{0}};\n\tint found;\n\n"
      "\tcreate_maps();\n\topen_sockets(sockets, fds);\n{}"
      "\tfound = look_up(&packet);\n\tread_results();\n\tcompare(found);\n}}\n\n",
      steps);
}

std::string main_function(const Scenario &scenario) {
  const bool by_hash = std::any_of(scenario.sockets.begin(), scenario.sockets.end(),
                                   [](const SocketSpec &socket) { return socket.reuseport_group; });
  constexpr char kByHash[] =
      "\t/* The hash that chooses a member of a reuseport group is keyed by each netns. */\n";
  return fmt::format("int main(void)\n{{\n{}\treturn (int)in_fresh_netns(run, {});\n}}\n",
                     by_hash ? kByHash : "", by_hash ? 32 : 1);
}

}  // namespace

std::string semantics_reproducer(const std::string &about, const Scenario &scenario,
                                 const Outcome &expected) {
  std::string code =
      "#include \"fuzz/target/c/tries.h\"\n"
      "#include \"fuzz/target/c/lookup.h\"\n"
      "#include \"fuzz/target/c/scripts.h\"\n";
  if (!scenario.reuseport_programs.empty()) code += "#include \"fuzz/target/c/reuseport.h\"\n";
  code += "\n/* The scenario. What is above is the same for all of them. */\n\n";
  code += socket_indices(scenario) + c_socket_table(scenario.sockets) +
          packet_variable(scenario.packet) + programs(scenario);
  for (const ReuseportProgram &program : scenario.reuseport_programs) {
    code += reuseport_program(scenario, program);
  }
  code += compare_function(scenario, expected) + run_function(scenario) + main_function(scenario);
  return stand_alone_c(
      fmt::format(
          "{}\n\nThe scenario, which is in C at the end of this file:\n\n{}\nExpected: {}\n", about,
          format_scenario(scenario), describe(expected, scenario)),
      code);
}

}  // namespace sklab
