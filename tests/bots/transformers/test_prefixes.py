import torch

from chateval.bots.transformers._prefixes import Found, Prefix, PrefixStore, joined

BYTES = 2 * 2 * 3 * 4


def prefix(*ids: int) -> Prefix:
    """Of one layer, with a head of two numbers, which say the token."""
    tensor = torch.tensor([[[float(token), float(token)] for token in ids]])
    return Prefix(ids, ((tensor, tensor + 0.5),))


def keep(store: PrefixStore, dialogue_id: str, *ids: int) -> None:
    store.find(dialogue_id, ids)
    store.keep(dialogue_id, prefix(*ids))


def test_the_longest_common_beginning_is_found() -> None:
    """A turn may be written otherwise the second time than it was generated."""
    store = PrefixStore(10**6)
    keep(store, "d", 1, 2, 3)

    assert store.find("d", (1, 2, 9, 4)).tokens == 2


def test_one_token_is_always_left_to_compute() -> None:
    """The scores for the first token of a reply come from it."""
    store = PrefixStore(10**6)
    keep(store, "d", 1, 2, 3)

    assert store.find("d", (1, 2, 3)).tokens == 2


def test_those_used_longest_ago_go_first() -> None:
    """Dialogues that were given up would keep the memory from those that go on."""
    store = PrefixStore(2 * BYTES)
    for name in ("a", "b"):
        keep(store, name, ord(name), 2, 3)
    store.find("a", (ord("a"), 2))
    keep(store, "c", ord("c"), 2, 3)

    assert [store.find(name, (ord(name), 2)).tokens for name in "abc"] == [1, 0, 1]


def test_what_is_larger_than_all_memory_is_not_kept() -> None:
    """Nor does it drive out everything else."""
    store = PrefixStore(BYTES)
    keep(store, "a", 1, 2, 3)
    keep(store, "b", 1, 2, 3, 4)

    assert store.find("a", (1, 2, 3)).prefix == store.find("b", (1, 2, 3)).prefix
    assert store.find("a", (1, 2, 3, 4)).tokens == 3


def test_what_comes_after_a_dialogue_was_forgotten_is_not_kept() -> None:
    """A reply is given before its batch is over, and the dialogue may end meanwhile."""
    store = PrefixStore(10**6)
    store.find("d", (1, 2))
    store.forget("d")
    store.keep("d", prefix(1, 2, 3))

    assert store.find("d", (1, 2, 3)).tokens == 0


def test_rows_end_in_the_same_column() -> None:
    """A model goes on to the right of what it knows."""
    layers, columns = joined([Found(prefix(1, 2, 3), 1), Found(None, 0), Found(prefix(4, 5, 6), 2)])

    keys, values = layers[0]
    assert columns == 2
    assert keys[:, 0, :, 0].tolist() == [[0, 1], [0, 0], [4, 5]]
    assert values[2, 0, :, 1].tolist() == [4.5, 5.5]
