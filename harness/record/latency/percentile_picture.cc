// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/latency/percentile_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "harness/record/latency/latency_charts.h"
#include "harness/record/latency/latency_table.h"

namespace sklab {
namespace {

constexpr double kWidth = 860;
constexpr double kPanelHeight = 320;
constexpr double kLeft = 70;
constexpr double kRight = 180;  // the legend's
constexpr double kTop = 36;
constexpr double kBottom = 44;
constexpr double kPlotWidth = kWidth - kLeft - kRight;
constexpr double kPlotHeight = kPanelHeight - kTop - kBottom;
constexpr double kNines[] = {0, 90, 99, 99.9, 99.99, 99.999};
// Colours that colour-blind people tell apart (M. Okabe, K. Ito), then the same with dashes.
constexpr const char *kColours[] = {"#000000", "#0072b2", "#d55e00", "#009e73",
                                    "#cc79a7", "#e69f00", "#56b4e9"};

// Axes of a panel: decades of microseconds, and nines.
struct Axes {
  double low_decade = 0;
  double high_decade = 1;
  double most_nines = 1;

  [[nodiscard]] double x(double share_above) const {
    return kLeft + kPlotWidth * std::min(-std::log10(share_above) / most_nines, 1.0);
  }
  [[nodiscard]] double y(double latency_ns) const {
    const double decade = std::log10(std::max(latency_ns, 1.0) / 1000);
    const double share = (decade - low_decade) / (high_decade - low_decade);
    return kTop + kPlotHeight * (1 - std::clamp(share, 0.0, 1.0));
  }
};

Axes axes_of(const LatencyChart &chart) {
  double least_ns = std::numeric_limits<double>::infinity();
  double most_ns = 0;
  double requests = 1;
  for (const LatencyRowRecord *row : chart.rows) {
    least_ns = std::min(least_ns, static_cast<double>(row->histogram_ns.front()));
    most_ns = std::max(most_ns, row->max_ns);
    requests = std::max(requests, static_cast<double>(row->requests));
  }
  Axes axes;
  axes.low_decade = std::floor(std::log10(std::max(least_ns, 10.0) / 1000));
  axes.high_decade =
      std::max(std::ceil(std::log10(std::max(most_ns, 10.0) / 1000)), axes.low_decade + 1);
  axes.most_nines = std::max(std::log10(requests), 1.0);
  return axes;
}

std::string text_at(double x, double y, const char *anchor, const std::string &text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     text);
}

std::string line_of(double x1, double y1, double x2, double y2) {
  return fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#dddddd\"/>\n", x1,
      y1, x2, y2);
}

std::string grid(const Axes &axes) {
  std::string svg;
  for (double decade = axes.low_decade; decade <= axes.high_decade; ++decade) {
    const double y = axes.y(std::pow(10, decade) * 1000);
    svg += line_of(kLeft, y, kLeft + kPlotWidth, y);
    svg += text_at(kLeft - 6, y + 4, "end", fmt::format("{:g}", std::pow(10, decade)));
  }
  for (const double percent : kNines) {
    const double share_above = (100 - percent) / 100;
    if (-std::log10(share_above) > axes.most_nines) break;
    const double x = axes.x(share_above);
    svg += line_of(x, kTop, x, kTop + kPlotHeight);
    svg += text_at(x, kTop + kPlotHeight + 16, "middle", percent_text(percent) + " %");
  }
  svg += text_at(kLeft, kTop - 6, "end", "us");
  return svg + text_at(kLeft + kPlotWidth / 2, kTop + kPlotHeight + 34, "middle",
                       "requests that took less");
}

std::string style_of(size_t index) {
  const char *dashes = index >= std::size(kColours) ? " stroke-dasharray=\"5 3\"" : "";
  return fmt::format("fill=\"none\" stroke=\"{}\" stroke-width=\"1.6\"{}",
                     kColours[index % std::size(kColours)], dashes);
}

// A step a bucket, but none that is too small to be seen.
std::string curve(const LatencyRowRecord &row, const Axes &axes, size_t index) {
  constexpr double kSmallestStep = 0.3;
  const auto requests = static_cast<double>(row.requests);
  std::string points;
  double done = 0;
  double last_x = -1;
  double last_y = -1;
  for (size_t i = 0; i < row.histogram_ns.size(); ++i) {
    const double x = axes.x((requests - done) / requests);
    const double y = axes.y(static_cast<double>(row.histogram_ns[i]));
    done += static_cast<double>(row.histogram_counts[i]);
    const bool is_last = i + 1 == row.histogram_ns.size();
    const bool is_seen = std::abs(x - last_x) + std::abs(y - last_y) > kSmallestStep;
    if (!is_last && !is_seen) continue;
    points += fmt::format("{}{:.1f},{:.1f}", points.empty() ? "" : " ", x, y);
    last_x = x;
    last_y = y;
  }
  return fmt::format("<polyline {} points=\"{}\"><title>{}: {}</title></polyline>\n",
                     style_of(index), points, row.name, row.title);
}

std::string legend_line(const LatencyRowRecord &row, size_t index) {
  const double x = kLeft + kPlotWidth + 14;
  const double y = kTop + 8 + 18 * static_cast<double>(index);
  return fmt::format("<polyline {} points=\"{:.1f},{:.1f} {:.1f},{:.1f}\"/>\n", style_of(index), x,
                     y, x + 22, y) +
         text_at(x + 28, y + 4, "start", row.name);
}

std::string panel(const LatencyChart &chart, double top) {
  const Axes axes = axes_of(chart);
  std::string svg = fmt::format("<g transform=\"translate(0 {:.0f})\">\n", top);
  svg += text_at(kLeft + 20, 18, "start", chart.title);
  svg += grid(axes);
  for (size_t i = 0; i < chart.rows.size(); ++i) {
    svg += curve(*chart.rows[i], axes, i) + legend_line(*chart.rows[i], i);
  }
  return svg + "</g>\n";
}

}  // namespace

std::string percentile_picture(const LatencyRecord &record) {
  std::string panels;
  double height = 0;
  for (const LatencySectionRecord &section : record.sections) {
    for (const LatencyChart &chart : latency_charts(section)) {
      panels += panel(chart, height);
      height += kPanelHeight;
    }
  }
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
             "width=\"{0:.0f}\" height=\"{1:.0f}\" font-family=\"sans-serif\" font-size=\"12\">\n"
             "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
             kWidth, std::max(height, 1.0)) +
         panels + "</svg>\n";
}

}  // namespace sklab
