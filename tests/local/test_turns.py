"""Turns are given one at a time, in the order in which they were asked for."""

from threading import Thread

from local.turns import Turns


def test_whoever_asked_first_comes_first() -> None:
    turns, came = Turns(), list[int]()

    def take(number: int) -> None:
        with turns:
            came.append(number)

    threads = [Thread(target=take, args=(number,)) for number in range(5)]
    with turns:
        for number, thread in enumerate(threads):
            thread.start()
            while turns._asked < number + 2:
                pass
    for thread in threads:
        thread.join()

    assert came == [0, 1, 2, 3, 4]


def test_nobody_else_is_in_during_a_turn() -> None:
    turns, inside, most = Turns(), list[int](), list[int]()

    def work() -> None:
        for _ in range(200):
            with turns:
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(most) == 800
    assert set(most) == {1}


def test_an_error_in_a_turn_gives_it_back() -> None:
    turns = Turns()
    try:
        with turns:
            raise ValueError
    except ValueError:
        pass

    with turns:
        pass
