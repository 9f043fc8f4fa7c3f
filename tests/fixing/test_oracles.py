"""Oracles on changes that are wrong on purpose: each says no to what it is there for, and the loop keeps none of them."""

from collections.abc import Iterator

import pytest

from schemas import Check
from secassist.fixing.base import Block, FixError, Proposal, Wanted
from secassist.fixing.blocks import Splice, applied, blocks_of
from secassist.fixing.keeping import kept
from secassist.fixing.loop import Fixer
from tests.fixing.fixtures import detectors, wanted

TEXT = "import hashlib\n\n\ndef digest(data):\n    # one line of prose\n    return hashlib.md5(data).hexdigest()\n"
LINE = "    return hashlib.md5(data).hexdigest()"


class Says:
    """A proposer that writes what it is told to: a model's seat."""

    name = "told"
    last_resort = False

    def __init__(self, *proposals: Proposal) -> None:
        self.proposals = proposals

    def propose(self, wanted: Wanted) -> Iterator[Proposal]:
        yield from self.proposals


def failed(after: str, before: str = LINE) -> set[str]:
    proposal = Proposal("told", (Block(before, after, 6),), "")
    outcome = Fixer(detectors(), [Says(proposal)]).fix(wanted(TEXT, 6, "CWE-328"))
    assert outcome.kept is None
    return {check.name for check in outcome.tried[0].checks if not check.passed}


@pytest.mark.parametrize(
    ("after", "name"),
    [
        ("    return hashlib.sha256(data.hexdigest()", "parses"),
        ("    return hashlib.sha1(data).hexdigest()", "gone"),
        ("    return hashlib.md5(data ).hexdigest()", "gone"),
        ("    return str(eval(data))", "nothing-new"),
        ("    return hashlib.sha256(data).hexdigest()\n" + "    # more\n" * 40, "small"),
    ],
)
def test_a_wrong_change_is_refused(after: str, name: str) -> None:
    assert name in failed(after)


def test_a_changed_signature_is_refused() -> None:
    before = TEXT.split("\n\n\n")[1].rstrip("\n")
    assert "signatures" in failed(before.replace("(data):", "(data, salt):").replace("md5", "sha256"), before)


def test_moving_the_weakness_elsewhere_is_a_new_finding() -> None:
    text = "import hashlib\n\n\ndef one(data):\n    return hashlib.md5(data)\n\n\ndef two(data):\n    return data\n"
    proposal = Proposal(
        "told",
        (
            Block("    return hashlib.md5(data)", "    return two(data)", 5),
            Block("    return data", "    return hashlib.md5(data)", 9),
        ),
        "",
    )
    outcome = Fixer(detectors(), [Says(proposal)]).fix(wanted(text, 5, "CWE-328"))
    assert outcome.kept is None


def test_without_detector_and_judge_nobody_says_that_it_is_gone() -> None:
    text = "def f(x):\n    return x + 1\n"
    proposal = Proposal("told", (Block("    return x + 1", "    return x + 2", 2),), "")
    outcome = Fixer(detectors(), [Says(proposal)]).fix(wanted(text, 2, "CWE-190"))
    assert {check.name for check in outcome.tried[0].checks if not check.passed} == {"gone"}


def test_the_best_liked_and_smallest_accepted_change_is_kept() -> None:
    good = LINE.replace("md5", "sha256")
    said = [
        Proposal("long", (Block(LINE, "    # why\n" + good, 6),), ""),
        Proposal("bad", (Block(LINE, LINE.replace("md5", "sha1"), 6),), ""),
        Proposal("short", (Block(LINE, good, 6),), ""),
        Proposal("disliked", (Block(LINE, good.replace("sha256", "sha512"), 6),), "", 1),
    ]
    outcome = Fixer(detectors(), [Says(*said)], most=4).fix(wanted(TEXT, 6, "CWE-328"))
    assert [tried.change.proposal.name for tried in outcome.tried] == ["short", "long", "disliked", "bad"]
    assert len(Fixer(detectors(), [Says(*said)], most=2).fix(wanted(TEXT, 6, "CWE-328")).tried) == 2


def test_tests_are_run_last_and_only_for_what_everybody_else_accepts() -> None:
    ran = list[str]()

    def tests(change: object) -> Check:
        ran.append("ran")
        return Check(name="tests", passed=False, detail="red")

    good, bad = (Proposal("told", (Block(LINE, LINE.replace("md5", new), 6),), "") for new in ("sha256", "sha1"))
    outcome = Fixer(detectors(), [Says(bad, good)], tests=tests).fix(wanted(TEXT, 6, "CWE-328"))
    assert len(ran) == 1
    assert outcome.kept is None


class TestBlocks:
    def test_the_place_nearest_to_the_line_counts(self) -> None:
        text = "a\nx\nb\nx\nc"
        change = applied(Proposal("p", (Block("x", "y", 4),), ""), text, "t")
        assert change.text == "a\nx\nb\ny\nc"
        assert change.touched == 1

    @pytest.mark.parametrize(
        "blocks",
        [(), (Block("gone", "y", 1),), (Block("a", "a", 1),), (Block("a\nb", "x", 1), Block("b", "y", 2))],
        ids=["none", "not there", "nothing changes", "overlap"],
    )
    def test_what_cannot_be_put_in(self, blocks: tuple[Block, ...]) -> None:
        with pytest.raises(FixError):
            applied(Proposal("p", blocks, ""), "a\nb\nc", "t")

    def test_overlapping_splices(self) -> None:
        with pytest.raises(FixError):
            blocks_of("abcdef", [Splice(0, 4, "x"), Splice(2, 5, "y")])


def test_a_limit_that_stops_the_loop_is_named() -> None:
    two = Says(*(Proposal(value, (Block("x = 1", f"x = {value}", 1),), "other") for value in ("2", "3")))
    asked = Wanted("a.py", "python", "x = 1\n", 1, 1, "CWE-78")
    assert [Fixer({}, [two], most=most).fix(asked).advice for most in (1, 2)] == [
        ("stopped after 1 changes; there are more to try (--k)",),
        (),
    ]


LOADED = "    var n = Load();"
BODY = f"    var r = new Random();\n{LOADED}\n    Use(r.Next(5), n);"
CSHARP = f"class A {{ void F() {{\n{BODY}\n}} }}\n"
DRAWN = "System.Security.Cryptography.RandomNumberGenerator.GetInt32(5)"


@pytest.mark.parametrize(
    ("before", "after", "passed"),
    [
        (BODY, f"{LOADED}\n    Use({DRAWN}, n);", True),
        (BODY, f"{LOADED}\n    Use(5, n);", False),
        (f"{LOADED}\n    Use(r.Next(5), n);", "    Use(r.Next(5), 0);", False),
    ],
    ids=["drawn elsewhere", "not drawn any more", "another assignment"],
)  # fmt: skip
def test_only_a_generator_may_go_and_only_where_each_draw_has_a_successor(
    before: str, after: str, passed: bool
) -> None:
    place = Wanted("unit.cs", "csharp", CSHARP, 2, 2, "CWE-330")
    change = applied(Proposal("told", (Block(before, after, 2),), ""), CSHARP, "told")
    assert kept(change, place).passed is passed
