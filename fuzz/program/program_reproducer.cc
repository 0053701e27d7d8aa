// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/program/program_reproducer.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include "fuzz/program/disassembly.h"
#include "fuzz/program/reproducer_main.h"
#include "harness/model/step_text.h"

namespace sklab {
namespace {

// In place of descriptors, which the reproducer fills in.
constexpr StepMaps kPlaceholders = {1001, 1002, 1003};

// `text` with each line after a comment's sign.
std::string as_comment(const std::string &text) {
  std::string comment;
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = text.find('\n', begin);
    const size_t length = end == std::string::npos ? end : end - begin;
    comment += " * " + text.substr(begin, length) + "\n";
    begin = end == std::string::npos ? text.size() : end + 1;
  }
  return comment;
}

std::string instruction_table(const StepProgram &program) {
  const StepCode code = compile_steps(program, kPlaceholders);
  const auto &first = code.first_instruction;
  std::string text = "static struct bpf_insn instructions[] = {\n";
  const auto instructions = code.code.all();
  for (size_t i = 0; i < instructions.size(); ++i) {
    for (size_t step = 0; step < program.steps.size(); ++step) {
      if (first[step] == i) text += fmt::format("\t/* {} */\n", describe(program.steps[step]));
    }
    const bpf_insn &one = instructions[i];
    text += fmt::format("\t{{{:#04x}, {}, {}, {}, {}}}, /* {:>2}: {} */\n", unsigned{one.code},
                        unsigned{one.dst_reg}, unsigned{one.src_reg}, one.off, one.imm, i,
                        disassemble(one));
  }
  return text + "};\n\n";
}

std::string socket_table() {
  std::string text = "static const struct socket_spec specs[] = {\n";
  for (const SocketSpec &spec : step_sockets()) {
    const std::string peer =
        spec.peer ? fmt::format("\"{}\", {}", spec.peer->address.text(), spec.peer->port)
                  : "NULL, 0";
    text += fmt::format("\t{{\"{}\", {}, {}, \"{}\", {}, {}, {}, {}}},\n", spec.name,
                        spec.family == Family::kIpv4 ? "AF_INET" : "AF_INET6",
                        spec.protocol == Protocol::kTcp ? "SOCK_STREAM" : "SOCK_DGRAM",
                        spec.local.address.text(), spec.local.port, peer,
                        static_cast<int>(spec.v6_only),
                        static_cast<int>(spec.reuseport_group.has_value()));
  }
  return text + "};\n\n";
}

std::string shown_table(const StepRun &run) {
  std::string text = "static const struct expected_value expected_values[] = {\n";
  for (size_t i = 0; i < run.shown.size(); ++i) {
    const StepRun::Shown &shown = run.shown[i];
    if (shown.shown && !shown.predicted) continue;
    text += fmt::format("\t{{{}, {}, {:#x}ULL}},\n", i, static_cast<int>(shown.shown), shown.value);
  }
  return text + "};\n\n";
}

std::string context_function(const Packet &packet) {
  const bool ipv4 = packet.source.address.family == Family::kIpv4;
  const char *suffix = ipv4 ? "4" : "6";
  return fmt::format(
      "static void fill_context(struct bpf_sk_lookup *context)\n{{\n"
      "\tcontext->family = {0};\n\tcontext->protocol = {1};\n"
      "\tinet_pton({0}, \"{2}\", &context->remote_ip{3});\n"
      "\tinet_pton({0}, \"{4}\", &context->local_ip{3});\n"
      "\tcontext->remote_port = htons({5});\n\tcontext->local_port = {6};\n}}\n\n",
      ipv4 ? "AF_INET" : "AF_INET6",
      packet.protocol == Protocol::kTcp ? "IPPROTO_TCP" : "IPPROTO_UDP",
      packet.source.address.text(), suffix, packet.destination.address.text(), packet.source.port,
      packet.destination.port);
}

// What the program has to do, if it has to load and that can be told.
std::string expectation(const ProgramFinding &finding) {
  StepRun run;
  if (finding.expected) {
    run = *finding.expected;
  }
  return fmt::format(
             "#define GIVEN_NUMBER {:#x}ULL\n#define SHOWN_VALUES {}\n\n"
             "/* By the rules. */\n#define LOADS {}\n#define CHECK_RUN {}\n#define RUN_ERROR {}\n"
             "#define RETURN_CODE {}\n#define SELECTED {} /* key, -1 is none */\n\n",
             finding.program.given, kMostSteps + 1, static_cast<int>(finding.verdict.loads()),
             static_cast<int>(finding.expected.has_value()), run.error, run.return_code,
             run.selected ? static_cast<int>(*run.selected) : -1) +
         kReproducerTypes + socket_table() + shown_table(run);
}

}  // namespace

std::string write_reproducer(const ProgramFinding &finding, const std::string &signature) {
  return fmt::format(
             "// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause\n"
             "/*\n * {}\n *\n * Build and run, as root:\n"
             " *   cc -o reproducer reproducer.c -lbpf && ./reproducer\n"
             " * Exits 0 when the kernel does as the rules say, 1 when not, 4 when this "
             "cannot run.\n *\n{} */\n",
             signature, as_comment(describe(finding.program))) +
         kReproducerIncludes + expectation(finding) + instruction_table(finding.program) +
         context_function(finding.program.packet) + kReproducerMain;
}

}  // namespace sklab
