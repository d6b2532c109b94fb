"""What stands under the options of each command's --help: examples, what goes where, exit codes."""

from __future__ import annotations

_DRAFTED = """\
Exit codes: 0 drafted · 1 --strict found errors · 2 wrong input or usage · 3 drafted, but the model failed and rules
answered instead · 4 a fault of this program · 130 interrupted"""
_CHECKED = "Exit codes: 0 nothing found · 1 something found · 2 wrong input or usage"
_PRINTED = "Exit codes: 0 printed · 2 wrong input or usage"

_TEXTS = {
    "draft": f"""\
Examples:
  pm-agent draft chat.txt alerts.json app.log --date 2026-03-04 --tz Europe/Berlin -o postmortem.md
  pm-agent draft slack-export.zip --channel incident-42 --template sre -o review.md -o review.docx
  pm-agent draft incident/ --model NAME --base-url http://127.0.0.1:8080/v1 --dry-run
  pm-agent draft incident/ --update postmortem.md
  pbpaste | pm-agent draft - --date 2026-03-04 > postmortem.md

Standard output holds only the report; what was read, skipped and assumed goes to standard error.

Privacy: without --model, and without a server on this machine, nothing is sent anywhere. Secrets and names are replaced
before a model, a run folder or the report sees the text.

Environment: OPENAI_BASE_URL, OPENAI_API_KEY. Settings: pm-agent.toml in this folder.

{_DRAFTED}""",
    "resume": f"""\
Examples:
  pm-agent resume ~/.local/state/pm-agent/runs/20260304-021700-a1b2c3 -o postmortem.md
  pm-agent resume RUN --interactive

Environment: OPENAI_API_KEY; it is never kept in the run folder.

{_DRAFTED}""",
    "timeline": f"""\
Examples:
  pm-agent timeline incident/
  pm-agent timeline chat.txt --date 2026-03-04 --tz Asia/Shanghai --since 2026-03-04T20:00

Uses no model. The ids in brackets are lines of the evidence; incident.yaml can pin and drop them.

{_PRINTED}""",
    "verify": """\
Examples:
  pm-agent verify report.json
  pm-agent verify report.json --format json

Reads the report alone: each citation, number, time, name, negation and hedge is held against the evidence lines it carries.

Exit codes: 0 no errors · 1 errors found · 2 wrong input or usage""",
    "lint": f"""\
Examples:
  pm-agent lint postmortem.md
  pm-agent lint reviews/ --format json
  git diff --cached --name-only -- '*.md' | xargs pm-agent lint

Your team's own rules: rubrics in pm-agent.toml. What a rule means: pm-agent explain blame.person_fault

{_CHECKED}""",
    "actions": f"""\
Examples:
  pm-agent actions postmortem.md --date 2026-03-05
  echo '- improve monitoring' | pm-agent actions

Verdicts: S specific, M measurable, A achievable, R relevant, T time-bound; ✓ met, ✗ not met, ? can't be told.

{_CHECKED}""",
    "export": """\
Examples:
  pm-agent export report.json --to csv -o actions.csv
  pm-agent export report.json --to ics -o follow-up.ics
  pm-agent export report.json --to github --project acme/checkout --assignee 'Alice Chen=alice'
  pm-agent export report.json --to github --project acme/checkout --send
  pm-agent export report.json --to jira --base-url https://acme.atlassian.net --project OPS --send

Without --send nothing leaves this machine: the payloads are printed. With it, the tickets are shown first, and made after
a yes. Each carries a mark (pm-agent:REPORT:AI-001:…); a second run finds it and makes nothing twice, a run that broke
off goes on. Items that are not specific, measurable or dated are refused.

Environment: GITHUB_TOKEN (issues: write, metadata: read) · GITLAB_TOKEN (api) · JIRA_EMAIL and JIRA_API_TOKEN. Tokens
are read from the environment only.

Exit codes: 0 all of it · 1 items were refused, or are unclear · 2 wrong input, no token, nobody agreed · 3 the tracker
refused or did not answer; what was created is listed""",
    "collect": f"""\
Examples:
  pm-agent collect chat.txt --date 2026-03-04 --tz Europe/Berlin --service checkout
  pm-agent collect incident/ --all

{_PRINTED}""",
    "formats": f"""\
Examples:
  pm-agent formats
  pm-agent draft odd.log --format-of odd.log=plain-log

{_PRINTED}""",
    "explain": f"""\
Examples:
  pm-agent explain recovered --report report.json
  pm-agent explain rules
  pm-agent explain blame.person_fault

{_PRINTED}""",
    "schema": f"""\
Examples:
  pm-agent schema > report.schema.json

{_PRINTED}""",
}


def manual(command: str) -> str:
    """The text under a command's options; examples keep their lines, the rest is wrapped to the terminal."""
    paragraphs = _TEXTS.get(command, "").split("\n\n")
    return "\n\n".join("\b\n" + p if p.startswith("Examples:") else p for p in paragraphs)
