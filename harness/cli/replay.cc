// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/replay.h"

#include <fmt/format.h>

#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/prepare.h"
#include "harness/cli/report_error.h"
#include "harness/cli/scenario_file.h"
#include "harness/model/model.h"
#include "harness/model/scenario_text.h"
#include "harness/path/scenario_packet.h"
#include "harness/path/scenario_probe.h"

namespace sklab {
namespace {

struct NamedScenario {
  std::string name;
  Scenario scenario;
};

Result<std::vector<NamedScenario>> read_scenarios(const std::vector<std::string> &files) {
  std::vector<NamedScenario> scenarios;
  for (const std::string &file : files) {
    SKLAB_TRY(Scenario scenario, read_scenario_file(file, parse_scenario));
    scenarios.push_back({file, std::move(scenario)});
  }
  return scenarios;
}

struct Counts {
  unsigned agreed = 0;
  unsigned differed = 0;
};

void print_path(const char *path, const Outcome &expected, const std::string &observed, bool agrees,
                const Scenario &scenario, Counts &counts) {
  ++(agrees ? counts.agreed : counts.differed);
  fmt::print("  rules,  {:<7} {}\n  kernel, {:<6} {}  {}\n", std::string(path) + ":",
             describe(expected, scenario), std::string(path) + ":", observed,
             agrees ? "ok" : "MISMATCH");
}

Result<> replay_probe(const Scenario &scenario, ScenarioProbe &probe, Counts &counts) {
  SKLAB_TRY(const Observation observed, probe.observe(scenario));
  const Outcome expected = evaluate(scenario);
  print_path("probe", expected, describe(observed, scenario), allows(expected, observed), scenario,
             counts);
  return Ok{};
}

Result<> replay_packet(const Scenario &scenario, ScenarioPacket &path, Counts &counts) {
  auto observed = path.observe(scenario);
  if (!observed && observed.error().kind == ErrorKind::kUnavailable) {
    fmt::print("  kernel, packet: SKIP {}\n", observed.error().message());
    return Ok{};
  }
  if (!observed) return tl::unexpected(observed.error());
  const Outcome expected = evaluate(scenario, Arrival::kPacket);
  print_path("packet", expected, describe(*observed, scenario),
             allows(expected, *observed, scenario.packet.protocol), scenario, counts);
  return Ok{};
}

Result<Counts> replay_all(const std::vector<NamedScenario> &scenarios) {
  SKLAB_TRY(ScenarioProbe probe, ScenarioProbe::create());
  SKLAB_TRY(ScenarioPacket packet, ScenarioPacket::create());
  Counts counts;
  for (const auto &[name, scenario] : scenarios) {
    fmt::print("{}\n", name);
    SKLAB_CHECK(replay_probe(scenario, probe, counts));
    SKLAB_CHECK(replay_packet(scenario, packet, counts));
  }
  return counts;
}

}  // namespace

ExitCode run_replay(const ReplayOptions &options) {
  const auto scenarios = read_scenarios(options.files);
  if (!scenarios) return report_error(scenarios.error());
  if (const auto prepared = prepare(); !prepared) return report_error(prepared.error());
  const auto counts = replay_all(*scenarios);
  if (!counts) return report_error(counts.error());
  return counts->differed == 0 ? ExitCode::kOk : ExitCode::kFinding;
}

Command add_replay(CLI::App &app, const std::string &command_line) {
  const auto options = std::make_shared<ReplayOptions>();
  CLI::App *replay = app.add_subcommand("replay", "Run scenarios and compare with the rules");
  replay->add_option("FILE", options->files, "Scenarios as text; - is stdin")->required();
  add_target_options(*replay, options->target, command_line);
  replay->footer(
      "Examples:\n"
      "  sklab replay results/runs/latest/mismatch_1.scenario\n"
      "  sklab replay a.scenario b.scenario\n"
      "  sklab replay a.scenario --target guest:6.12\n\n"
      "A scenario:\n"
      "  scenario 1\n"
      "  dialect pass_drop\n"
      "  socket a udp4 127.0.0.1:7007\n"
      "  socket b udp6 [::]:8008 reuseport=1\n"
      "  program assign b; pass\n"
      "  program assign a replace; drop\n"
      "  packet udp4 127.0.0.9:4000 -> 127.0.0.1:7007\n\n" +
      std::string(kExitCodes));
  return {
      replay, [options] {
        if (!options->target.is_guest()) return run_replay(*options);
        return run_on_target(options->target, {{options->files.begin(), options->files.end()}, {}});
      }};
}

}  // namespace sklab
