"""Waves of refused requests: a route that served its clients and suddenly answers 401, 403, 404 or another 4xx.

A 4xx is the client's own mistake until it takes the place of what the route answered before and after. Crawlers,
scanners and clients with an old token come on top of what is served, and all the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pm_agent.ingest.logs.bursts import Axis, Burst
from pm_agent.ingest.logs.failures import FEW
from pm_agent.ingest.logs.total import Log
from pm_agent.ingest.logs.view import Pick, View

_LEAST = 15
"""Refused requests of a wave."""
_LEAST_ELSE = 30
"""Requests of the route outside of it, to compare with."""
_SHARE, _RISE, _HABIT = 0.2, 3.0, 0.5
"""Of the route's requests that a wave refuses; how many times the share outside, which must not be half of them."""
_MOST = 0.5
"""A share that is a wave even where the route serves as many as before: clients that try again hide the fall."""
_FALL = 0.7
"""Of what is served in the neighbouring minutes: below it refusals have taken the place of answers."""
_BESIDE = 30
"""Neighbouring minutes on each side, at least."""
_NOT_THERE = {"404", "410"}
"""What a crawler with an old list gets; here only the fall says that something has gone."""
_WEIGHT = 90
_WAVES = 3
_ROUTES = 50
"""Routes that are looked at, those with the most refusals: a log of months has many minutes."""


def tell_refusals(log: Log, axis: Axis) -> Iterator[Pick]:
    """Onset, peak and end of the largest waves; routes that are refused at the same time are one wave."""
    often = sorted(((_refused(route), at) for at, route in enumerate(log.routes)), reverse=True)[:_ROUTES]
    routes = [log.routes[at] for count, at in often if count >= _LEAST]
    waves = [(wave, route) for route in routes for _, wave in _waves(route, axis)]
    told = [found for span, routes in _together(waves) if (found := _of_all(span, routes, axis))]
    for view, wave in sorted(told, key=lambda one: (-one[1].count, one[1].first))[:_WAVES]:
        yield from (replace(one, refused=True) for one in view.tell_burst(wave, weight=_WEIGHT))


def _refused(route: Log) -> int:
    return sum(template.track.count for template in route.templates if template.track.failed)


def _waves(route: Log, axis: Axis) -> list[tuple[View, Burst]]:
    """By the minute, else, where a minute has too few requests, by a few minutes."""
    for one in (route, route.coarser(FEW)) if route.step == 1 else (route,):
        wide = Axis(axis.first - axis.first % one.step, axis.last - axis.last % one.step, one.step)
        view = View(one, wide, axis.last)
        if found := [(view, burst) for burst in view.error_bursts() if _is_wave(view, burst)]:
            return found
    return []


def _is_wave(view: View, burst: Burst) -> bool:
    refused, requests = burst.count, view.within(view.total, burst)
    outside = sum(view.total.values()) - requests
    share, usual = refused / requests, (sum(view.error_total.values()) - refused) / max(1, outside)
    if refused < _LEAST or outside < _LEAST_ELSE or usual >= _HABIT or share < max(_SHARE, _RISE * usual):
        return False
    return _has_fallen(view, burst) or (share >= _MOST and not _is_mostly_missing(view, burst))


def _has_fallen(view: View, burst: Burst) -> bool:
    """Whether fewer are served a minute than right before and after."""
    length = burst.last - burst.first + view.axis.step
    around = max(length, _BESIDE)
    first, last = max(view.axis.first, burst.first - around), min(view.axis.last, burst.last + around)
    wider = replace(burst, first=first, last=last)
    served = view.within(view.total, burst) - burst.count
    beside = view.within(view.total, wider) - view.within(view.error_total, wider) - served
    minutes = last - first + view.axis.step - length
    return minutes > 0 and served / length < _FALL * beside / minutes


def _is_mostly_missing(view: View, burst: Burst) -> bool:
    missing = sum(
        view.within(view.series[at], burst)
        for at in view.errors
        if view.log.templates[at].text.rpartition(" ")[2] in _NOT_THERE
    )
    return 2 * missing > burst.count


def _together(waves: Iterable[tuple[Burst, Log]]) -> list[tuple[Burst, list[Log]]]:
    """The waves that overlap, with all their routes; the span is that of the first to the last."""
    found: list[tuple[Burst, list[Log]]] = []
    for wave, route in sorted(waves, key=lambda one: (one[0].first, -one[0].count)):
        if found and wave.first <= found[-1][0].last:
            span, routes = found[-1]
            found[-1] = replace(span, last=max(span.last, wave.last)), [*routes, route]
        else:
            found.append((wave, [route]))
    return found


def _of_all(span: Burst, routes: list[Log], axis: Axis) -> tuple[View, Burst] | None:
    """The wave of all these routes: what they have together may begin earlier than in any one."""
    distinct = list({id(route): route for route in routes}.values())
    joined = Log([template for route in distinct for template in route.templates], step=distinct[0].step)
    found = [one for one in _waves(joined, axis) if one[1].first <= span.last and one[1].last >= span.first]
    return max(found, key=lambda one: one[1].count, default=None)
