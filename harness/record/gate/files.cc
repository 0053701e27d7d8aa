// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/gate/renderers.h"
#include "harness/record/gate_json.h"

namespace sklab {
namespace {

constexpr GateFile kGateFiles[] = {
    {"gate.json", gate_json},
    {"gate.txt", gate_table},
    {"gate.md", gate_markdown},
    {"github_annotations.txt", gate_github_annotations},
    {"gitlab_code_quality.json", gate_gitlab_code_quality},
    {"junit.xml", gate_junit_xml},
    {"results.ktap", gate_ktap},
    {"google_benchmark_base.json", gate_google_benchmark_of_base},
    {"google_benchmark_candidate.json", gate_google_benchmark_of_candidate},
    {"bencher.json", gate_bencher_json},
    {"github_action_benchmark.json", gate_github_action_benchmark_json},
    {"cover_letter.txt", gate_cover_letter},
};

}  // namespace

std::span<const GateFile> gate_files() { return kGateFiles; }

}  // namespace sklab
