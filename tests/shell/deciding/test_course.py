"""The life of an alarm, with a clock that jumps: answered, reminded, raised again, closed, and what comes after."""

from __future__ import annotations

from dataclasses import replace

import pytest
from places import aftercare, municipality, recipient
from turning import Story

from alarmbro.judgement.record.ledger import Ledger
from alarmbro.model.activation import Acknowledgement, Close, Source
from alarmbro.model.alarm import Closing, State
from alarmbro.model.configuration import Configuration
from alarmbro.model.errors import RefusedError
from alarmbro.model.level import Level
from alarmbro.model.record import RecordType
from alarmbro.model.route import Aftercare, Duty, Step
from alarmbro.model.site import Hold

FIRST = ["redningsringen", "serviceteam"]


def test_nobody_answers_and_each_step_comes_once_in_order_at_its_time() -> None:
    """The chain of managers, to its end; then the last step is repeated, and nothing else is."""
    story = Story()
    story.press()
    story.forward(3600)
    escalated = [(each.data["message"], each.data["step"], each.data["after_ms"]) for each in
                 story.records(RecordType.ESCALATED)]  # fmt: skip
    assert escalated[:4] == [
        ("escalated", 1, 60_000), ("escalated", 2, 180_000), ("repeated", 2, 300_000), ("repeated", 2, 420_000)
    ]  # fmt: skip
    assert {message for message, _, _ in escalated[2:]} == {"repeated"}
    assert story.told.count(("leder", "escalated")) == 1


def test_somebody_on_the_way_is_told_to_all_who_were_called_and_stops_the_chain() -> None:
    """Who pressed and who was called know that somebody comes, after how long; the next manager is left in peace."""
    story = Story()
    story.press()
    story.forward(12)
    story.heard()
    (draft,) = story.ack(by="Serviceteam")
    assert (draft.recipient, draft.data["after_ms"], draft.data["first"]) == ("serviceteam", 12_000, True)
    assert story.heard() == [(name, "acknowledged") for name in FIRST]
    assert "Serviceteam er på vej, 12 s" in story.texts[-1][1].short
    story.forward(500)
    assert story.heard() == []


def test_several_can_be_on_the_way_and_each_is_on_record() -> None:
    """The second one's answer is told too, with both names; the same person's once only."""
    story = Story()
    story.press()
    story.ack(by="Serviceteam")
    story.forward(5)
    story.heard()
    story.ack(by="Vagten")
    assert story.heard() == [(name, "acknowledged") for name in FIRST]
    assert "Serviceteam, Vagten er på vej" in story.texts[-1][1].short
    story.ack(by="serviceteam")
    assert story.heard() == []
    assert len(story.records(RecordType.ACKNOWLEDGED)) == 3
    assert [each.data["first"] for each in story.records(RecordType.ACKNOWLEDGED)] == [True, False, False]


def test_a_press_on_an_acknowledged_alarm_raises_it_again_at_once_to_all_and_the_chain_begins_anew() -> None:
    """Whoever is on the way may be the next one in danger: everybody hears it, and the steps count from this press."""
    story = Story()
    story.press()
    story.forward(70)
    story.ack(by="Leder")
    story.forward(120)
    story.heard()
    story.press()
    assert set(story.heard()) == {(name, "pressed_again") for name in [*FIRST, "leder"]}
    assert story.ledger.alarms["hirtshals-1"].state is State.RAISED
    story.forward(59)
    assert story.heard() == []
    story.forward(1)
    assert story.heard() == [("leder", "escalated")]
    story.forward(120)
    assert story.heard() == [("kontorchef", "escalated")]


def test_who_took_an_alarm_is_reminded_and_then_it_is_raised_again() -> None:
    """Ten minutes and nobody closed it: the one who took it hears; ten more and all do, and the chain goes on."""
    story = Story()
    story.press()
    story.ack(by="Serviceteam")
    story.forward(599)
    story.heard()
    story.forward(1)
    assert story.heard() == [("serviceteam", "reminded")]
    story.forward(599)
    assert story.heard() == []
    story.forward(1)
    assert story.heard() == [(name, "lapsed") for name in FIRST]
    assert "Serviceteam" in story.texts[-1][1].short
    assert story.ledger.alarms["hirtshals-1"].state is State.RAISED
    story.forward(60)
    assert story.heard() == [("leder", "escalated")]


def test_saying_it_again_after_the_reminder_gives_more_time() -> None:
    """A matter may last: whoever still has it says so, and is asked again ten minutes later."""
    story = Story()
    story.press()
    story.ack(by="Serviceteam")
    story.forward(600)
    story.ack(by="Serviceteam")
    story.heard()
    story.forward(599)
    assert story.heard() == []
    story.forward(1)
    assert story.heard() == [("serviceteam", "reminded")]


def test_where_nobody_knows_who_took_it_those_who_may_are_reminded() -> None:
    """The key at the site has no telephone: the recipients that may acknowledge are asked."""
    team = replace(recipient("serviceteam"), acknowledges=True)
    story = Story(municipality(recipients={**municipality().recipients, "serviceteam": team}))
    story.press()
    story.turn.answered(Acknowledgement(story.clock.now(), Source.GPIO, site="hirtshals", by="kvitteringsnøglen"))
    story.settle()
    story.heard()
    story.forward(600)
    assert story.heard() == [("serviceteam", "reminded")]


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (Closing.REAL, "closed_real"),
        (Closing.FALSE_ALARM, "closed_false_alarm"),
        (Closing.TEST, "closed_test"),
    ],
)
def test_a_close_is_told_to_all_who_were_called_and_nobody_is_called_any_more(outcome: Closing, kind: str) -> None:
    """The outcome, the name and the note are on record; steps, repeats and reminders end."""
    story = Story()
    story.press()
    story.forward(60)
    story.heard()
    (draft,) = story.close(outcome=outcome, by="Leder", note="Borgeren er gået")
    assert (draft.data["outcome"], draft.personal) == (outcome.value, {"by": "Leder", "note": "Borgeren er gået"})
    assert story.heard() == [(name, kind) for name in [*FIRST, "leder"]]
    story.forward(7200)
    assert story.heard() == []
    assert [each.alarm for each in story.records(RecordType.SETTLED)] == ["hirtshals-1"]
    assert story.ledger.ended == {}


def test_whoever_was_not_reached_is_told_of_the_end_and_not_of_the_alarm() -> None:
    """A team whose telephone was off learns that it is over; it is not sent to a place where nothing is."""
    story = Story()
    story.dead = {"serviceteam"}
    story.press()
    story.forward(5)
    story.close(outcome=Closing.FALSE_ALARM)
    assert story.records(RecordType.SETTLED) == []
    story.dead = set()
    story.heard()
    story.forward(31)
    assert [each for each in story.heard() if each[0] == "serviceteam"] == [("serviceteam", "closed_false_alarm")]
    assert len(story.records(RecordType.SETTLED)) == 1


def test_one_who_can_never_be_told_of_the_end_does_not_keep_it_open_for_ever() -> None:
    """Tried for about a day, ever more seldom; then the record says who was not told."""
    story = Story()
    story.dead = {"serviceteam"}
    story.press()
    story.forward(5)
    story.close()
    story.forward(90_000)
    settled = story.records(RecordType.SETTLED)
    assert [each.data for each in settled] == [{"untold": ["serviceteam"]}]
    tries = [each for each in story.records(RecordType.ATTEMPT) if each.data["message"] == "closed_real"
             and each.recipient == "serviceteam"]  # fmt: skip
    assert len(tries) == 300
    count = len(story.journal.drafts)
    story.forward(3600)
    assert len(story.journal.drafts) == count


def test_news_never_takes_the_place_of_a_call_that_was_not_heard() -> None:
    """The centre's line is dead while somebody says "on my way": it still gets the alarm first, and then the news."""
    story = Story()
    story.dead = {"redningsringen"}
    story.press()
    story.ack(by="Serviceteam")
    story.forward(20)
    assert "redningsringen" not in [name for name, _ in story.heard()]
    story.dead = set()
    story.forward(31)
    assert [kind for name, kind in story.heard() if name == "redningsringen"] == ["alarm", "acknowledged"]


def test_a_press_on_a_closed_alarms_device_opens_a_new_one() -> None:
    """Over is over: the next press has a number of its own and is told at once."""
    story = Story()
    story.press()
    story.forward(20)
    story.close(outcome=Closing.FALSE_ALARM)
    story.heard()
    story.press()
    assert story.heard() == [(name, "alarm") for name in FIRST]
    assert list(story.ledger.alarms) == ["hirtshals-2"]


def test_three_presses_within_a_minute_are_three_records_and_one_message_more() -> None:
    """A person who presses on and on is heard as such, a minute after the first message, and nobody is flooded."""
    story = Story()
    story.press()
    story.forward(2)
    story.press()
    story.forward(2)
    story.press()
    story.heard()
    story.forward(56)
    assert [(name, kind) for name, kind in story.heard() if kind == "pressed_again"] == [
        (name, "pressed_again") for name in FIRST
    ]
    assert "3" in next(text.body for _, text in story.texts if text.title.startswith("TRYKKET IGEN"))
    assert len(story.records(RecordType.ACTIVATION)) == 3
    story.forward(50)
    assert "pressed_again" not in [kind for _, kind in story.heard()]


def test_a_closed_alarm_refuses_answers_and_says_why() -> None:
    """Nobody is on the way to what is over, and it is not closed twice; an alarm that never was is said to be none."""
    story = Story()
    story.press()
    story.close()
    count = len(story.journal.drafts)
    with pytest.raises(RefusedError, match="not open any more"):
        story.ack()
    with pytest.raises(RefusedError, match="not open any more"):
        story.close()
    with pytest.raises(RefusedError, match="there is no alarm 'hirtshals-7'; no alarm is open"):
        story.ack("hirtshals-7")
    assert len(story.journal.drafts) == count


def test_an_alarm_that_is_closed_but_not_settled_refuses_answers_too() -> None:
    """Between the close and the last one told it is over all the same."""
    story = Story()
    story.dead = {"serviceteam"}
    story.press()
    story.close()
    with pytest.raises(RefusedError, match="closed cannot be acknowledged"):
        story.ack()


def test_the_key_of_a_site_answers_for_all_its_alarms_and_closes_those_that_somebody_took() -> None:
    """An alarm that was raised while the key was held has had nobody look at it: it stays open."""
    story = Story()
    story.press("hirtshals/lokale-1")
    story.press("vraa/lommy-1")
    key = Acknowledgement(story.clock.now(), Source.GPIO, site="hirtshals", by="nøglen")
    assert [draft.alarm for draft in story.turn.answered(key)] == ["hirtshals-1"]
    story.press("hirtshals/lokale-2")
    closing = Close(story.clock.now(), Source.GPIO, Closing.REAL, site="hirtshals", by="nøglen")
    assert [draft.alarm for draft in story.turn.answered(closing)] == ["hirtshals-1"]
    assert list(story.ledger.alarms) == ["vraa-1", "hirtshals-2"]


def test_a_key_that_was_turned_before_the_press_says_nothing_about_it() -> None:
    """An answer that comes late (the door was busy) is not about an alarm that nobody had seen then."""
    story = Story()
    before = story.clock.now()
    story.clock.forward(0.5)
    story.press()
    assert story.turn.answered(Acknowledgement(before, Source.GPIO, site="hirtshals", by="nøglen")) == []
    assert story.ledger.alarms["hirtshals-1"].state is State.RAISED


def test_an_answer_for_another_site_is_refused() -> None:
    """A command on one site's topic has nothing to say at the next."""
    story = Story()
    story.press("vraa/lommy-1")
    with pytest.raises(RefusedError):
        story.turn.answered(Acknowledgement(story.clock.now(), Source.MQTT, "vraa-1", site="hirtshals"))


def test_a_step_that_can_tell_nobody_goes_straight_on_to_the_next() -> None:
    """The manager's telephone is off: the office chief is called at once, not two minutes later."""
    story = Story()
    story.dead = {"leder"}
    story.press()
    story.forward(59)
    story.heard()
    story.forward(3)
    assert [each for each in story.heard() if each[1] == "escalated"] == [("kontorchef", "escalated")]
    story.dead = set()
    story.forward(31)
    assert ("leder", "escalated") in story.heard()


def test_a_first_step_that_can_tell_nobody_goes_straight_on_too() -> None:
    """Every URL of the first step is dead: the manager is told within seconds."""
    story = Story()
    story.dead = set(FIRST)
    story.press()
    story.forward(2)
    assert ("leder", "escalated") in story.heard()


def test_one_lost_packet_calls_nobody_else() -> None:
    """A try that fails once and succeeds half a second later is no reason to call the director."""
    story = Story()
    story.dead = set(FIRST)
    story.press()
    story.dead = set()
    story.forward(30)
    assert {name for name, kind in story.heard() if kind == "escalated"} == set()


def test_where_nobody_is_left_to_try_nobody_waits_for_the_half_minute() -> None:
    """Every line of every step is dead: the site learns within seconds that it must ring 112 itself."""
    story = Story()
    story.dead = set(story.configuration.recipients) - {"teknik"}
    story.press()
    story.forward(10)
    assert "nobody_told/hirtshals-1" in story.ledger.faults


def test_nobody_told_ends_with_an_answer() -> None:
    """No line works, but somebody stands at the counter and turns the key: the site no longer says ring 112."""
    story = Story()
    story.dead = set(story.configuration.recipients) - {"teknik"}
    story.press()
    story.forward(31)
    assert "nobody_told/hirtshals-1" in story.ledger.faults
    assert ("teknik", "no_one_told") in story.heard()
    story.ack()
    assert "nobody_told" in [each.data["kind"] for each in story.records(RecordType.FAULT_CLEARED)]


def test_a_new_press_that_nobody_hears_is_that_fault_again() -> None:
    """Told once is not told for ever: what counts is since the alarm was last raised."""
    story = Story()
    story.press()
    story.ack()
    story.dead = set(story.configuration.recipients) - {"teknik"}
    story.press()
    story.forward(31)
    assert "nobody_told/hirtshals-1" in story.ledger.faults


def test_a_restart_in_the_middle_changes_no_time() -> None:
    """Steps, reminder and the time until it is raised again go on where they were."""
    story = Story()
    story.press()
    story.ack(by="Serviceteam")
    story.forward(300)
    story.clock.forward(100)
    story.begin()
    story.heard()
    story.forward(199)
    assert story.heard() == []
    story.forward(1)
    assert story.heard() == [("serviceteam", "reminded")]
    story.begin()
    story.forward(599)
    assert story.heard() == []
    story.forward(1)
    assert story.heard() == [(name, "lapsed") for name in FIRST]


def test_after_a_reboot_an_acknowledged_alarm_asks_at_once_whether_it_is_over() -> None:
    """Nobody knows how long the power was away; but it is not raised again in the same breath."""
    story = Story()
    story.press()
    story.ack(by="Serviceteam")
    story.heard()
    story.clock.reboot()
    story.begin()
    story.settle()
    assert story.heard() == [("serviceteam", "reminded")]
    story.forward(599)
    assert story.heard() == []
    story.forward(1)
    assert story.heard() == [(name, "lapsed") for name in FIRST]


def test_after_a_reboot_the_end_is_still_told() -> None:
    """Closed, and then the power went: whoever does not know yet learns it."""
    story = Story()
    story.dead = {"serviceteam"}
    story.press()
    story.close()
    story.clock.reboot()
    story.dead = set()
    story.begin()
    story.heard()
    story.forward(31)
    assert ("serviceteam", "closed_real") in story.told
    assert len(story.records(RecordType.SETTLED)) == 1


def with_aftercare(after_s: float = 1800.0) -> Configuration:
    return aftercare(Aftercare(after_s, ("leder",), (Duty("Lad ikke den ramte være alene", "kollega"), Duty("EASY"))))


def test_after_a_real_alarm_the_manager_gets_the_list_in_its_time() -> None:
    """Half an hour after the close, once, and then it is all over."""
    story = Story(with_aftercare())
    story.press()
    story.close()
    story.heard()
    story.forward(1799)
    assert story.heard() == []
    assert story.records(RecordType.SETTLED) == []
    story.forward(1)
    assert story.heard() == [("leder", "aftercare")]
    assert "Lad ikke den ramte være alene" in story.texts[-1][1].body
    story.forward(7200)
    assert story.heard() == []
    assert len(story.records(RecordType.SETTLED)) == 1


@pytest.mark.parametrize("outcome", [Closing.FALSE_ALARM, Closing.TEST])
def test_there_is_no_list_where_nothing_happened(outcome: Closing) -> None:
    """A false alarm needs no crisis psychologist."""
    story = Story(with_aftercare())
    story.press()
    story.close(outcome=outcome)
    story.forward(7200)
    assert "aftercare" not in [kind for _, kind in story.heard()]


@pytest.mark.parametrize("reboot", [False, True])
def test_the_list_survives_a_restart_and_comes_at_once_after_a_reboot(reboot: bool) -> None:
    """What must be followed up is not forgotten because the power went."""
    story = Story(with_aftercare())
    story.press()
    story.close()
    story.heard()
    if reboot:
        story.clock.reboot()
    else:
        story.clock.forward(1800)
    story.begin()
    story.settle()
    assert story.heard() == [("leder", "aftercare")]


def levels() -> Configuration:
    """Give a device whose press asks for a colleague, and that held for two seconds is an assault."""
    base = municipality()
    route = replace(base.routes["bibliotek"], id="kollega", steps=(Step(("serviceteam",)),), repeat=None)
    site = base.sites["hirtshals"]
    device = replace(
        site.devices["lokale-1"], level=Level.HELP, route="kollega", hold=Hold(2.0, Level.ASSAULT, "bibliotek")
    )
    sites = {**base.sites, "hirtshals": replace(site, devices={**site.devices, "lokale-1": device})}
    return replace(base, routes={**base.routes, "kollega": route}, sites=sites)


def test_a_call_for_help_takes_its_own_route_with_its_own_words() -> None:
    """A colleague, please: the team and nobody else, and no word of an assault."""
    story = Story(levels())
    story.press()
    assert story.heard() == [("serviceteam", "alarm")]
    assert "OVERFALD" not in story.texts[-1][1].title + story.texts[-1][1].short
    story.forward(600)
    assert story.heard() == []


def test_held_longer_the_same_alarm_becomes_an_assault_for_all() -> None:
    """The same number, now with the route and the words of an assault, at once; its steps count from there."""
    story = Story(levels())
    story.press()
    story.forward(2)
    story.heard()
    story.press(level=Level.ASSAULT)
    assert set(story.heard()) == {(name, "alarm") for name in FIRST}
    assert "OVERFALDSALARM hirtshals-1" in story.texts[-1][1].short
    story.press()  # a lesser one after that takes nothing back
    assert story.ledger.alarms["hirtshals-1"].level is Level.ASSAULT
    story.forward(60)
    assert ("leder", "escalated") in story.heard()


def test_a_plan_that_is_a_year_old_is_a_fault_with_the_recipients_name() -> None:
    """Found at the start or within a day, reminded monthly, over when somebody has looked."""
    old = replace(recipient("leder"), reviewed=Story().clock.utc.date().replace(year=2025, day=22))
    story = Story(municipality(recipients={**municipality().recipients, "leder": old}))
    story.settle()
    assert story.heard() == [("teknik", "fault")]
    assert [(each.data["fault"], each.data["detail"]) for each in story.records(RecordType.FAULT)] == [
        ("reviewed/leder", "Leder: reviewed 2025-11-22")
    ]
    story.forward(29 * 86400)
    assert [each for each in story.heard() if each[1] == "fault"] == []
    story.forward(2 * 86400)
    assert story.heard() == [("teknik", "fault")]


def test_a_plan_that_grows_old_while_we_run_is_found_within_a_day() -> None:
    """The daemon may run for years."""
    due = replace(recipient("leder"), reviewed=Story().clock.utc.date().replace(year=2025))
    story = Story(municipality(recipients={**municipality().recipients, "leder": due}))
    story.settle()
    assert story.heard() == []
    story.forward(2 * 86400)
    assert story.heard() == [("teknik", "fault")]


def test_the_replayed_journal_gives_the_same_ledger_whatever_was_answered() -> None:
    """What is open, who is on the way, what has ended: the journal says it all."""
    story = Story(with_aftercare())
    story.dead = {"leder"}
    story.press()
    story.ack(by="Serviceteam")
    story.press("vraa/lommy-1")
    story.forward(700)
    story.press()
    story.ack(by="Leder")
    story.close("vraa-1", note="Ingen fare")
    story.forward(10)
    replayed = Ledger()
    replayed.replay(story.journal.drafts, ())
    assert replayed.alarms == story.ledger.alarms
    assert replayed.ended == story.ledger.ended
    assert set(replayed.ended) == {"vraa-1"}
