// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/program/program_reproducer.h"

#include <fmt/format.h>

#include "fuzz/program/disassembly.h"
#include "fuzz/target/c_sockets.h"
#include "fuzz/target/c_source.h"
#include "harness/model/step_text.h"

namespace sklab {
namespace {

// In place of descriptors, which the reproducer fills in.
constexpr StepMaps kPlaceholders = {1001, 1002, 1003};
// fuzz/target/c/program_run.h has room for them.
static_assert(kMostSteps + 1 <= 64);

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

// What the program has to do, if it has to load and that can be told.
std::string expectation(const ProgramFinding &finding) {
  const StepRun run = finding.expected.value_or(StepRun{});
  std::string values;
  size_t count = 0;
  for (size_t i = 0; i < run.shown.size(); ++i) {
    const StepRun::Shown &shown = run.shown[i];
    if (shown.shown && !shown.predicted) continue;
    values +=
        fmt::format("\t{{{}, {}, {:#x}ULL}},\n", i, static_cast<int>(shown.shown), shown.value);
    ++count;
  }
  return fmt::format(
      "/* Step, whether it shows a value, which. The last one does not count. */\n"
      "static const struct shown_value shown_values[] = {{\n{}\t{{}},\n}};\n\n"
      "static const struct program_expectation expected = {{\n"
      "\t.loads = {:d},\n\t.is_known = {:d},\n"
      "\t.values = shown_values,\n\t.value_count = {},\n"
      "\t.error = {},\n\t.return_code = {},\n\t.selected = {},\n}};\n\n",
      values, finding.verdict.loads(), finding.expected.has_value(), count, run.error,
      run.return_code, run.selected ? static_cast<int>(*run.selected) : -1);
}

std::string run_function(const StepProgram &program) {
  const Packet &packet = program.packet;
  const char *suffix = packet.source.address.family == Family::kIpv4 ? "4" : "6";
  const char *family = c_family(packet.source.address.family);
  return fmt::format(
      "static void run(void)\n{{\n"
      "\tstruct bpf_sk_lookup packet = {{\n"
      "\t\t.family = {0},\n\t\t.protocol = {1},\n"
      "\t\t.remote_port = htons({2}),\n\t\t.local_port = {3},\n\t}};\n\n"
      "\tinet_pton({0}, \"{4}\", &packet.remote_ip{6});\n"
      "\tinet_pton({0}, \"{5}\", &packet.local_ip{6});\n"
      "\tcreate_program_maps(sockets);\n"
      "\tcompare_program(instructions, ARRAY_SIZE(instructions), &packet, {7:#x}ULL, &expected);\n"
      "}}\n\n",
      family, packet.protocol == Protocol::kTcp ? "IPPROTO_TCP" : "IPPROTO_UDP", packet.source.port,
      packet.destination.port, packet.source.address.text(), packet.destination.address.text(),
      suffix, program.given);
}

}  // namespace

std::string write_reproducer(const ProgramFinding &finding, const std::string &signature) {
  const std::string code =
      "#include \"fuzz/target/c/tries.h\"\n#include \"fuzz/target/c/program_run.h\"\n"
      "\n/* The program. What is above is the same for all of them. */\n\n" +
      c_socket_table(step_sockets()) + expectation(finding) + instruction_table(finding.program) +
      run_function(finding.program) +
      "int main(void)\n{\n\treturn (int)in_fresh_netns(run, 1);\n}\n";
  return stand_alone_c(
      fmt::format("{}\n\nThe program, which is in C at the end of this file:\n\n{}", signature,
                  describe(finding.program)),
      code);
}

}  // namespace sklab
