"""People as each other's partners."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from chateval.bots import Matchmaker, Progress, Reply, Request
from chateval.dialogue import Speaker, Turn
from chateval.errors import BotError

LONG = 100.0


@dataclass
class Person:
    """Someone at their page, whose session asks for a partner's turn each time that they have spoken."""

    bot: Matchmaker
    dialogue_id: str
    name: str = ""
    partner: str = ""
    """What their session knows of their partner."""
    turns: list[Turn] = field(default_factory=list)
    seen: list[Progress] = field(default_factory=list)
    is_here: bool = True
    asked: asyncio.Task[Reply] | None = None

    def say(self, text: str) -> None:
        self.turns.append(Turn(Speaker.USER, text))
        self.ask()

    def ask(self) -> None:
        request = Request(
            self.dialogue_id,
            self.turns,
            person=self.name or self.dialogue_id,
            partner=self.partner,
            is_here=lambda: self.is_here,
        )
        self.asked = asyncio.ensure_future(self.bot.reply(request, lambda progress, _: self.seen.append(progress)))

    async def hear(self) -> str:
        assert self.asked is not None
        async with asyncio.timeout(5):
            reply = await self.asked
        assert not reply.ends_dialogue
        self.partner = reply.source
        self.turns.append(Turn(Speaker.SYSTEM, reply.text))
        return reply.text

    async def failure(self) -> str:
        assert self.asked is not None
        with pytest.raises(BotError) as caught:
            async with asyncio.timeout(5):
                await self.asked
        return str(caught.value)

    @property
    def waits(self) -> bool:
        assert self.asked is not None
        return not self.asked.done()

    def go(self) -> None:
        if self.asked is not None:
            self.asked.cancel()


Arrive = Callable[..., Person]


def maker(wait_seconds: float = LONG) -> Matchmaker:
    return Matchmaker("peer", wait_seconds, look_seconds=0.01)


@pytest.fixture
async def arrive() -> AsyncIterator[Arrive]:
    """Have someone arrive, who greets."""
    bot, everyone = maker(), list[Person]()

    def one(dialogue_id: str, name: str = "", at: Matchmaker = bot) -> Person:
        everyone.append(Person(at, dialogue_id, name))
        everyone[-1].say("Hi!")
        return everyone[-1]

    yield one
    for person in everyone:
        person.go()


async def settled() -> None:
    """Let everything happen that can happen now."""
    for _ in range(10):
        await asyncio.sleep(0)


async def talking(arrive: Arrive) -> tuple[Person, Person]:
    """Two people who have greeted, said a thing each, and of whom the second has the word."""
    a, b = arrive("a"), arrive("b")
    await a.hear()
    a.say("one")
    await b.hear()
    b.say("two")
    await a.hear()
    a.say("three")
    await b.hear()
    return a, b


async def test_two_people_hear_one_another(arrive: Arrive) -> None:
    """Nothing is lost, doubled or invented between them, and each is the user of their own dialogue."""
    a, b = await talking(arrive)

    assert [turn.text for turn in a.turns] == ["Hi!", "Hi!", "one", "two", "three"]
    assert [turn.text for turn in b.turns] == ["Hi!", "one", "two", "three"]
    assert (a.partner, b.partner) == ("b", "a")


async def test_who_waits_longest_is_paired_first(arrive: Arrive) -> None:
    """Fair, and the only way to keep a wait short for everyone."""
    first, second = arrive("z", "same"), arrive("y", "same")
    await settled()
    third = arrive("a")
    await third.hear()

    assert third.partner == "z"
    assert second.waits
    assert first.seen == [Progress.WAITING, Progress.STARTED]


async def test_nobody_is_paired_with_themselves(arrive: Arrive) -> None:
    """Somebody with two links would be both sides of a dialogue that is sold as one between two people."""
    one, other = arrive("a", "W1"), arrive("b", "W1")
    await settled()

    assert one.seen == other.seen == [Progress.WAITING]


async def test_three_people_make_one_pair(arrive: Arrive) -> None:
    """A third must not end up in somebody else's dialogue."""
    everyone = [arrive("a"), arrive("b"), arrive("c")]
    await settled()

    assert [person.seen[-1] for person in everyone] == [Progress.STARTED, Progress.STARTED, Progress.WAITING]


async def test_who_has_gone_from_their_page_is_not_given_a_partner(arrive: Arrive) -> None:
    """Their partner would sit before somebody who types and types; once they are back, they are as good as any."""
    gone = arrive("a")
    gone.is_here = False
    await settled()
    here = arrive("b")
    await settled()
    assert here.seen == [Progress.WAITING]
    gone.is_here = True

    assert await gone.hear() == "Hi!"


async def test_a_wait_in_vain_ends_in_an_error_that_says_so() -> None:
    """The worker is paid and goes on with their life."""
    alone = Person(maker(0.02), "a")
    alone.say("Hi!")

    assert await alone.failure() == "Bot 'peer': no partner came within 0.02 seconds."


async def test_a_partner_who_leaves_ends_the_dialogue_for_the_other(arrive: Arrive) -> None:
    a, b = await talking(arrive)
    b.bot.forget("b")

    assert "has left the study, or their time ran out" in await a.failure()


async def test_who_has_heard_nothing_of_a_partner_who_leaves_gets_another(arrive: Arrive) -> None:
    """Nothing was said yet that could be lost."""
    a, b = arrive("a"), arrive("b")
    await a.hear()
    a.bot.forget("a")
    await settled()
    assert b.seen == [Progress.WAITING, Progress.STARTED, Progress.WAITING]
    c = arrive("c")

    assert await b.hear() == "Hi!"
    assert (b.partner, c.seen[-1]) == ("c", Progress.STARTED)


async def test_a_partner_who_finishes_ends_the_dialogue_in_good_order(arrive: Arrive) -> None:
    """Both have reached the minimum by then, and the other goes on with the questions."""
    a, b = await talking(arrive)
    b.bot.forget("b", is_finished=True)
    assert a.asked is not None

    reply = await a.asked

    assert reply.ends_dialogue
    assert reply.source == "b"


@pytest.mark.parametrize("is_finished", [True, False])
async def test_an_end_while_the_other_writes_is_told_when_they_have_written(
    arrive: Arrive, *, is_finished: bool
) -> None:
    """Their words come too late, and must not be waited upon for ever."""
    a, b = await talking(arrive)
    a.bot.forget("a", is_finished=is_finished)
    b.say("too late")
    assert b.asked is not None

    if is_finished:
        assert (await b.asked).ends_dialogue
    else:
        assert "has left" in await b.failure()


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize("spoken", range(6))
async def test_a_pair_goes_on_after_a_restart_wherever_it_was(spoken: int, order: str) -> None:
    """Killed after any number of turns; whoever's session comes back first, and also where only one knows the other."""
    first = maker()
    people = {name: Person(first, name) for name in "ab"}
    a, b = people["a"], people["b"]
    speakers = [(a, b), (b, a)]
    a.say("Hi!")
    b.say("Hi!")
    for turn in range(spoken):
        await speakers[turn % 2][0].hear()
        speakers[turn % 2][0].say(f"line {turn}")
    await settled()
    before = {name: [turn.text for turn in person.turns] for name, person in people.items()}
    new = maker()
    for name in order:
        person = people[name]
        person.go()
        person.bot = new
        person.partner = {"a": "b", "b": "a"}[name] if a.partner else ""  # the host knows either from the other
        person.ask()

    next_one, other = speakers[spoken % 2]
    await next_one.hear()

    assert next_one.turns[-1].text == before[other.dialogue_id][-1]
    assert other.waits
    for person in people.values():
        person.go()


async def test_an_end_before_a_restart_is_told_after_it(arrive: Arrive) -> None:
    """The host says so before it asks; the bot of after the restart has never heard of the partner."""
    a, b = await talking(arrive)
    a.go()
    b.bot = maker()
    b.bot.forget("a", is_finished=True)
    b.say("too late")
    assert b.asked is not None

    assert (await b.asked).ends_dialogue


async def test_a_dialogue_that_no_person_opened_is_refused_in_words() -> None:
    """With a context, both would be asked to begin."""
    silent = Person(maker(), "a")
    silent.ask()

    assert "Set conversation_start_mode to hi." in await silent.failure()


async def test_whoever_stops_waiting_is_nobody_s_partner(arrive: Arrive) -> None:
    """A session that ended in the waiting room, or a study that stops."""
    first = arrive("a")
    await settled()
    first.go()
    await settled()
    second = arrive("b")
    await settled()

    assert second.seen == [Progress.WAITING]
