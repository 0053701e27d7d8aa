# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What a standing campaign shows: status.html, and mail.txt, made of its folder alone."""
import datetime
import html
import os
import string

STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% } td, th { padding: .25rem .6rem; text-align: right }
td:nth-child(-n+2), th:nth-child(-n+2), td:last-child, th:last-child { text-align: left }
tr { border-bottom: 1px solid #8884 } .bad { color: #c0392b; font-weight: 600 } .good { color: #2a7f3e }
"""
PAGE = string.Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="60"><title>sklab: $headline</title><style>$style</style></head><body>
<h1>$headline</h1><p>$written UTC</p>
<table><tr><th>kernel</th><th>work</th><th>hours</th><th>checked</th><th>findings</th><th>failures</th><th>state</th></tr>
$rows</table>
<h2>Findings</h2>
$findings
</body></html>
""")
UNITS = {"conform": "outcomes", "fuzz": "cases", "race": "rounds"}


def hours(one):
    return one.state["given_s"] / 3600


def checked(one):
    return one.state["figures"].get("checked", 0)


def findings_of(state):
    return [(one, folder, signature) for one in state.work for folder, signature in one.findings()]


def problems_of(state):
    """Of what left no folder of a finding: a line each."""
    return [f"{one.name}: {one.state['broken']}" for one in state.work if one.state.get("broken")]


def headline(state):
    count = len(findings_of(state)) + len(problems_of(state))
    kernels = len({one.kernel for one in state.work})
    total = sum(hours(one) for one in state.work)
    what = "nothing found" if count == 0 else f"{count} finding{'s' if count > 1 else ''}"
    return f"{what} in {total:.1f} hours of {kernels} kernel{'s' if kernels != 1 else ''}"


def status_of(one):
    if one.state["given_up"]:
        return f"given up: {one.state['given_up']}"
    return "" if one.wants_time() else "done"


def page_row(one):
    bad = len(list(one.findings())) + (1 if one.state.get("broken") else 0)
    cells = [one.kernel, one.kind, f"{hours(one):.2f}", f"{checked(one):,} {UNITS[one.kind]}", str(bad),
             str(one.state["failures"]), status_of(one)]
    classes = {4: "bad" if bad else "good", 5: "bad" if one.state["failures"] else ""}
    return "<tr>" + "".join(f'<td class="{classes.get(i, "")}">{html.escape(cell)}</td>'
                            for i, cell in enumerate(cells)) + "</tr>\n"


def page_findings(state):
    items = [f'<li><a href="{html.escape(os.path.relpath(folder, state.folder))}/finding.txt">'
             f"{html.escape(signature)}</a> ({html.escape(one.name)})</li>" for one, folder, signature in findings_of(state)]
    items += [f"<li>{html.escape(line)}</li>" for line in problems_of(state)]
    return f"<ul>{''.join(items)}</ul>" if items else "<p>None.</p>"


def mail(state):
    """A summary that fits a mail: a subject, a table of 72 columns, findings."""
    lines = [f"Subject: sklab: {headline(state)}", "",
             f"{'kernel':<20} {'work':<8} {'hours':>6} {'checked':>16} {'findings':>9} {'failures':>9}"]
    for one in state.work:
        bad = len(list(one.findings())) + (1 if one.state.get("broken") else 0)
        lines.append(f"{one.kernel[-20:]:<20} {one.kind:<8} {hours(one):>6.2f} {checked(one):>16,} {bad:>9} "
                     f"{one.state['failures']:>9}")
        if one.state["given_up"]:
            lines.append(f"  given up: {one.state['given_up']}")
    for one, folder, signature in findings_of(state):
        lines += ["", f"{one.name}: {signature}", f"  {folder}"]
    for line in problems_of(state):
        lines += ["", line]
    return "\n".join(lines) + "\n"


def write_file(path, text):
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text)
    os.replace(temporary, path)


def write(state):
    now = datetime.datetime.now(datetime.timezone.utc)
    text = PAGE.substitute(headline=html.escape(headline(state)), style=STYLE, written=f"{now:%Y-%m-%d %H:%M}",
                           rows="".join(page_row(one) for one in state.work), findings=page_findings(state))
    write_file(state.folder / "status.html", text)
    write_file(state.folder / "mail.txt", mail(state))
