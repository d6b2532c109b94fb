"""Milestones from several weak signs: who says it, what follows, who reacts; told in words that no sample incident holds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from pm_agent.reading.lines import Line
from pm_agent.reading.milestones import choose
from pm_agent.reading.says import says
from pm_agent.reading.scene import read_scene

START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
MINUTE = re.compile(r"(\d+) ([^:]+): (.*)")


def told(story: str) -> list[Line]:
    """`12 Ana: text` is said at 10:12; `0 bot/deploy/change_finished/api v2: text` comes from a machine."""
    found = []
    for number, row in enumerate(filter(None, (r.strip() for r in story.splitlines()))):
        match = MINUTE.fullmatch(row)
        assert match, row
        minute, who, text = match.groups()
        actor, *machine = who.split("/")
        values = {
            "id": f"l{number}",
            "at": START + timedelta(minutes=int(minute)),
            "actor": actor,
            "text": text,
        }
        values |= dict(zip(("kind", "signal", "subject", "severity"), machine, strict=False))
        found.append(Line.model_validate(values | ({"actor_kind": "bot"} if machine else {})))
    return found


def minutes(story: str) -> dict[str, int | None]:
    """Milestone → minutes after ten."""
    choices = choose(read_scene(told(story), "UTC"))
    return {
        name: int((c.chosen.at - START).total_seconds() // 60) if c.chosen else None
        for name, c in choices.items()
    }


DISK = """
0 deploybot/deploy/change_finished/ledger-writer v8.2.0: ledger-writer v8.2.0 deployed to prod by Ana
22 Alertmanager/alert/firing/KafkaBrokerDiskFull/critical: [FIRING:1] KafkaBrokerDiskFull broker-3 disk 96%
23 Ana: ack, having a peek
25 Tom: support says balance page isn't loading for folks
31 Lea: compaction stuck?
34 Ana: nah compaction looks fine
41 Ana: hmm ledger.events topic went from 2GB to 410GB since 10ish
46 Ana: ledger-writer. 8.2.0 turned on full payload snapshots per event, we now write the whole account each time
46 Lea: ouch
47 Ana: that's me, I thought the flag was off in prod. sorry
49 Lea: kill the flag?
50 Ana: yep flipping it
53 Ana: snapshots are off everywhere now
61 Alertmanager/alert/resolved/KafkaBrokerDiskFull/critical: [RESOLVED] KafkaBrokerDiskFull broker-3
63 Tom: balance page loads for me and the two customers I had on the line
70 Lea: ok closing this one, thx all
"""
LOCK = """
0 Zed: nightly invoicing kicks off at 10:00 as usual
65 opsgenie/alert/firing/InvoiceQueueDepth/P2: InvoiceQueueDepth 120k and growing
70 Raj: acked
75 Raj: workers are all idle?? queue 130k
82 Raj: they wait on a row lock in pg. pid 8812, 70 min old, idle in transaction
84 Raj: it's the invoicing job from 10:00, it opened a transaction and then hung on the tax api without a timeout
85 Kim: of course. that client has no timeout by default
86 Raj: killing 8812
87 Raj: killed, queue is draining
99 opsgenie/alert/resolved/InvoiceQueueDepth/P2: InvoiceQueueDepth resolved
101 Kim: customers get invoices again
"""
INODES = """
0 nagios/alert/firing/mail-queue mx2/critical: PROBLEM mail-queue mx2 CRITICAL 40000 queued
5 Ivy: on it
11 Ivy: restarted postfix on mx2
14 Ivy: queue going down, looks ok now
21 Ivy: nope, climbing again
29 Ivy: milter is innocent, bypassed it and still the same
38 Max: got it: the /var/spool volume hit its inode limit, 100% iuse, millions of tiny bounce files
39 Ivy: argh
47 Max: deleted the bounces older than a day, inodes at 12%
52 nagios/alert/resolved/mail-queue mx2/critical: RECOVERY mail-queue mx2 OK
54 Ivy: mails arrive instantly here
"""
SCAN = """
0 发布机器人/deploy/change_finished/cart-svc 4.7.1: cart-svc 4.7.1 已发布到生产
12 小李: 购物车怎么刷不出来了
13 小李: 客服那边也炸了 说好多人加购失败
15 老王: 收到 我看下
19 老王: redis cpu 100% 慢查询一堆 keys *
20 小张: 会不会是大促预热那个脚本
22 小张: 脚本停了 没啥变化
26 老王: 4.7.1 里有人加了个定时扫 key 的任务 每 5 秒全库 keys 一次
26 小赵: 我靠 是我加的
28 老王: 回滚吧
33 发布机器人/deploy/change_finished/cart-svc 4.7.0: cart-svc 4.7.0 已发布到生产
36 小李: 我这边能加了
45 老王: 没事了 散了吧
"""
ROOTS = """
0 客服小美: 有商户反馈回调一直收不到
4 阿强: 在查
9 阿强: 我们这边推送日志全是 ssl handshake failed
12 阿峰: 是不是对方防火墙的问题
15 阿峰: 找了两家商户确认 他们没动过
18 阿强: 破案了 我们客户端的 CA 包昨晚随基础镜像升级换了 老的根证书被去掉了
18 阿峰: 难怪 只有用老证书的商户挂
20 阿强: 先把镜像切回 1.8
27 阿强: 切完了 8/8 ready
29 阿强: 日志没再报 ssl 了
31 客服小美: 商户说收到了
"""


@pytest.mark.parametrize(
    ("story", "trigger", "detected", "cause", "fixed", "recovered"),
    [
        (DISK, 0, 22, 46, 53, 61),
        (LOCK, 0, 65, 84, 87, 99),
        (INODES, None, 0, 38, 47, 52),
        (SCAN, 0, 12, 26, 33, 36),
        (ROOTS, None, 0, 18, 27, 29),
    ],
    ids=["disk", "lock", "inodes", "scan", "roots"],
)
def test_whole_stories(
    story: str, trigger: int | None, detected: int, cause: int, fixed: int, recovered: int
) -> None:
    """Nobody in them writes "root cause" or "the fix is deployed"; the course of the talk tells."""
    found = minutes(story)
    assert (found["trigger"], found["detected"]) == (trigger, detected)
    assert (found["cause_found"], found["fixed"], found["recovered"]) == (cause, fixed, recovered)


def test_what_nobody_knows_to_have_mended_is_no_fix() -> None:
    """`it sorted itself out`: a recovery, and neither a fix nor a cause."""
    found = minutes(
        """
        0 PagerDuty/alert/firing/api latency p99 high/high: [FIRING] api latency p99 high
        8 Mia: p99 at 9s, all from the eu edge, restarted the edge proxies
        31 Mia: cdn support says they see packet loss in one pop, no more info
        44 PagerDuty/alert/resolved/api latency p99 high/high: [RESOLVED] api latency p99 high
        46 Mia: it sorted itself out, graphs are flat. no idea what fixed it
        """
    )
    assert found["recovered"] == 44
    assert found["fixed"] is None
    assert found["cause_found"] is None


@pytest.mark.parametrize(
    "denial",
    ["so not recovered", "not here. still blank", "nope, down again", "我这边还不行", "still failing for us"],
)
def test_a_denial_is_no_recovery_and_takes_one_back(denial: str) -> None:
    """The word recovered in a denial counts against it."""
    found = minutes(
        f"""
        0 Ben: checkout is down for all customers
        10 Ana: restarted checkout, done
        12 Ana: checkout is back to normal
        16 Ben: {denial}
        30 Ana: rolled back checkout to v3, done
        33 Ben: checkout works again, all customers can pay
        """
    )
    assert found["recovered"] == 33
    assert found["fixed"] == 30


def test_words_of_others_in_quotation_marks_are_no_recovery() -> None:
    """A vendor's "all systems operational" says nothing about one's own users."""
    found = minutes(
        """
        0 Ben: customers can't log in, codes don't arrive
        20 Ana: vendor wrote: "All systems are operational and everything is back to normal for all customers."
        50 Ana: moved all traffic to the second provider, done
        55 Ben: customers can log in again, codes arrive
        """
    )
    assert found["recovered"] == 55


def test_the_end_is_dated_by_who_looks_it_up() -> None:
    """`last one at 10:41, nothing after` is the recovery of that minute, however late it is said."""
    found = minutes(
        """
        0 Ben: customers are charged twice
        38 Ana: rolled back payments, done
        52 Ben: last duplicate charge was at 10:41, nothing after. clean
        """
    )
    assert found["recovered"] == 41


def test_a_rollback_in_vain_clears_the_deploy() -> None:
    """The deploy before the symptom was undone and nothing changed: it is no trigger."""
    found = minutes(
        """
        0 bot/deploy/change_finished/search v5.14: search v5.14 deployed to production
        8 Ben: search returns zero results for everyone
        20 Ana: rolling back search v5.14
        25 bot/deploy/change_finished/search v5.13: search v5.13 deployed to production
        27 Ben: no change, still zero
        40 Ana: found it: the alias points at an empty index since the disk ran full
        44 Ana: alias moved back, done
        46 Ben: search works again for everyone
        """
    )
    assert found["trigger"] is None
    assert found["fixed"] == 44


def test_an_alert_of_the_night_is_the_detection_of_the_morning() -> None:
    """It fired while everybody slept, lasted, and is what people find when they wake up."""
    found = minutes(
        """
        0 PagerDuty/alert/firing/billing volume above forecast: [FIRING] billing volume above forecast
        380 Ben: customers say billing charged them twice, billing volume looks double
        384 Ana: looking at billing now
        400 Ana: found it: the billing retry starts from the first record
        420 Ana: disabled the billing retry, done
        440 Ben: billing is back to normal for all customers
        445 PagerDuty/alert/resolved/billing volume above forecast: [RESOLVED] billing volume above forecast
        """
    )
    assert found["detected"] == 0


def test_an_alert_that_outlasts_the_incident_is_not_its_first_sign() -> None:
    """A clock alert on the search host fires for weeks; the incident's own alert is resolved by the fix."""
    found = minutes(
        """
        0 Prometheus/alert/firing/ClockNotSynchronised search-2/info: [FIRING] ClockNotSynchronised search-2
        20 Prometheus/alert/firing/SearchErrors search/critical: [FIRING] SearchErrors search
        22 Ben: search fails for all users
        40 Ana: reindexed search, done
        44 Prometheus/alert/resolved/SearchErrors search/critical: [RESOLVED] SearchErrors search
        """
    )
    assert found["detected"] == 20


def test_a_review_of_the_incident_is_not_the_incident() -> None:
    """The meeting in the afternoon says more of causes and fixes than the night did; the minutes are the night's."""
    review = "\n".join(
        f"{600 + n} Kai: 当时是报表失败了 因为文件没传完导致的 后来重跑恢复了 第 {n} 点" for n in range(8)
    )
    found = minutes(
        f"""
        0 Jenkins/chat: [构建失败] report-nightly #12
        5 老王: 看到了 报表任务失败
        20 老王: 找到原因了 上游文件只传了一半
        40 老王: 重跑完成
        42 老王: 报表恢复正常了
        599 Kai: 我们开始复盘 先把经过过一遍
        {review}
        """.replace("Jenkins/chat: ", "Jenkins/chat/: ").replace("/: ", ": ")
    )
    assert found["cause_found"] == 20
    assert found["recovered"] == 42


def test_a_count_of_all_is_a_completion() -> None:
    """`120/120 ready` ends the scaling though nobody writes done; `90/120` does not."""
    found = minutes(
        """
        0 Ben: gateway is down, 503s for everyone
        10 Ana: quota raised to 120 pods
        15 Ana: 90/120 ready
        21 Ana: 120/120 ready
        24 Ben: gateway error rate is back to normal
        """
    )
    assert found["fixed"] == 21


def test_a_question_about_the_service_is_a_report() -> None:
    """`is search down?` is how users report; `anyone for lunch?` is not."""
    found = minutes(
        """
        0 Tim: anyone for lunch?
        30 Ben: hey, is search down? I get 0 results for everything
        33 Ana: search index is gone, looking
        50 Ana: restored the search index, done
        52 Ben: search works again
        """
    )
    assert found["detected"] == 30


def test_an_alert_of_what_was_ruled_out_is_not_the_detection() -> None:
    """The provider's alert fired first, the provider was cleared later; the incident's own alert came after it."""
    found = minutes(
        """
        0 Prom/alert/firing/ProviderWebhookDelay hooks: [FIRING] ProviderWebhookDelay hooks
        22 Prom/alert/firing/DuplicateCharges payments: [FIRING] DuplicateCharges payments: duplicate charges found
        24 Ben: customers are charged twice, duplicate charges everywhere in payments
        30 Ana: payments duplicate charges, is it the provider?
        40 Ana: so not them. provider is off the table
        50 Ana: found it: payments forgets its keys after a minute, so retries make duplicate charges
        60 Ana: rolled back payments, done
        64 Prom/alert/resolved/ProviderWebhookDelay: [RESOLVED] ProviderWebhookDelay
        66 Prom/alert/resolved/DuplicateCharges: [RESOLVED] DuplicateCharges
        """
    )
    assert found["detected"] == 22


def test_an_alert_that_was_over_before_the_next_sign_is_not_the_detection() -> None:
    """Disk noise of six minutes, half an hour before payments fail."""
    found = minutes(
        """
        0 Prom/alert/firing/NodeDiskIO db-9/warning: NodeDiskIO db-9 util 95%
        6 Prom/alert/resolved/NodeDiskIO db-9/warning: NodeDiskIO db-9
        40 Prom/alert/firing/PaymentsErrorRate/critical: PaymentsErrorRate 12%
        42 Jo: payments erroring, looking
        52 Jo: we send amount as float since the sdk bump, psp rejects 19.99000001
        53 Al: classic
        60 cd/deploy/change_finished/payments r77: payments r77 deployed
        62 Jo: errors gone
        64 Prom/alert/resolved/PaymentsErrorRate/critical: PaymentsErrorRate
        """
    )
    assert (found["detected"], found["cause_found"], found["fixed"], found["recovered"]) == (40, 52, 60, 62)


def test_a_cause_that_nobody_knows_is_none() -> None:
    """`cause: no clue` has the word in it and states nothing."""
    found = minutes(
        """
        0 Pingdom/alert/firing/shop response time/down: shop is DOWN
        9 Ed: db cpu 100
        15 Flo: maybe the newsletter? went out at ten
        25 Pingdom/alert/resolved/shop response time/up: shop is UP
        28 Ed: alarm is green, we're back. cause: no clue, will look tomorrow
        """
    )
    assert found["cause_found"] is None
    assert found["recovered"] == 25


def test_a_line_of_the_log_shows_what_people_tell_of() -> None:
    """`the job from 10:01` is told in the morning; the job's own line at 10:01 is the trigger's evidence."""
    choices = choose(
        read_scene(
            told(
                """
                1 cron/log/first_seen/export job: export job started, target ledger
                30 Ben: ledger page is empty for all customers
                50 Ana: found it: the export job from 10:01 truncated the ledger table before it read it
                60 Ana: restored the ledger table, done
                62 Ben: ledger page works again for all customers
                """
            ),
            "UTC",
        )
    )
    chosen = choices["trigger"].chosen
    assert chosen is not None
    assert chosen.line.kind == "log"


def test_a_report_in_unheard_words_is_told_by_who_takes_it_up() -> None:
    """No word list knows them all; somebody answers that he looks, so it had been reported."""
    found = minutes(
        """
        0 Ulla: gizmos come out mauve over here
        3 Bo: looking
        12 Bo: found it: the palette file is empty since the export job overwrote it at 9:58
        20 Bo: restored the palette file, done
        24 Ulla: gizmos are back to normal
        """
    )
    assert found["detected"] == 0


def test_what_is_back_may_be_the_trouble() -> None:
    """`it is back, .140` in the middle of an attack is no recovery."""
    found = minutes(
        """
        0 Ben: api is down for all customers, somebody floods it from .77
        10 Ana: blocked .77, done
        14 Ben: it is back, .140
        30 Ana: revoked the token, done
        33 Ben: api error rate is back to normal
        """
    )
    assert found["recovered"] == 33
    assert found["fixed"] == 30


def test_a_deed_of_yesterday_is_no_fix() -> None:
    """`I cleaned up the records yesterday` confesses; the fix is what is done now."""
    found = minutes(
        """
        0 Ben: mails bounce for all customers
        10 Cy: hmm I removed the old dns records yesterday
        11 Ben: found the culprit
        12 Cy: putting them back
        15 Cy: added the dns records again, done
        20 Ben: mail error rate is back to normal
        """
    )
    assert found["fixed"] == 15


def test_an_alert_that_people_took_up_counts_though_it_is_over() -> None:
    """It was resolved before the next sign; somebody had looked and mended."""
    found = minutes(
        """
        0 NewRelic/alert/firing/apdex low/critical: apdex low on web
        4 Tam: here, looking
        10 Tam: one az has packet loss, moving traffic off az-b
        19 Tam: az-b drained
        22 NewRelic/alert/resolved/apdex low/critical: apdex low on web
        27 Tam: support case open, they don't say what is wrong
        """
    )
    assert (found["detected"], found["fixed"], found["recovered"]) == (0, 19, 22)
    assert found["cause_found"] is None


def test_a_setting_that_is_back_to_a_number_is_no_recovery() -> None:
    """`the timeout is back to 60s` tells what is wrong; `latency is back to 60 ms` would be a recovery."""
    found = minutes(
        """
        0 Greta: chat disconnects every minute for all customers
        5 Nils: looking
        13 Nils: proxy_read_timeout is back to 60s because the chart was redeployed without our values
        15 Nils: applying with values
        19 Nils: applied, 3/3 rolled
        22 Greta: all customers are back to normal
        """
    )
    assert (found["cause_found"], found["fixed"], found["recovered"]) == (13, 19, 22)


def test_what_was_ruled_out_before_is_no_cause_later() -> None:
    """The deploy was cleared; a later line that only names the deploy and is answered by `that fits` is not the cause."""
    found = minutes(
        """
        0 Ben: search returns zero results for everyone
        8 Ana: rolled back the deploy
        10 Ben: no change, still zero
        12 Ana: ok so not the deploy
        30 Ana: look at the deploy in the log: activated at 9:58:46, the deploy job was done 9:54:36
        31 Ben: that fits
        34 Ana: the rebuild ran twice at 9:56 because the clock went back, and the second run deleted the live index
        36 Ana: putting the alias on the new index
        37 Ana: alias set, done
        40 Ben: search is back to normal
        """
    )
    assert found["cause_found"] == 34
    assert found["fixed"] == 37


def test_a_log_pattern_of_gaps_alone_names_nothing() -> None:
    """The row has the line's own words, not `<*>`."""
    rise = Line(
        id="a:1", at=datetime(2026, 3, 4, 9, 30, tzinfo=UTC), kind="log", actor_kind="system", signal="onset", subject="<*>",
        text="T20260522-0930-ALL (669 lines in 1 minute)",
    )  # fmt: skip
    assert says(rise)[0].words == "T20260522-0930-ALL (669 lines in 1 minute)"
