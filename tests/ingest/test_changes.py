"""Changes from several programs: one deploy seen twice is one event, two deploys stay two, ages stay ages."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pm_agent.evidence import RawEvidence, Signal
from pm_agent.ingest import read
from pm_agent.ingest.formats.change_events import short, signal_of
from pm_agent.ingest.formats.github import GitHub
from pm_agent.ingest.source import of_bytes
from pm_agent.settings import Facts, Settings

SHA = "41aa09b77c0de1f2a3b4c5d6e7f8091a2b3c4d5e"


def bundle(tmp_path: Path, **files: Any) -> RawEvidence:
    for name, value in files.items():
        text = value if isinstance(value, str) else json.dumps(value)
        (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return read([tmp_path], Settings(timezone="UTC"))


def argo(revision: str, at: str) -> dict[str, Any]:
    history = [{"id": 1, "revision": revision, "deployedAt": at, "source": {}}]
    return {
        "apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "mailer"},
        "status": {"history": history, "sync": {}, "health": {}},
    }  # fmt: skip


def status(sha: str, at: str, environment: str = "production") -> dict[str, Any]:
    return {
        "deployment_url": "https://api.github.com/repos/harbor/mailer/deployments/1", "state": "success", "environment": environment,
        "created_at": at, "deployment": {"sha": sha, "ref": "main"}, "url": "https://api.github.com/repos/harbor/mailer/deployments/1/statuses/2",
        "sha": sha,
    }  # fmt: skip


def test_one_deploy_in_two_programs_is_one_event(tmp_path: Path) -> None:
    """The commit joins them; both sources are kept, the earlier moment counts."""
    evidence = bundle(
        tmp_path, argo__json=argo(SHA, "2026-05-11T13:15:02Z"), github__json=[status(SHA, "2026-05-11T13:16:10Z")]
    )  # fmt: skip
    assert len(evidence.events) == 1
    event = evidence.events[0]
    assert {s.format for s in event.sources} == {"argocd", "github"}
    assert event.at == datetime(2026, 5, 11, 13, 15, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sha", "at", "environment"),
    [
        ("9c1f0de77ab2d3e4f5061728394a5b6c7d8e9f00", "2026-05-11T13:16:10Z", "production"),
        (SHA, "2026-05-11T13:25:00Z", "production"),
    ],
    ids=["another commit", "ten minutes later"],
)
def test_two_deploys_stay_two(tmp_path: Path, sha: str, at: str, environment: str) -> None:
    evidence = bundle(
        tmp_path, argo__json=argo(SHA, "2026-05-11T13:15:02Z"), github__json=[status(sha, at, environment)]
    )  # fmt: skip
    assert len(evidence.events) == 2


def test_staging_and_production_stay_two(tmp_path: Path) -> None:
    """One commit goes to two places within minutes: two changes."""
    hook = {
        "object_kind": "deployment", "status": "success", "status_changed_at": "2026-05-11 13:15:02 UTC", "environment": "staging",
        "project": {"path_with_namespace": "harbor/mailer"}, "short_sha": SHA[:8], "ref": "main",
    }  # fmt: skip
    evidence = bundle(tmp_path, gitlab__json=hook, github__json=[status(SHA, "2026-05-11T13:16:10Z")])
    assert [e.raw.signal for e in evidence.events] == ["change_finished", "change_finished"]


def test_commits_and_builds_are_no_deploys(tmp_path: Path) -> None:
    """A commit, a test build and a failed lint job are read, but nothing was changed by them."""
    log = f"commit {SHA}\nAuthor: A <a@b.example>\nDate:   Mon May 11 15:10:44 2026 +0200\n\n    Revert the deploy\n"
    build = {
        "timestamp": 1778508611123, "duration": 5000, "number": 3, "result": "SUCCESS", "fullDisplayName": "unit-tests #3",
        "url": "https://ci.example/job/unit-tests/3/",
    }  # fmt: skip
    evidence = bundle(tmp_path, git__txt=log, build__json=build)
    assert {f.format for f in evidence.files} == {"git-log", "jenkins"}
    assert [e.raw.signal for e in evidence.events] == [None, None, None]


def test_the_commit_date_counts_and_the_author_date_is_kept() -> None:
    """A change written on Thursday and merged on Monday happened on Monday."""
    log = (
        f"commit {SHA}\nAuthor:     A <a@b.example>\nAuthorDate: Thu May 7 18:22:10 2026 +0200\n"
        "Commit:     B <b@b.example>\nCommitDate: Mon May 11 15:10:44 2026 +0200\n\n    Bigger batch\n"
    )
    (event,) = read(["-"], Settings(), stdin=io.BytesIO(log.encode())).events
    assert event.at == datetime(2026, 5, 11, 13, 10, 44, tzinfo=UTC)
    assert "author date Thu May 7 18:22:10 2026 +0200" in event.raw.text
    assert event.raw.raw_time == "Mon May 11 15:10:44 2026 +0200"


TABLE = "LAST SEEN          TYPE     REASON   OBJECT     MESSAGE\n19s (x37 over 9m)  Warning  BackOff  pod/a-b-c  Back-off restarting failed container x\n"


def test_ages_stay_relative_until_somebody_says_when(tmp_path: Path) -> None:
    """Without a reference no minute is made up; with one the first and the last time are counted back."""
    path = tmp_path / "events.txt"
    path.write_text(TABLE)
    (bare,) = read([path], Settings()).events
    assert (bare.at, bare.until, bare.raw.raw_time, bare.raw.count) == (None, None, "9m ago", 37)
    assert "37 times over 9m, last 19s ago" in bare.raw.text
    taken = datetime(2026, 5, 11, 13, 25, tzinfo=UTC)
    (dated,) = read([path], Settings(facts=Facts(starts={"events.txt": taken}))).events
    assert dated.at == datetime(2026, 5, 11, 13, 16, tzinfo=UTC)
    assert dated.until == datetime(2026, 5, 11, 13, 24, 41, tzinfo=UTC)
    assert dated.precision == "approximate"
    (other,) = read([path], Settings(facts=Facts(meeting_start=taken))).events
    assert other.at is None  # when a meeting began says nothing of a listing


def test_the_order_of_a_pipelines_webhooks_does_not_double_it() -> None:
    """A running and a finished webhook of one pipeline tell its start once."""
    one = {
        "object_kind": "pipeline", "project": {"path_with_namespace": "a/b"},
        "object_attributes": {"id": 1, "ref": "main", "sha": SHA, "status": "running", "created_at": "2026-05-11 13:00:02 UTC"},
    }  # fmt: skip
    two = json.loads(json.dumps(one))
    two["object_attributes"] |= {"status": "success", "finished_at": "2026-05-11 13:09:40 UTC"}
    lines = "\n".join(map(json.dumps, (one, one, two)))
    evidence = read(["-"], Settings(), stdin=io.BytesIO(lines.encode()))
    assert [e.raw.text.split("4")[-1] for e in evidence.events] == ["1aa09b started", "1aa09b: success"]
    assert evidence.files[0].unparsed == 0


@pytest.mark.parametrize(
    ("state", "name", "signal"),
    [
        ("SUCCESS", "deploy-prod", "change_finished"),
        ("success", "rollback-prod", "rolled_back"),
        ("failed", "rollback-prod", "change_failed"),
        ("success", "回滚", "rolled_back"),
        ("In Progress", "", "change_started"),
        ("manual", "deploy", None),
    ],
)
def test_a_programs_word_for_a_state(state: str, name: str, signal: Signal | None) -> None:
    assert signal_of(state, name) == signal


def test_a_tag_is_not_cut() -> None:
    assert (short(SHA), short("v2.9.1"), short("release/5.12")) == ("41aa09b", "v2.9.1", "release/5.12")


@pytest.mark.parametrize("name", ["gitlab", "jenkins", "argocd", "k8s-events", "aws-deploy", "git-log"])
def test_a_broken_element_is_a_counted_skip(name: str) -> None:
    """Beside a good sample, what is none of the format's is counted as not read and costs nothing else."""
    data = Path(__file__).parents[1] / "data" / name
    samples = sorted(
        p for p in data.iterdir() if p.suffix == ".jsonl" or p.name in {"build.json", "oneline.txt"}
    )
    sample = samples[0].read_text(encoding="utf-8")
    line = json.dumps(json.loads(sample)) if samples[0].suffix == ".json" else sample
    line *= 4 if name == "git-log" else 1  # of loose text most lines must fit
    evidence = read(["-"], Settings(), stdin=io.BytesIO((line.rstrip("\n") + '\n{"a": 1}\n').encode()))
    (file,) = evidence.files
    assert (file.format, file.unparsed) == (name, 1)
    assert file.read == file.parsed + file.continued + file.unparsed
    assert evidence.events


def test_the_bots_post_and_the_run_it_tells_of_are_one(tmp_path: Path) -> None:
    """A run's number and the project's name join them; a rollback stays one, whoever called it so."""
    hook = {
        "object_kind": "pipeline", "project": {"path_with_namespace": "harbor/mailer"},
        "object_attributes": {"id": 48219, "ref": "v5.11", "sha": SHA, "status": "running", "created_at": "2026-05-11 13:41:02 UTC"},
        "builds": [{"name": "rollback-prod", "stage": "deploy", "status": "success", "finished_at": "2026-05-11 13:46:19 UTC", "environment": {"name": "production"}}],
    }  # fmt: skip
    post = {
        "type": "message",
        "subtype": "bot_message",
        "username": "ci",
        "bot_id": "B1",
        "ts": "1778507210.0001",
    }
    said = "✅ pipeline succeeded harbor/mailer #48219\njob: deploy prod success"
    evidence = bundle(tmp_path, gitlab__json=hook, slack__json=[{**post, "text": said}])
    changed = [e for e in evidence.events if e.raw.signal]
    assert [e.raw.signal for e in changed] == ["rolled_back"]
    assert {s.format for s in changed[0].sources} == {"gitlab", "slack-api"}
    assert changed[0].at == datetime(2026, 5, 11, 13, 46, 19, tzinfo=UTC)


def node_event(first: str, last: str, created: str) -> str:
    event = {
        "kind": "Event", "reason": "EvictionThresholdMet", "type": "Warning", "message": "Attempting to reclaim nodefs", "count": 9,
        "involvedObject": {"kind": "Node", "name": "n1"}, "firstTimestamp": first, "lastTimestamp": last,
        "metadata": {"uid": "u1", "creationTimestamp": created},
    }  # fmt: skip
    return json.dumps(event)


def test_an_event_recorded_before_it_happened_takes_the_servers_clock() -> None:
    """The node's clock runs six minutes ahead: nothing is recorded before it happens. What it wrote stays in the text."""
    text = node_event("2026-05-11T13:25:41Z", "2026-05-11T13:57:21Z", "2026-05-11T13:19:40Z")
    (event,) = read(["-"], Settings(), stdin=io.BytesIO(text.encode())).events
    assert (event.at, event.until) == (
        datetime(2026, 5, 11, 13, 19, 40, tzinfo=UTC),
        datetime(2026, 5, 11, 13, 51, 20, tzinfo=UTC),
    )
    assert "wrote 2026-05-11T13:25:41Z" in event.raw.text
    assert event.raw.signal == "first_seen"


@pytest.mark.parametrize(
    "created", ["2026-05-11T13:25:41Z", "2026-05-11T13:40:00Z", "2026-05-11T13:25:00Z", ""]
)
def test_an_event_recorded_after_it_happened_keeps_its_time(created: str) -> None:
    text = node_event("2026-05-11T13:25:41Z", "2026-05-11T13:57:21Z", created)
    (event,) = read(["-"], Settings(), stdin=io.BytesIO(text.encode())).events
    assert event.at == datetime(2026, 5, 11, 13, 25, 41, tzinfo=UTC)
    assert "wrote" not in event.raw.text


def test_a_file_without_dates_goes_where_its_times_agree(tmp_path: Path) -> None:
    """A build's console holds no date; the builds say on which night those minutes were."""
    builds = [
        {
            "timestamp": int(datetime(2026, 5, day, 23, 50, tzinfo=UTC).timestamp() * 1000), "duration": duration, "number": day, "result": "SUCCESS",
            "fullDisplayName": f"nightly #{day}", "url": f"https://ci.example/job/nightly/{day}/",
        }
        for day, duration in ((10, 3_600_000), (11, 5_366_000), (12, 3_900_000))
    ]  # fmt: skip
    console = "23:50:00  Started by timer\n23:50:02  [Pipeline] sh\n01:19:25  ERROR: script returned exit code 3\n01:19:26  Finished: FAILURE\n"
    evidence = bundle(tmp_path, builds__json=builds, console__txt=console)
    own = [e.at for e in evidence.events if e.sources[0].format == "jenkins-console"]
    assert own[0] == datetime(2026, 5, 11, 23, 50, tzinfo=UTC)
    assert own[-1] == datetime(2026, 5, 12, 1, 19, 26, tzinfo=UTC)
    assert "clock.date_agrees" in {gap.code for gap in evidence.gaps}


SCALED = """LAST SEEN  TYPE    REASON             OBJECT           MESSAGE
9m         Normal  ScalingReplicaSet  deployment/cart  Scaled up replica set cart-new to 1
8m         Normal  ScalingReplicaSet  deployment/cart  Scaled up replica set cart-new to 2 from 1
7m         Normal  ScalingReplicaSet  deployment/cart  Scaled down replica set cart-old to 1 from 2
6m         Normal  ScalingReplicaSet  deployment/cart  Scaled down replica set cart-old to 0 from 1
5m         Normal  ScalingReplicaSet  deployment/pay   Scaled up replica set pay-one to 3 from 2
4m         Normal  ScalingReplicaSet  deployment/idle  Scaled down replica set idle-one to 0 from 3
"""


def test_a_rollout_is_told_by_its_replica_sets() -> None:
    """It begins where the new set appears and ends where the old one is gone; scaling alone is no change."""
    events = read(["-"], Settings(), stdin=io.BytesIO(SCALED.encode())).events
    assert [e.raw.signal for e in events] == ["change_started", None, None, "change_finished", None, None]


def test_a_write_up_that_quotes_a_listing_is_a_write_up() -> None:
    """What kubectl printed, inside a postmortem, does not make the postmortem a listing."""
    text = f"# Cart outage\n\nWe saw errors in the cart on Monday.\n\n```\n{SCALED}```\n\n" + "\n".join(
        f"- 13:{n:02d} somebody looked at the cart and wrote a sentence about it" for n in range(20)
    )
    evidence = read(["-"], Settings(), stdin=io.BytesIO(text.encode()))
    assert [f.format for f in evidence.files] == ["markdown-notes"]


@pytest.mark.parametrize(
    "text",
    [
        f"* commit {SHA}\n| Author: Ewa Lis <e@b.example>\n| Date:   Mon May 11 15:10:44 2026 +0200\n| \n|     Bigger batch\n| \n* commit 9c1f0de77ab2\n  Author: Tom <t@b.example>\n  Date:   Mon May 11 09:00:00 2026 +0200\n  \n      Faster queue\n",
        "41aa09b - Ewa Lis, 2026-05-11 15:10:44 +0200 : Bigger batch\n9c1f0de - Tom, 2026-05-11 09:00:00 +0200 : Faster queue\n",
        "41aa09b|2026-05-11T15:10:44+02:00|Ewa Lis|Bigger batch\n9c1f0de|2026-05-11T09:00:00+02:00|Tom|Faster queue\n",
    ],
    ids=["graph", "pretty", "bars"],
)  # fmt: skip
def test_layouts_of_git_log(text: str) -> None:
    """Who, when and what come out the same, however the log is drawn."""
    events = read(["-"], Settings(), stdin=io.BytesIO(text.encode())).events
    assert [(e.raw.actor, e.raw.text.split("\n")[0], f"{e.at:%H:%M}") for e in events if e.at] == [
        ("Tom", "commit 9c1f0de: Faster queue", "07:00"),
        ("Ewa Lis", "commit 41aa09b: Bigger batch", "13:10"),
    ]


def pull(at: str, number: int = 2207) -> dict[str, Any]:
    return {
        "number": number, "title": "Lower the pool limit", "state": "closed", "user": {"login": "piet"},
        "created_at": "2026-05-11T09:00:00Z", "merged_at": at, "closed_at": at, "base": {"ref": "main"},
        "html_url": f"https://github.com/harbor/mailer/pull/{number}",
    }  # fmt: skip


def test_a_merge_and_the_deploy_after_it_stay_two(tmp_path: Path) -> None:
    """What was merged was not yet anywhere."""
    evidence = bundle(
        tmp_path, pulls__json=[pull("2026-05-11T13:14:10Z")], github__json=[status(SHA, "2026-05-11T13:16:10Z")]
    )  # fmt: skip
    assert [e.raw.signal for e in evidence.events] == [None, "change_finished", "change_finished"]
    assert [e.raw.actor for e in evidence.events[1:]] == [
        "GitHub",
        "GitHub",
    ]  # a list does not say who merged


def test_one_pull_request_alone_is_read_and_an_issue_is_none(tmp_path: Path) -> None:
    assert len(bundle(tmp_path, one__json=pull("2026-05-11T13:14:10Z")).events) == 2
    issue = {
        "number": 7,
        "title": "It hangs",
        "state": "open",
        "user": {},
        "created_at": "2026-05-11T09:00:00Z",
    }
    assert not GitHub().fits(of_bytes("issues.json", json.dumps([issue]).encode()))
