"""Limits of an endpoint hold for all dialogues of a bot together."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from chateval.bots import Bot, Progress, watch_nothing
from chateval.bots._turnstile import Turnstile
from chateval.bots.openai._line import MOST_WAITING, Line
from chateval.bots.openai._pace import Pace, retry_after_seconds, seconds_of
from chateval.errors import BotError, HopelessBotError

from .endpoint import Seen, asked, bot_of, running_server, server
from .openai_server import Fail, Hang, OpenAIServer, Say

__all__ = ["bot_of", "running_server", "server"]
BotOf = Callable[..., Bot]


class Clock:
    """Stands still unless it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_no_minute_has_more_requests_than_are_allowed(clock: Clock) -> None:
    """Whichever minute one looks at: endpoints do not all count from the full one."""
    pace = Pace(requests_per_minute=3, clock=clock)
    waits = []
    for seconds in (0, 10, 10, 10, 31, 10, 10):
        clock.now += seconds
        waits.append(pace.claim(1).wait_seconds)

    assert waits == [0, 0, 0, 30, 0, 0, 0]


def test_no_minute_has_more_tokens_than_are_allowed(clock: Clock) -> None:
    pace = Pace(tokens_per_minute=100, clock=clock)
    assert pace.claim(60).wait_seconds == 0
    clock.now += 20

    assert pace.claim(60).wait_seconds == 40
    assert pace.claim(40).wait_seconds == 0


def test_tokens_count_as_the_endpoint_counts_them(clock: Clock) -> None:
    """What was reserved and not needed is there for others."""
    pace = Pace(tokens_per_minute=100, clock=clock)
    claim = pace.claim(90)

    pace.settle(claim, 20)

    assert pace.claim(80).wait_seconds == 0


def test_a_request_that_is_larger_than_the_limit_goes_alone(clock: Clock) -> None:
    """It would wait forever; the endpoint may still take it."""
    pace = Pace(tokens_per_minute=100, clock=clock)

    assert pace.claim(500).wait_seconds == 0
    assert pace.claim(500).wait_seconds == 60


def test_a_refusal_holds_up_everyone(clock: Clock) -> None:
    """If each dialogue tried on its own, the endpoint would never recover."""
    pace = Pace(clock=clock)

    pace.pause(pace.claim(1), 7)

    assert pace.claim(1).wait_seconds == 7


def test_pauses_double_where_the_endpoint_does_not_say_how_long(clock: Clock) -> None:
    """Refusals of requests that were out together are one: a crowd must not wait longer than one person."""
    pace = Pace(clock=clock)
    pauses = []
    for _ in range(7):
        clock.now += 60
        claims = [pace.claim(1) for _ in range(5)]
        pauses.append([pace.pause(claim, None) for claim in claims][-1])

    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_a_success_forgets_earlier_refusals(clock: Clock) -> None:
    pace = Pace(clock=clock)
    for _ in range(3):
        clock.now += 60
        pace.pause(pace.claim(1), None)
    clock.now += 60

    pace.settle(claim := pace.claim(1), 1)

    assert pace.pause(claim, None) == 1


def test_what_the_endpoint_says_to_be_left_is_kept(clock: Clock) -> None:
    """Waiting is better than being refused."""
    pace = Pace(clock=clock)
    said = {"requests": ("2", "12s"), "tokens": ("150", "1m0s")}
    for name, (left, reset) in said.items():
        pace.heed({f"x-ratelimit-remaining-{name}": left, f"x-ratelimit-reset-{name}": reset})

    assert [pace.claim(100).wait_seconds, pace.claim(100).wait_seconds, pace.claim(10).wait_seconds] == [0, 60, 0]
    assert pace.claim(10).wait_seconds == 12
    clock.now += 60
    assert pace.claim(100).wait_seconds == 0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1s", 1),
        ("6m0s", 360),
        ("120ms", 0.12),
        ("1h2m3.5s", 3723.5),
        ("7", 7),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("nan", None),
        ("1.2.3s", None),
    ],
)
def test_durations_are_read_as_servers_write_them(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == pytest.approx(seconds)


def test_retry_after_is_a_number_or_a_date() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)

    assert retry_after_seconds({"retry-after": "3"}) == 3
    assert retry_after_seconds({"retry-after-ms": "1500", "retry-after": "2"}) == 1.5
    assert retry_after_seconds({"retry-after": in_a_minute}) == pytest.approx(60, abs=2)
    assert retry_after_seconds({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}) == 0
    assert retry_after_seconds({"retry-after": "soon"}) is None


async def test_too_many_requests_is_no_failed_attempt(server: OpenAIServer, bot_of: BotOf) -> None:
    """The reply waits in line, where no time of the attempt runs, and comes."""
    server.acts.extend([Fail(429, "slow down", headers={"Retry-After-Ms": "20"})] * 4)
    seen = Seen()

    assert (await bot_of().reply(asked(), seen.watch())).text == "Fine, thanks."

    pairs = list(zip(seen.progress, seen.progress[1:], strict=False))
    assert pairs.count((Progress.STARTED, Progress.QUEUED)) == 4


async def test_an_endpoint_that_says_at_once_is_not_hammered(server: OpenAIServer, bot_of: BotOf) -> None:
    """It would be asked thousands of times a second."""
    server.acts.append(Fail(429, "slow down", headers={"Retry-After": "0"}))

    with pytest.raises(HopelessBotError, match="another 1 seconds"):
        await bot_of(queue_seconds=0.5).reply(asked())


async def test_one_dialogues_refusal_lets_the_others_wait(server: OpenAIServer, bot_of: BotOf) -> None:
    """They do not run into the same wall one by one."""
    server.acts.append(Fail(429, "slow down", headers={"Retry-After-Ms": "100"}))
    bot, seen = bot_of(), Seen()
    first = asyncio.create_task(bot.reply(asked(dialogue_id="1"), seen.watch()))
    while Progress.QUEUED not in seen.progress:
        await asyncio.sleep(0.001)

    others = [bot.reply(asked(dialogue_id=str(number))) for number in range(2, 8)]
    assert len(server.bodies) == 1
    await asyncio.gather(first, *others)

    assert len(server.bodies) == 8


async def test_more_patience_than_a_study_has_is_not_asked_of_people(server: OpenAIServer, bot_of: BotOf) -> None:
    """A limit for the day is an honest end of the session, not an hour before a page."""
    server.acts.append(Fail(429, "Enough for today", headers={"Retry-After": "3600"}))

    with pytest.raises(
        HopelessBotError, match=r"another 3,600 seconds for its endpoint's limits, and queue_seconds is 300"
    ):
        await bot_of().reply(asked())


async def test_the_studys_own_limit_holds(server: OpenAIServer, bot_of: BotOf) -> None:
    bot = bot_of(requests_per_minute=2, queue_seconds=5)
    await asyncio.gather(bot.reply(asked(dialogue_id="1")), bot.reply(asked(dialogue_id="2")))

    with pytest.raises(BotError, match="endpoint's limits"):
        await bot.reply(asked(dialogue_id="3"))

    assert len(server.bodies) == 2


async def test_the_endpoints_headers_are_heeded(server: OpenAIServer, bot_of: BotOf) -> None:
    """Nothing is left for now: the next request waits before it is refused."""
    headers = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1h0m0s"}
    server.acts.append(Say(headers=headers))
    bot = bot_of()
    await bot.reply(asked())

    with pytest.raises(BotError, match="endpoint's limits"):
        await bot.reply(asked())


@pytest.mark.parametrize(
    ("most", "at_once"),
    [("bot", {"max_concurrent_requests": 2}), ("run", {"runtime": {"max_concurrent_responses": 2}})],
)
async def test_so_many_requests_are_out_at_once_and_no_more(
    server: OpenAIServer, bot_of: BotOf, most: str, at_once: dict[str, int]
) -> None:
    """Whether the bot or the whole run is limited; the next goes as soon as one is over."""
    server.acts.extend([Hang()] * 2)
    bot, seen = bot_of(**at_once), [Seen(), Seen(), Seen()]
    asking = [
        asyncio.create_task(bot.reply(asked(dialogue_id=str(number)), seen[number].watch())) for number in range(3)
    ]
    while len(server.bodies) < 2:
        await asyncio.sleep(0.001)
    assert [one.progress[-1] for one in seen] == [Progress.STARTED, Progress.STARTED, Progress.QUEUED]

    asking[0].cancel()

    assert (await asking[2]).text == "Fine, thanks."
    asking[1].cancel()
    await asyncio.gather(*asking, return_exceptions=True)


async def test_who_leaves_the_line_leaves_no_gap(server: OpenAIServer, bot_of: BotOf) -> None:
    """A place that is lost with each person who leaves would end a study in an hour."""
    server.acts.append(Hang())
    bot, seen = bot_of(max_concurrent_requests=1), [Seen() for _ in range(4)]
    asking = [asyncio.create_task(bot.reply(asked(dialogue_id=str(n)), seen[n].watch())) for n in range(4)]
    while not server.bodies or any(not one for one in seen):
        await asyncio.sleep(0.001)

    asking[1].cancel()
    asking[0].cancel()

    assert [(await one).text for one in asking[2:]] == ["Fine, thanks."] * 2
    assert (await bot.reply(asked())).text == "Fine, thanks."


async def test_the_line_is_not_endless() -> None:
    """Rather an honest word at once than an hour before a page."""
    line = Line("crowded", Pace(), 1, Turnstile(1))
    patience = line.patience(60)

    async def wait() -> None:
        async with line.place(1, patience, watch_nothing):
            await asyncio.get_running_loop().create_future()

    waiting = [asyncio.create_task(wait()) for _ in range(MOST_WAITING + 1)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    with pytest.raises(BotError, match="1,000 requests wait for bot 'crowded' already"):
        await wait()
    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
