"""Which context a session is given."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from chateval.allocation import ContextStock
from chateval.dialogue import Context

CONTEXTS = tuple(Context(id=str(number), background="Rain.") for number in range(5))


def taken(stock: ContextStock, condition: str = "a", worker: str = "w") -> str:
    context = stock.choose(condition, worker)
    assert context is not None
    stock.note(context.id, condition, worker)
    return context.id


@given(seed=st.integers(), sessions=st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("wxyz")), max_size=40))
def test_none_is_used_twice_before_all_are_used_once(seed: int, sessions: list[tuple[str, str]]) -> None:
    """Whoever comes, and for whatever: a study of 100 sessions and 100 contexts has each of them once."""
    stock = ContextStock(CONTEXTS, seed)
    used: Counter[str] = Counter(context.id for context in CONTEXTS)

    for condition, worker in sessions:
        used[taken(stock, condition, worker)] += 1
        assert max(used.values()) - min(used.values()) <= 1


def test_the_same_history_leads_to_the_same_choice() -> None:
    """A study that was killed goes on as it would have."""
    stock, again = ContextStock(CONTEXTS, 7), ContextStock(CONTEXTS, 7)
    had = [taken(stock) for _ in range(3)]
    for name in had:
        again.note(name, "a", "w")

    assert again.choose("a", "w") == stock.choose("a", "w")


def test_the_order_is_drawn_from_the_seed() -> None:
    orders = {tuple(taken(stock) for _ in CONTEXTS) for stock in (ContextStock(CONTEXTS, seed) for seed in range(30))}

    assert len(orders) > 20


def test_among_equally_used_ones_come_those_new_to_the_condition_then_to_the_worker() -> None:
    """Two bots are compared over the same contexts, and nobody plays one part again without need."""
    pair = CONTEXTS[:2]
    stock = ContextStock(pair, 0)
    first = taken(stock, "a", "w")
    second = taken(stock, "b", "w")
    assert {first, second} == {context.id for context in pair}

    assert taken(stock, "b", "x") == first
    assert taken(stock, "a", "w") == second


def test_a_study_without_contexts_has_none_to_give() -> None:
    assert ContextStock((), 1).choose("a", "w") is None
