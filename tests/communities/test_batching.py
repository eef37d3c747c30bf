"""One thread does for all who come at the same moment what each would do alone."""

from threading import Event, Thread

from communities.batching import Batches


def together(batches, cases):
    """Each case in a thread of its own; the answers in the order of the cases."""
    answers = [None] * len(cases)

    def ask(number):
        answers[number] = batches.join(cases[number])

    threads = [Thread(target=ask, args=[number]) for number in range(len(cases))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return answers


def test_alone_is_a_batch_of_one():
    batches = Batches(lambda cases: [case * 2 for case in cases], 8)
    assert [batches.join(case) for case in (1, 2, 3)] == [2, 4, 6]


def test_who_comes_while_one_works_is_done_in_the_next_batch_and_gets_their_own_answer():
    seen, first, go = [], Event(), Event()

    def work(cases):
        seen.append(len(cases))
        first.set()
        go.wait(10)
        return [case * 2 for case in cases]

    batches = Batches(work, 4)
    one = Thread(target=batches.join, args=[0])
    one.start()
    first.wait(10)
    later = Thread(target=lambda: answers.extend(together(batches, list(range(1, 11)))))
    answers = []
    later.start()
    while len(batches.waiting) < 10:
        pass
    go.set()
    later.join(10)
    one.join(10)
    assert answers == [case * 2 for case in range(1, 11)]
    assert seen == [1, 4, 4, 2]
    assert not batches.busy


def test_a_batch_that_fails_answers_nothing_and_the_next_one_works():
    def work(cases):
        if "bad" in cases:
            raise ValueError
        return [f"{case} done" for case in cases]

    batches = Batches(work, 8)
    assert batches.join("bad") is None
    assert batches.join("good") == "good done"
    answers = together(batches, ["good"] * 20 + ["bad"])
    assert answers[-1] is None
    assert set(answers) <= {"good done", None}
    assert batches.join("good") == "good done"


def test_what_was_not_done_is_told_to_whom_it_concerns():
    batches = Batches(lambda cases: [None if case % 2 else case for case in cases], 8)
    assert together(batches, list(range(12))) == [None if case % 2 else case for case in range(12)]
