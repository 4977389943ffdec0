"""Told once when it has lasted long enough, once when it is over; what cannot be read is neither."""

from __future__ import annotations

from dataclasses import replace

from config.alarms.judging import Sample, Trouble, Verdict, judge
from config.alarms.table import ALARMS, Alarm
from config.metrics.readings import Reading

SPOOL = Alarm(name="Spool", metric="spool", over=20, lasts=600, says="Clicks wait.")
SHOPS = Alarm(name="Wrong", metric="wrong", over=0.1, by=("merchant",), says="{merchant} is wrong.")
FAILS = Alarm(name="Fails", metric="failures", over=3, by=("task",), within=1800, says="{task} fails.")
HELD = Alarm(name="Held", metric="offers", where={"state": "held"}, over=20, says="Prices wait.")


def number(name: str, value: float, **labels: str) -> Reading:
    return Reading(name=name, help="", value=value, labels=labels)


def told(verdict: Verdict, at: float) -> tuple[Trouble, ...]:
    begun = {one.key for one in verdict.begun}
    return tuple(replace(one, told_at=at) if one.key in begun else one for one in verdict.troubles)


def test_a_trouble_is_told_when_it_has_lasted_and_only_once() -> None:
    first = judge([SPOOL], [number("spool", 21)], (), now=1000)
    assert (first.begun, first.over) == ((), ())
    second = judge([SPOOL], [number("spool", 50)], first.troubles, now=1599)
    assert second.begun == ()
    third = judge([SPOOL], [number("spool", 50)], second.troubles, now=1600)
    assert [(one.key, one.since, one.says) for one in third.begun] == [("Spool", 1000, "Clicks wait.")]
    assert judge([SPOOL], [number("spool", 50)], told(third, 1600), now=9999).begun == ()


def test_one_that_went_before_it_was_told_is_nobodys_business_and_begins_anew() -> None:
    first = judge([SPOOL], [number("spool", 21)], (), now=1000)
    gone = judge([SPOOL], [number("spool", 20)], first.troubles, now=1100)
    assert (gone.troubles, gone.begun, gone.over) == ((), (), ())
    again = judge([SPOOL], [number("spool", 21)], gone.troubles, now=1200)
    assert again.troubles[0].since == 1200


def test_its_end_is_told_once() -> None:
    known = (Trouble(key="Spool", says="Clicks wait.", since=0, told_at=600),)
    over = judge([SPOOL], [number("spool", 0)], known, now=700)
    assert [one.key for one in over.over] == ["Spool"]
    assert judge([SPOOL], [number("spool", 0)], over.troubles, now=701).over == ()


def test_each_shop_is_a_trouble_of_its_own() -> None:
    readings = [number("wrong", 0.5, merchant="one"), number("wrong", 0.1, merchant="two")]
    verdict = judge([SHOPS], readings, (), now=0)
    assert [(one.key, one.says) for one in verdict.begun] == [("Wrong one", "one is wrong.")]


def test_only_the_numbers_with_its_labels_count() -> None:
    assert judge([HELD], [number("offers", 900, state="ok")], (), now=0).begun == ()
    assert judge([HELD], [number("offers", 21, state="held")], (), now=0).begun != ()


def test_what_could_not_be_read_is_neither_new_nor_over() -> None:
    known = (Trouble(key="Wrong one", says="one is wrong.", since=0, told_at=1),)
    away = judge([SHOPS], [], known, now=700, all_read=False)
    assert (away.troubles, away.begun, away.over) == (known, (), ())
    assert [one.key for one in judge([SHOPS], [], known, now=700, all_read=True).over] == ["Wrong one"]


def test_a_counter_is_judged_by_how_much_it_grew() -> None:
    def at(value: float, *samples: Sample) -> int:
        return len(judge([FAILS], [number("failures", value, task="a")], (), now=3600, samples=samples).begun)

    def sample(at: float, value: float) -> Sample:
        return Sample(at=at, counts={"failures a": value})

    assert at(900) == 0, "nothing is known of before"
    assert at(904, sample(1000, 900)) == 0, "that was longer ago than what is asked"
    assert at(903, sample(2000, 900)) == 0
    assert at(904, sample(2000, 900)) == 1
    assert at(904, sample(2000, 900), sample(3500, 904)) == 1, "the oldest of those that count"
    assert at(4, sample(2000, 900)) == 1, "it began anew"
    assert at(4, Sample(at=2000, counts={})) == 1, "it had not failed before"


def test_every_alarm_of_the_site_can_be_said() -> None:
    for alarm in ALARMS:
        assert (alarm.over is None) != (alarm.under is None), alarm.name
        assert alarm.says.format(**dict.fromkeys(alarm.by, "x")).endswith((".", "?")), alarm.name
    assert len({alarm.name for alarm in ALARMS}) == len(ALARMS)
