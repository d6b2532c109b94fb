"""The table of secrets: every example is found, look-alikes are left alone, one value has one placeholder."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest
from evals.trust.grow import grow
from evals.trust.lookalikes import differs, lookalikes
from evals.trust.planted import look, plants

from pm_agent.api import read
from pm_agent.errors import InputError
from pm_agent.redact.rules import ADDRESSES, HOSTS, RULES, VENDOR, SecretRule
from pm_agent.redact.secrets import Vault, rules_for
from pm_agent.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
EXAMPLES = [(rule, example) for rule in (*RULES, ADDRESSES, HOSTS) for example in rule.examples]


def grown(recipe: str, seed: int = 5) -> str:
    return grow(recipe, random.Random(seed))[0]


@pytest.mark.parametrize(
    ("rule", "recipe"), EXAMPLES, ids=[f"{r.id}-{n}" for n, (r, _) in enumerate(EXAMPLES)]
)
@pytest.mark.parametrize("frame", ["{}", "he said {} ok", "看这个{}，谢谢", '{{"v": "{}"}}', "x={}"])
def test_every_example_of_every_rule_is_replaced(rule: SecretRule, recipe: str, frame: str) -> None:
    vault = Vault((*RULES, HOSTS, ADDRESSES) if rule in (HOSTS, ADDRESSES) else RULES)
    for seed in range(3):
        text, secrets = grow(recipe, random.Random(seed))
        clean = vault.clean(frame.format(text))
        assert [s for s in secrets if s in clean] == [], frame


def test_every_rule_says_where_its_form_comes_from_and_has_an_example() -> None:
    assert [r.id for r in RULES if not r.source or not r.examples] == []


def test_planted_secrets_are_found_in_the_files_of_every_format() -> None:
    found = [look(plant) for plant in plants(60, seed=3)]
    carried = [f for f in found if f.carried]
    assert len(carried) > 50
    assert [(f.plant.rule, f.plant.layout, f.plant.carrier.file.name) for f in carried if f.leaked] == []


def test_look_alikes_are_left_alone() -> None:
    texts = lookalikes(400, seed=4)
    touched = [text for text in texts if differs(text, Vault().clean(text))]
    assert len(touched) <= 0.02 * len(texts), touched


def test_a_unit_of_the_number_before_is_no_label_of_a_phone_number() -> None:
    phone = grown("1{d39}{d:9}")
    assert Vault().clean(f"duration: 2042.118 ms {phone}") == "duration: 2042.118 ms [phone#1]"
    assert (
        Vault().clean("checkpoint starting: time 010-68" + "953594") == "checkpoint starting: time [phone#1]"
    )
    assert Vault().clean(f"took_ns={phone}") == f"took_ns={phone}"


def test_one_value_has_one_placeholder_however_it_is_written() -> None:
    phone = grown("1{d39}{d:9}")
    vault = Vault()
    spelt = f"{phone} and +86 {phone[:3]}-{phone[3:7]}-{phone[7:]} and {phone[:3]} {phone[3:7]} {phone[7:]}"
    assert vault.clean(spelt).count("[phone#1]") == 3
    assert vault.clean("Ana.Ruiz@example.com ana.ruiz%40example.com").split() == ["[email#1]", "[email#1]"]


def test_a_password_told_once_is_known_where_it_stands_bare() -> None:
    secret = grown("{pw:14}")
    vault = Vault()
    vault.learn([f"mysql -uroot -p'{secret}' orders"])
    assert secret not in vault.clean(f"try {secret} again")
    assert vault.clean(f"try {secret} again") == "try [password#1] again"


def test_a_word_used_as_a_password_does_not_eat_the_word_elsewhere() -> None:
    vault = Vault()
    vault.learn(["password=postgres"])
    assert vault.clean("password=postgres") == "password=[password#1]"
    assert vault.clean("postgres is down") == "postgres is down"


def test_the_brackets_and_full_stop_behind_a_value_stay() -> None:
    token = grown("ghp_{an:36}")
    assert Vault().clean(f"(token: {token}).") == "(token: [github_token#1])."


def test_a_team_adds_patterns_and_hides_addresses_and_hosts() -> None:
    text = "badge EMP-123456 on db-1.shop.internal at 10.20.30.40, version 10.20.30.40"
    rules = rules_for(hide_ips=True, hide_hosts=True, own={"badge": r"EMP-\d{6}"})
    assert Vault(rules).clean(text) == "badge [badge#1] on [host#1] at [ip#1], version 10.20.30.40"
    assert Vault().clean(text) == text


def test_a_pattern_that_does_not_compile_is_an_error_that_names_it(tmp_path: Path) -> None:
    config = tmp_path / "pm-agent.toml"
    config.write_text('[secret-patterns]\nbadge = "EMP-("\n')
    with pytest.raises(InputError, match="badge"):
        load_settings({}, {}, config)


def test_nothing_reversible_is_kept_unless_asked(tmp_path: Path) -> None:
    secret = grown("{pw:14}")
    (tmp_path / "notes.txt").write_text(f"10:02 Ana: checkout is down, password={secret}\n")
    settings = Settings.model_validate({"date": "2026-03-04", "timezone": "UTC"})
    kept = tmp_path / "map.json"
    read(tmp_path / "notes.txt", settings)
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]
    kept.write_text("old")
    kept.chmod(0o644)
    read(tmp_path / "notes.txt", settings, keep_map=kept)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.read_text())["secrets"] == {"[password#1]": secret}


def test_no_whole_secret_stands_in_the_repository() -> None:
    """A scanner would stop the push, and somebody would switch the scanner off."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    names = [
        n
        for n in listed
        if n.startswith(("agent/", "prompts/", "rubrics/", "tests/", "evals/trust/")) or n.endswith(".md")
    ]
    solid = tuple(rule for rule in VENDOR if rule.solid)
    found = []
    for name in names:
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue
        vault = Vault(solid)
        vault.clean(text)
        found += [
            (name, placeholder) for placeholder in vault.values() if not placeholder.startswith("[base64")
        ]
    assert found == []


def test_a_key_that_a_line_break_cut_is_found_where_the_text_was_put_on_one_line() -> None:
    key = grown("AIza{url:35}", seed=11)
    cut = f"{key[:25]} {key[25:]}"
    assert (
        Vault().clean(f"IllegalStateException: {cut} at app.Main")
        == "IllegalStateException: [gcp_key#1] at app.Main"
    )
    assert Vault().clean("aiza is a name and AIza nothing else") == "aiza is a name and AIza nothing else"
