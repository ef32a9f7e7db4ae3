"""The parts of the page by themselves: sessions, limits, users, links, words."""

from __future__ import annotations

import stat
import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.judgement.addressing.linking import GOOD_FOR_S, LETTERS, code_of, is_code, is_good, link_of
from alarmbro.judgement.words.wording import SAMPLE_LINK
from alarmbro.machine import link_key
from alarmbro.model.configuration import Language
from alarmbro.model.errors import MachineError, RefusedError
from alarmbro.web.guarding.limits import KEPT, Limit
from alarmbro.web.guarding.sessions import LASTS_S, Sessions
from alarmbro.web.guarding.users import Role, User, Users, checked_name, hashed, matches, read, write
from alarmbro.web.pages.charts import GROUND, TALL, bars
from alarmbro.web.words.wording import ALL, Words

KEY = bytes(range(32))
NOW = 1_800_000_000.0


def test_a_session_is_known_again_until_it_ends() -> None:
    """By any process with the same key; not by one with another."""
    sessions = Sessions(KEY)
    cookie = sessions.written(sessions.begin("leder", "mark", NOW))
    found = Sessions(KEY).read(cookie, NOW + 1)
    assert found is not None
    assert (found.user, found.mark) == ("leder", "mark")
    assert sessions.read(cookie, NOW + LASTS_S + 1) is None
    assert Sessions(bytes(32)).read(cookie, NOW) is None
    sessions.end(found, NOW)
    assert sessions.read(cookie, NOW + 1) is None


@given(st.text(max_size=60), st.integers(min_value=0, max_value=200), st.characters())
def test_no_changed_cookie_is_a_session(nonsense: str, place: int, letter: str) -> None:
    """Whatever stands in it, reading it never raises."""
    sessions = Sessions(KEY)
    cookie = sessions.written(sessions.begin("leder", "mark", NOW))
    changed = cookie[:place] + letter + cookie[place + 1 :]
    assert sessions.read(nonsense, NOW) is None
    if changed.rstrip("=") != cookie and letter in string.ascii_letters and place < len(cookie) - 1:
        assert sessions.read(changed, NOW) is None


def test_a_token_is_good_for_one_visitor() -> None:
    """And for no other."""
    sessions = Sessions(KEY)
    assert sessions.is_token(sessions.token("a\n1"), "a\n1")
    assert not sessions.is_token(sessions.token("a\n1"), "a\n2")
    assert not sessions.is_token("ø", "a\n1")


def test_a_limit_fills_again() -> None:
    """So many at once, then one more each so often; each has its own, and memory has an end."""
    limit = Limit(burst=3, each_s=10.0)
    assert [limit.take("a", 0.0) for _ in range(4)] == [True, True, True, False]
    assert limit.take("b", 0.0)
    assert limit.empty("a", 9.0)
    assert limit.take("a", 10.0)
    assert not limit.take("a", 10.0)
    for number in range(2 * KEPT):
        limit.take(str(number), 20.0)
    assert len(limit._left) == KEPT


def test_users_are_kept_as_scrypt_alone(tmp_path: Path) -> None:
    """The file has no password, is not for everybody, and is read again when it changes."""
    path = tmp_path / "users.json"
    users = Users(path)
    assert users.all() == {}
    write(path, {"leder": User("leder", Role.ANSWER, hashed("rolig hest batteri"))})
    assert "rolig" not in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    found = users.find("leder")
    assert found is not None
    assert matches("rolig hest batteri", found.password)
    assert not matches("rolig hest batterI", found.password)
    assert not matches("", "")
    write(path, {"leder": replace(found, role=Role.SEE)})
    changed = users.find("leder")
    assert changed is not None
    assert changed.mark() != found.mark()
    path.write_text("[1]", encoding="utf-8")
    with pytest.raises(MachineError, match="add the users anew"):
        read(path)


@pytest.mark.parametrize("name", ["", " ", "a\n", " a", "x" * 61, "\u202ea"])
def test_a_name_that_cannot_be_read_is_refused(name: str) -> None:
    """It stands in alarms."""
    with pytest.raises(RefusedError):
        checked_name(name)


def test_a_short_password_is_refused() -> None:
    """And one that would take for ever to hash."""
    for password in ("kort", "x" * 201):
        with pytest.raises(RefusedError):
            hashed(password)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_those_before_it_may(role: Role) -> None:
    """In their order."""
    order = list(Role)
    assert [role.may(needed) for needed in order] == [needed in order[: order.index(role) + 1] for needed in order]


def test_a_link_is_as_long_as_messages_have_room_for() -> None:
    """It says nothing by itself, and is the same whoever makes it."""
    link = link_of(KEY, "https://alarm.example/", "vraa-1", "leder")
    assert link == "https://alarm.example/" + code_of(KEY, "vraa-1", "leder")
    assert len(SAMPLE_LINK) == 1 + LETTERS
    assert is_code(code_of(KEY, "vraa-1", "leder"))
    assert not is_code("journal")
    codes = {code_of(KEY, f"vraa-{number}", name) for number in range(500) for name in ("a", "b", "c")}
    assert len(codes) == 1500


def test_a_link_is_good_for_a_week() -> None:
    """From the press on."""
    pressed = datetime(2026, 11, 23, tzinfo=UTC)
    assert is_good(pressed, pressed + timedelta(seconds=GOOD_FOR_S))
    assert not is_good(pressed, pressed + timedelta(seconds=GOOD_FOR_S + 1))


def test_the_key_of_links_is_made_once_and_is_not_for_everybody(tmp_path: Path) -> None:
    """The page's group may read it; where it cannot be kept there are no links, and no error."""
    assert link_key.read(tmp_path) is None
    key = link_key.make(tmp_path)
    assert key is not None
    assert link_key.make(tmp_path) == link_key.read(tmp_path) == key
    assert stat.S_IMODE((tmp_path / link_key.FILE_NAME).stat().st_mode) & 0o137 == 0
    assert link_key.make(tmp_path / "nowhere") is None
    (tmp_path / link_key.FILE_NAME).write_text("nonsense", encoding="ascii")
    assert link_key.read(tmp_path) is None


@pytest.mark.parametrize("key", sorted(ALL))
def test_both_languages_say_the_same(key: str) -> None:
    """Neither is empty, and both have the same fields."""
    danish, english = ALL[key]

    def fields(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert danish
    assert english
    assert fields(danish) == fields(english)


@pytest.mark.parametrize(
    ("seconds", "danish"),
    [
        (0, "0 s"),
        (59.6, "1 min"),
        (45, "45 s"),
        (90, "1 min 30 s"),
        (3600, "1 t"),
        (3900, "1 t 5 min"),
        (180000, "2 dage"),
    ],
)
def test_lengths_of_time_are_written_as_people_do(seconds: float, danish: str) -> None:
    """In the unit that tells something."""
    words = Words(Language.DANISH, "Europe/Copenhagen")
    assert words.length(seconds) == danish
    assert words.after(412) == "0,4 s"
    assert words.after(None) == "ukendt tid"


def test_bars_stand_on_the_ground_and_fit() -> None:
    """The largest count is as tall as the chart; nothing is drawn for none."""
    made = bars([(3, 0), (0, 6)], ["jan", "feb"])
    assert [bar.count for bar in made.bars] == [3, 6]
    assert all(bar.y + bar.height == GROUND for bar in made.bars)
    assert max(bar.height for bar in made.bars) == TALL
    assert bars([], []).bars == ()
