// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What `sklab gate` starts to measure for it. Not for people, so not in the help.
#include <memory>

#include "bench/gate/percentage.h"
#include "bench/gate/worker.h"
#include "harness/cli/command.h"
#include "harness/cli/object_options.h"
#include "harness/cli/prepare.h"
#include "harness/cli/report_error.h"

namespace sklab {
namespace {

struct GateWorkerCommandOptions {
  int channel = -1;
  std::optional<unsigned> cpu;
  std::string slowdown;
  ObjectOptions object;
};

Result<> serve(const GateWorkerCommandOptions &options) {
  GateWorkerOptions worker;
  worker.cpu = options.cpu;
  if (!options.slowdown.empty()) {
    SKLAB_TRY(worker.slowdown, parse_percentage(options.slowdown));
  }
  SKLAB_TRY(worker.object, read_object(options.object));
  SKLAB_CHECK(prepare());
  return serve_gate(GateChannel(UniqueFd(options.channel)), worker);
}

}  // namespace

Command add_gate_worker(CLI::App &app, const std::string &) {
  const auto options = std::make_shared<GateWorkerCommandOptions>();
  CLI::App *worker = app.add_subcommand("gate-worker", "Measure for a gate")->group("");
  worker->add_option("--channel", options->channel, "Descriptor of the gate's socket")
      ->required()
      ->check(CLI::NonNegativeNumber);
  worker->add_option("--cpu", options->cpu, "CPU to run on");
  worker->add_option("--inject", options->slowdown, "Slow every lookup down by so much");
  add_object_options(*worker, options->object, {});
  return {worker, [options] {
            const auto served = serve(*options);
            return served ? ExitCode::kOk : report_error(served.error());
          }};
}

}  // namespace sklab
