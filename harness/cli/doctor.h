// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/base/exit_code.h"
#include "harness/kernel/features.h"
#include "harness/measure/noise.h"

namespace sklab {

struct DoctorOptions {
  bool json = false;
};

// What doctor found out.
struct Diagnosis {
  std::vector<Feature> features;
  std::vector<std::pair<std::string, std::string>> facts;  // name and value
  Result<Noise> noise;
  Result<> ready;  // whether `sklab bench` can run here, or why not
};

// At most 100 columns, plain ASCII.
std::string doctor_text(const Diagnosis &diagnosis);
std::string doctor_json(const Diagnosis &diagnosis);

// `sklab doctor`: exits 4 when the benchmark cannot run here.
ExitCode run_doctor(const DoctorOptions &options);

}  // namespace sklab
