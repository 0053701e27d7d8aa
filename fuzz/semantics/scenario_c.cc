// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/scenario_c.h"

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
  return loader(
      fmt::format("Of reuseport group {}. It runs for packets, not for lookups by a helper.",
                  program.group),
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

std::string fact_number(const std::string &what, const std::string &expected,
                        const std::string &seen) {
  return fmt::format("\tfact_number({}, {}, results.{});\n", c_string(what), expected, seen);
}

std::string expected_of_program(const Scenario &scenario, size_t n, uint64_t runs,
                                const std::vector<int> &results) {
  std::string text = fact_number(fmt::format("program {} runs", n), std::to_string(runs),
                                 fmt::format("program[{}].runs", n));
  // Only of those that run, as there are no others before it.
  if (runs > 0 && scenario.programs.size() > 1) {
    text += fact_number(fmt::format("program {} runs as number", n), std::to_string(n + 1),
                        fmt::format("program[{}].order", n));
  }
  for (size_t k = 0; k < results.size(); ++k) {
    const AssignOperation &assign = scenario.programs[n].assigns[k];
    text += fact_number(fmt::format("program {}: {}", n, format_assign(assign, scenario)),
                        c_result(results[k]), fmt::format("program[{}].assigned[{}]", n, k));
  }
  return text;
}

}  // namespace

std::string c_index(const Scenario &scenario, size_t socket) {
  return "SOCKET_" + scenario.sockets[socket].name;
}

std::string c_headers_of(const Scenario &scenario) {
  std::string code =
      "#include \"fuzz/target/c/tries.h\"\n"
      "#include \"fuzz/target/c/scripts.h\"\n";
  if (!scenario.reuseport_programs.empty()) code += "#include \"fuzz/target/c/reuseport.h\"\n";
  return code;
}

std::string c_sockets_and_programs(const Scenario &scenario) {
  std::string code = "/* The scenario. What is above is the same for all of them. */\n\n" +
                     socket_indices(scenario) + c_socket_table(scenario.sockets) +
                     programs(scenario);
  for (const ReuseportProgram &program : scenario.reuseport_programs) {
    code += reuseport_program(scenario, program);
  }
  return code;
}

std::string c_attach_all(const Scenario &scenario) {
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
  return steps;
}

std::string c_compare_programs(const Scenario &scenario, const std::vector<uint64_t> &run_counts,
                               const std::vector<std::vector<int>> &assign_results) {
  std::string text;
  for (size_t n = 0; n < scenario.programs.size(); ++n) {
    text += expected_of_program(scenario, n, run_counts[n], assign_results[n]);
  }
  return text;
}

std::string c_main(const Scenario &scenario) {
  const bool by_hash = std::any_of(scenario.sockets.begin(), scenario.sockets.end(),
                                   [](const SocketSpec &socket) { return socket.reuseport_group; });
  constexpr char kByHash[] =
      "\t/* The hash that chooses a member of a reuseport group is keyed by each netns. */\n";
  return fmt::format("int main(void)\n{{\n{}\treturn (int)in_fresh_netns(run, {});\n}}\n",
                     by_hash ? kByHash : "", by_hash ? 32 : 1);
}

}  // namespace sklab
