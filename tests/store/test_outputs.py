"""What is stale, in which order it goes public, and marks that come while it is made."""

from __future__ import annotations

from factories import a_stored_release
from feedd.store import Store, outputs
from feedd.store.outputs import Output


def test_an_unknown_output_is_stale_from_its_first_mark(store: Store) -> None:
    with store.begin() as conn:
        outputs.mark(conn, [Output("index.html", 3)])
        assert [s.path for s in outputs.stale(conn, 10)] == ["index.html"]


def test_originals_and_pages_come_before_feeds_and_these_before_lists(store: Store) -> None:
    with store.begin() as conn:
        outputs.mark(conn, [Output("index.html", 3), Output("feeds/all.atom", 2), Output("releases/x/index.html", 1)])
        assert [s.path for s in outputs.stale(conn, 10)] == ["releases/x/index.html", "feeds/all.atom", "index.html"]


def test_what_is_written_is_stale_no_longer(store: Store, now) -> None:
    with store.begin() as conn:
        outputs.mark(conn, [Output("index.html", 3)])
        outputs.written(conn, outputs.stale(conn, 10), now)
        assert outputs.stale(conn, 10) == []
        assert outputs.count_stale(conn) == 0


def test_a_mark_made_while_an_output_is_written_is_not_lost(store: Store, now) -> None:
    with store.begin() as conn:
        outputs.mark(conn, [Output("index.html", 3)])
        in_work = outputs.stale(conn, 10)
        outputs.mark_paths(conn, ["index.html"])
        outputs.written(conn, in_work, now)
        assert [s.path for s in outputs.stale(conn, 10)] == ["index.html"]


def test_marking_paths_leaves_others_alone(store: Store, now) -> None:
    with store.begin() as conn:
        outputs.mark(conn, [Output("a", 1), Output("b", 1)])
        outputs.written(conn, outputs.stale(conn, 10), now)
        outputs.mark_paths(conn, ["b"])
        assert [s.path for s in outputs.stale(conn, 10)] == ["b"]


def test_the_limit_cuts_the_list_not_the_order(store: Store) -> None:
    with store.begin() as conn:
        outputs.mark(conn, [Output(f"p{n}", 3 - n) for n in range(3)])
        assert [s.path for s in outputs.stale(conn, 2)] == ["p2", "p1"]


def test_outputs_of_a_higher_rank_can_be_left_out(store: Store) -> None:
    with store.begin() as conn:
        outputs.mark(conn, [Output("index.html", 3), Output("releases/x/index.html", 1)])
        assert [s.path for s in outputs.stale(conn, 10, up_to=1)] == ["releases/x/index.html"]


def test_an_output_knows_its_release(store: Store) -> None:
    with store.begin() as conn:
        id = a_stored_release(conn)
        outputs.mark(conn, [Output("releases/x/index.html", 1, id)])
        assert outputs.owners(conn) == [("releases/x/index.html", id)]


def test_a_forgotten_output_is_gone(store: Store) -> None:
    with store.begin() as conn:
        outputs.mark(conn, [Output("a", 1), Output("b", 1)])
        outputs.forget(conn, ["a"])
        assert outputs.paths(conn) == ["b"]
