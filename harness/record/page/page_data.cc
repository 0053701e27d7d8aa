// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <cmath>

#include "harness/record/json_writer.h"
#include "harness/record/page/flood_sections.h"
#include "harness/record/page/kernel_sections.h"
#include "harness/record/page/latency_sections.h"
#include "harness/record/page/page.h"
#include "harness/record/page/range_sections.h"
#include "harness/record/page/scaling.h"
#include "harness/record/page/trends.h"
#include "harness/record/result_names.h"
#include "sklab/version.h"

namespace sklab {
namespace {

using Writer = JsonWriter<ResultNames>;
using Json = Writer::Json;

// What a chart can show; it keeps a page of fifty thousand samples small.
double five_digits(double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double scale = std::pow(10.0, 4 - std::floor(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

// Numbers of 64 bits do not survive in JavaScript, and a seed is not calculated with.
template <typename Record>
Json with_seed_as_text(const Record &record) {
  Json json = Writer::write(record);
  json["seed"] = std::to_string(record.seed);
  return json;
}

template <typename Record>
Json all_of(const std::vector<Record> &records) {
  Json all = Json::array();
  for (const Record &record : records) all.push_back(with_seed_as_text(record));
  return all;
}

Json runs_of(const PageContent &content) {
  Json all = Json::array();
  for (RunRecord run : content.runs) {
    for (RowRecord &row : run.rows) {
      for (double &sample : row.samples_ns) sample = five_digits(sample);
    }
    all.push_back(with_seed_as_text(run));
  }
  return all;
}

// Of what there may be several of.
std::string suffix_of(size_t index) { return index == 0 ? "" : "-" + std::to_string(index + 1); }

Json sections_of_page(const PageContent &content) {
  Json all = Json::array();
  for (size_t i = 0; i < content.comparisons.size(); ++i) {
    all.push_back(Writer::write(kernel_section(content.comparisons[i], suffix_of(i))));
  }
  for (size_t i = 0; i < content.floods.size(); ++i) {
    all.push_back(Writer::write(flood_section(content.floods[i], suffix_of(i))));
  }
  for (size_t i = 0; i < content.latencies.size(); ++i) {
    all.push_back(Writer::write(latency_section(content.latencies[i], suffix_of(i))));
  }
  for (size_t i = 0; i < content.ranges.size(); ++i) {
    all.push_back(Writer::write(range_section(content.ranges[i], suffix_of(i))));
  }
  for (size_t i = 0; i < content.runs.size(); ++i) {
    for (const PageSection &section : scaling_sections(content.runs[i], suffix_of(i))) {
      all.push_back(Writer::write(section));
    }
  }
  for (const PageSection &section : content.sections) all.push_back(Writer::write(section));
  return all;
}

}  // namespace

std::string page_data(const PageContent &content) {
  const Json document = {{"sklab_version", kSklabVersion},
                         {"sources", content.sources},
                         {"runs", runs_of(content)},
                         {"gates", all_of(content.gates)},
                         {"conforms", all_of(content.conforms)},
                         {"campaigns", all_of(content.campaigns)},
                         {"campaign_history", all_of(content.campaign_history)},
                         {"trends", Writer::write(trends_of(content.history))},
                         {"sections", sections_of_page(content)}};
  const std::string json = document.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string text;
  text.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace sklab
