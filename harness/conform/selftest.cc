// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/selftest.h"

#include <numeric>
#include <string_view>
#include <vector>

#include "harness/conform/comparison.h"
#include "harness/conform/context_values.h"
#include "harness/conform/selftest_cases.h"
#include "harness/conform/selftest_context.h"
#include "harness/model/model.h"
#include "harness/model/scenario_text.h"
#include "harness/path/scenario_packet.h"
#include "harness/path/scripted_programs.h"

namespace sklab {
namespace {

constexpr char kSelftestRefused[] = "refused";

struct Paths {
  ScenarioPacket packet;
  ScriptedPrograms local;  // of senders in the same netns

  static Result<Paths> create() {
    SKLAB_TRY(ScenarioPacket packet, ScenarioPacket::create());
    SKLAB_TRY(ScriptedPrograms local, ScriptedPrograms::create());
    return Paths{std::move(packet), std::move(local)};
  }
};

// What the table says, without the model.
std::string receiver(const PacketObservation &observed, const Scenario &scenario) {
  const auto &socket = observed.observation.socket;
  if (socket) return scenario.sockets[*socket].name;
  const bool refused = observed.reply == Reply::kReset || observed.reply == Reply::kPortUnreachable;
  return refused ? kSelftestRefused : "lost";
}

Result<> check_scenario(ScenarioPacket &path, const SelftestCase &test, const Scenario &scenario,
                        const Rules &rules, Case &result) {
  SKLAB_CHECK(path.populate(scenario));
  SKLAB_TRY(const PacketObservation observed, path.send(scenario));
  result.check(receiver(observed, scenario) == test.expected, [&] {
    const std::string text = format_scenario(scenario);
    return Mismatch(
        text + "# expected: " + test.expected + "\n# kernel:   " + describe(observed, scenario),
        text);
  });
  const Outcome expected = evaluate(scenario, Arrival::kPacket, rules);
  result.check(allows(expected, observed, scenario.packet.protocol),
               [&] { return describe_mismatch(scenario, expected, observed); });
  SKLAB_TRY(const Observation looked_up, path.look_up(scenario));
  const Outcome without_packet = evaluate(scenario, Arrival::kHelper, rules);
  result.check(allows(without_packet, looked_up),
               [&] { return describe_mismatch(scenario, without_packet, looked_up); });
  return Ok{};
}

// On the wire the sender is nobody who could be told an errno, so the scenario is built once more
// for a sender in the same netns, as the original has it.
Result<> check_refusal(ScriptedPrograms &programs, const Scenario &scenario, Case &result) {
  SKLAB_TRY(const Netns netns, Netns::create());
  SKLAB_TRY(const SocketSet sockets, SocketSet::create(netns, scenario.sockets));
  std::vector<size_t> all(scenario.sockets.size());
  std::iota(all.begin(), all.end(), size_t{0});
  SKLAB_CHECK(programs.use_population(sockets, all));
  SKLAB_CHECK(programs.attach_reuseport(scenario, sockets));
  SKLAB_CHECK(programs.attach(netns, scenario.dialect, scenario.codes, scenario.programs.size()));
  SKLAB_CHECK(programs.write(0, scenario));
  programs.select(0);
  SKLAB_CHECK(check_refused_locally(netns, scenario.packet, result));
  programs.detach();
  return Ok{};
}

Result<> check_case(Paths &paths, const SelftestCase &test, const Rules &rules, Case &result) {
  SKLAB_TRY(const Scenario scenario,
            parse_scenario("scenario 1\ndialect pass_drop\n" + test.sockets + test.programs +
                           "packet " + test.packet + "\n"));
  SKLAB_CHECK(check_scenario(paths.packet, test, scenario, rules, result));
  if (std::string_view(test.expected) != kSelftestRefused) return Ok{};
  return check_refusal(paths.local, scenario, result);
}

}  // namespace

void check_selftest(CaseLog &log, const ConformSettings &settings) {
  auto paths = Paths::create();
  log.run("query lookup prog", check_query);
  for (const SelftestCase &test : selftest_cases()) {
    log.run(test.name, [&](Case &result) -> Result<> {
      if (!paths) return tl::unexpected(paths.error());
      return check_case(*paths, test, *settings.rules, result);
    });
  }
  check_interface_drops(log);
  log.run("access ctx->sk", check_selected_socket);
  log.run("narrow access to ctx v4", check_narrow_access_v4);
  log.run("narrow access to ctx v6", check_narrow_access_v6);
}

}  // namespace sklab
