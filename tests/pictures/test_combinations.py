"""How many sessions of which picture with which bot: exact, even, and together with what there has been."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from chateval.pictures import Wanted, combination, partner_of, picture_of, plan


def wanted(pictures: int = 3, partners: int = 2, evals: int = 1, most: int | None = None) -> Wanted:
    names = {f"bot{number}": None for number in range(partners)}
    return Wanted([f"p{number}" for number in range(pictures)], names, evals, most)


def test_each_picture_meets_each_bot_so_often() -> None:
    planned = plan(wanted(evals=2), {})

    assert len(planned) == 6
    assert set(planned.values()) == {2}


def test_what_there_has_been_is_not_collected_again() -> None:
    """Nor is a session that was one too many made up for by one too few."""
    planned = plan(wanted(evals=2), {"bot0@p0": 2, "bot1@p0": 1, "bot0@p1": 5})

    assert planned == {"bot1@p0": 1, "bot1@p1": 2, "bot0@p2": 2, "bot1@p2": 2}


def test_a_bot_has_no_more_sessions_than_its_number() -> None:
    planned = plan(Wanted(["p0", "p1", "p2"], {"few": 1, "many": None}, 2, None), {})

    assert sum(number for name, number in planned.items() if partner_of(name) == "few") == 1
    assert sum(number for name, number in planned.items() if partner_of(name) == "many") == 6


def test_names_lead_back_to_their_parts() -> None:
    name = combination("bot1|bot2", "1f38")

    assert (partner_of(name), picture_of(name)) == ("bot1|bot2", "1f38")
    assert picture_of("bot1") == ""


@given(
    pictures=st.integers(1, 12),
    partners=st.integers(1, 4),
    evals=st.integers(1, 3),
    most=st.integers(1, 60) | st.none(),
    data=st.data(),
)
def test_a_plan_is_exact_and_even(
    pictures: int, partners: int, evals: int, most: int | None, data: st.DataObject
) -> None:
    """Whatever has been done: the number is right, nothing is asked twice, and nothing runs ahead of the rest."""
    study = wanted(pictures, partners, evals, most)
    names = [combination(partner, picture) for partner in study.partners for picture in study.pictures]
    done = data.draw(st.fixed_dictionaries({}, optional={name: st.integers(0, 4) for name in names}))

    planned = plan(study, done)

    lacking = sum(max(0, evals - done.get(name, 0)) for name in names)
    assert sum(planned.values()) == (lacking if most is None else min(lacking, most))
    after = {name: done.get(name, 0) + planned.get(name, 0) for name in names}
    assert all(after[name] <= evals for name in planned)
    assert all(after[name] <= min(after.values()) + 1 for name in planned)


@given(pictures=st.integers(1, 30), partners=st.integers(1, 5), most=st.integers(1, 150))
def test_a_part_of_all_combinations_is_spread_over_pictures_and_bots(pictures: int, partners: int, most: int) -> None:
    """Ten conversations about the first picture would say nothing about the others."""
    planned = plan(wanted(pictures, partners, 1, most), {})

    by_picture, by_partner = Counter(map(picture_of, planned)), Counter(map(partner_of, planned))
    assert max(by_picture.values()) - min(by_picture[f"p{number}"] for number in range(pictures)) <= 1
    assert max(by_partner.values()) - min(by_partner[f"bot{number}"] for number in range(partners)) <= partners
